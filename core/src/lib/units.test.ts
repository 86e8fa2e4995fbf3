import fc from 'fast-check';
import {
  addMoney,
  averagePrice,
  formatDecimal,
  maxMoney,
  minMoney,
  money,
  moneyFromFloat,
  movePrice,
  notional,
  parseMoney,
  parsePrice,
  parseQty,
  price,
  priceFromFloat,
  qty,
  qtyFor,
  quoteMoney,
  roundPrice,
  roundQty,
  shareOf,
  subMoney,
  subQty,
  sumMoney,
  toNumber,
} from './units.ts';

const decimalText = fc
  .tuple(
    fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
    fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }),
  )
  .map(([whole, fraction]) => `${whole}.${fraction.toString().padStart(18, '0')}`);

describe('ARC-21 money is exact decimal text of at most 18 decimals', () => {
  test('prop: format after parse is the same number', () => {
    fc.assert(
      fc.property(decimalText, (text) => {
        const value = money(text);
        expect(money(formatDecimal(value))).toBe(value);
      }),
    );
  });

  test('prop: a short text is the same number as a long one of the same digits', () => {
    const short = fc.stringMatching(/^\d{1,9}(\.\d{1,7})?$|^\d{14,16}$/);
    fc.assert(
      fc.property(short, (text) => {
        const long = `${text.includes('.') ? text : `${text}.`}${'0'.repeat(18)}`;
        expect(money(text)).toBe(money(long));
      }),
    );
  });

  test.each([
    ['0.00012300', '0.000123'],
    ['-1.50', '-1.5'],
    ['100', '100'],
    ['0', '0'],
    ['0.000000000000000001', '0.000000000000000001'],
  ])('%s is written %s', (text, canonical) => {
    expect(formatDecimal(money(text))).toBe(canonical);
  });

  test.each([
    '',
    'abc',
    '1e5',
    '1.',
    '.5',
    '.',
    '1.2.3',
    '+1',
    'NaN',
    'Infinity',
    '1,5',
    ' 1',
    '0.0000000000000000001',
  ])('refuses "%s"', (text) => {
    expect(parseMoney(text).ok).toBe(false);
  });

  test('refuses a negative price and a negative quantity', () => {
    expect(parsePrice('-1').ok).toBe(false);
    expect(parseQty('-0.1').ok).toBe(false);
    expect(parseMoney('-0.1').ok).toBe(true);
  });
});

test('a notional of venue precision is exact both ways', () => {
  const px = price('50123.45');
  expect(notional(px, qty('0.00123'), 'floor')).toBe(money('61.6518435'));
  expect(notional(px, qty('0.00123'), 'ceil')).toBe(money('61.6518435'));
});

test('prop: what an amount buys never costs more than the amount', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 10n ** 9n }),
      fc.bigInt({ min: 1n, max: 10n ** 9n }),
      (cents, tenths) => {
        const amount = money(`${cents / 100n}.${(cents % 100n).toString().padStart(2, '0')}`);
        const px = price(`${tenths / 10n}.${tenths % 10n}`);
        expect(notional(px, qtyFor(amount, px, 'floor'), 'ceil') <= amount).toBe(true);
      },
    ),
  );
});

test('prop: a share and its rest add up to the whole', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 6n }), fc.nat(1_000_000), (whole, seed) => {
      const all = qty(whole.toString());
      const part = qty((BigInt(seed) % (whole + 1n)).toString());
      const amount = money('123.456789');
      const share = shareOf(amount, { part, whole: all }, 'floor');
      expect(addMoney(share, subMoney(amount, share))).toBe(amount);
      expect(share <= amount && share >= 0n).toBe(true);
    }),
  );
});

test('rounding to the grid goes the way it is told, also on the grid', () => {
  expect(roundPrice(price('10.126'), price('0.01'), 'floor')).toBe(price('10.12'));
  expect(roundPrice(price('10.126'), price('0.01'), 'ceil')).toBe(price('10.13'));
  expect(roundQty(qty('0.12'), qty('0.01'), 'floor')).toBe(qty('0.12'));
});

test('moving a price by percent is exact to a millionth of a percent', () => {
  expect(movePrice(price('50000'), -0.5, 'floor')).toBe(price('49750'));
  expect(movePrice(price('50500'), -0.5, 'floor')).toBe(price('50247.5'));
});

test('a float becomes a price through its shortest decimal form', () => {
  expect(priceFromFloat(0.1, 'floor')).toBe(price('0.1'));
  expect(priceFromFloat(1e-7, 'floor')).toBe(price('0.0000001'));
  expect(priceFromFloat(12345.678, 'ceil')).toBe(price('12345.678'));
  expect(() => priceFromFloat(Number.NaN, 'floor')).toThrow('finite');
  expect(() => priceFromFloat(-1, 'floor')).toThrow('>= 0');
});

test('an average price times its quantity is the cost, up to rounding', () => {
  expect(averagePrice(money('100'), qty('3'), 'floor')).toBe(price('33.333333333333333333'));
  expect(toNumber(price('33.333333333333333333'))).toBeCloseTo(33.3333, 4);
});

test('a quantity cannot fall below zero', () => {
  expect(() => subQty(qty('1'), qty('1.1'))).toThrow('Invariant');
});

test('amounts are compared and added up with their sign', () => {
  expect(maxMoney(money('-2'), money('1'))).toBe(money('1'));
  expect(minMoney(money('-2'), money('1'))).toBe(money('-2'));
  expect(sumMoney([money('1.5'), money('-2'), money('0.25')])).toBe(money('-0.25'));
  expect(sumMoney([])).toBe(0n);
});

test('a quantity of quote currency is an amount of it', () => {
  expect(quoteMoney(qty('0.11'))).toBe(money('0.11'));
});

describe('the short ways are the long ones', () => {
  const decimals = 10n ** 18n;
  /** Text of a scaled integer, digit by digit. */
  const longText = (value: bigint): string => {
    const size = value < 0n ? -value : value;
    const fraction = String(size % decimals)
      .padStart(18, '0')
      .replace(/0+$/, '');
    return `${value < 0n ? '-' : ''}${size / decimals}${fraction === '' ? '' : `.${fraction}`}`;
  };
  /** Scaled integer of the shortest decimal form of a float, which has at most 18 decimals. */
  const longValue = (x: number): bigint => {
    const [mantissa = '', exponent = ''] = x.toExponential().split('e');
    const [whole = '', fraction = ''] = mantissa.split('.');
    return BigInt(whole + fraction) * 10n ** BigInt(Number(exponent) - fraction.length + 18);
  };
  const few = fc
    .tuple(fc.bigInt({ min: -(2n ** 54n), max: 2n ** 54n }), fc.integer({ min: 0, max: 18 }))
    .map(([digits, zeros]) => digits * 10n ** BigInt(zeros));

  test('prop: text and float of any amount, of few decimals or many', () => {
    fc.assert(
      fc.property(fc.oneof(few, fc.bigInt({ min: -(10n ** 33n), max: 10n ** 33n })), (scaled) => {
        const value = money(longText(scaled));
        expect(value).toBe(scaled);
        expect(formatDecimal(value)).toBe(longText(scaled));
        const nearest = Number(longText(scaled));
        expect(Math.abs(toNumber(value) - nearest)).toBeLessThanOrEqual(
          Math.abs(nearest) * Number.EPSILON,
        );
      }),
    );
  });

  const venuesOwn = fc.oneof(
    fc.bigInt({ min: -(2n ** 53n) + 1n, max: 2n ** 53n - 1n }).map((steps) => steps * 10n ** 10n),
    fc.bigInt({ min: 0n, max: 10n ** 10n }).map((steps) => steps * 10n ** 6n),
  );

  test('prop: of figures as venues have them the nearest float is told', () => {
    fc.assert(
      fc.property(venuesOwn, (scaled) => {
        expect(Object.is(toNumber(money(longText(scaled))), Number(longText(scaled)))).toBe(true);
      }),
    );
  });

  test('prop: the amount of any float, through its shortest decimal form', () => {
    const few = fc
      .tuple(fc.integer({ min: -(10 ** 15), max: 10 ** 15 }), fc.integer({ min: 0, max: 9 }))
      .map(([digits, places]) => digits / 10 ** places);
    const anyFloat = fc.double({ min: 1e-2, max: 1e20, noNaN: true });
    fc.assert(
      fc.property(fc.oneof(few, anyFloat), (x) => {
        fc.pre(x === 0 || Math.abs(x) >= 1e-2);
        expect(moneyFromFloat(x, 'floor')).toBe(longValue(x));
      }),
    );
  });

  test.each([
    ['7', '-2', 'floor', '-3.5'],
    ['7', '-3', 'floor', '-2.333333333333333334'],
    ['7', '-3', 'ceil', '-2.333333333333333333'],
    ['7', '3', 'ceil', '2.333333333333333334'],
  ] as const)('%s over %s is rounded on the number line (%s)', (a, b, rounding, wanted) => {
    const sign = b.startsWith('-') ? '-' : '';
    expect(averagePrice(money(`${sign}${a}`), qty(b.replace('-', '')), rounding)).toBe(
      money(wanted),
    );
  });
});
