import fc from 'fast-check';
import { movePrice, price, type Price } from '../lib/units.ts';
import { armProtection, effectiveStop, onPrice, rearmProtection } from './protection.ts';
import type { Position, Protection } from './position.ts';

const PCTS = {
  stopLossPct: 5,
  takeProfitPct: 10,
  trailingStopPct: 0.5,
  stopAt: null,
  targetAt: null,
};
const WITHOUT_TRAIL = { ...PCTS, trailingStopPct: null };

const after = (
  protection: Protection,
  side: Position['side'],
  prices: readonly string[],
): ReturnType<typeof onPrice> =>
  prices.reduce<ReturnType<typeof onPrice>>(
    (seen, px) => onPrice(seen.protection, side, price(px)),
    {
      protection,
      trigger: null,
    },
  );

describe('PF-T07 a trailing stop follows the price', () => {
  test('PF-42 the worked example: 50,000, 50,500, 51,000, then 50,745 exits', () => {
    const armed = armProtection(price('50000'), PCTS, 'LONG');
    expect(armed.trailingStop).toBe(price('49750'));
    expect(after(armed, 'LONG', ['50500']).protection.trailingStop).toBe(price('50247.5'));
    const high = after(armed, 'LONG', ['50500', '51000']);
    expect(high.protection.trailingStop).toBe(price('50745'));
    expect(high.trigger).toBeNull();
    expect(onPrice(high.protection, 'LONG', price('50745.01')).trigger).toBeNull();
    expect(onPrice(high.protection, 'LONG', price('50745')).trigger).toBe('trailing_stop');
  });

  test('and mirrors for a SHORT', () => {
    const armed = armProtection(price('50000'), PCTS, 'SHORT');
    expect(armed).toMatchObject({
      stopLoss: price('52500'),
      takeProfit: price('45000'),
      trailingStop: price('50250'),
    });
    const low = after(armed, 'SHORT', ['49000']);
    expect(low.protection).toMatchObject({
      highest: price('49000'),
      trailingStop: price('49245'),
    });
    expect(onPrice(low.protection, 'SHORT', price('49245')).trigger).toBe('trailing_stop');
    expect(onPrice(low.protection, 'SHORT', price('49244.99')).trigger).toBeNull();
  });
});

test.each([
  ['95.01', null],
  ['95', 'stop_loss'],
  ['10', 'stop_loss'],
  ['109.99', null],
  ['110', 'take_profit'],
  ['500', 'take_profit'],
])('PF-48 a LONG from 100 with stop 5 %% and target 10 %%: at %s it does %s', (px, trigger) => {
  const armed = armProtection(price('100'), WITHOUT_TRAIL, 'LONG');
  expect(onPrice(armed, 'LONG', price(px)).trigger).toBe(trigger);
});

test.each([
  ['104.99', null],
  ['105', 'stop_loss'],
  ['90.01', null],
  ['90', 'take_profit'],
])('PF-48 a SHORT from 100: at %s it does %s', (px, trigger) => {
  const armed = armProtection(price('100'), WITHOUT_TRAIL, 'SHORT');
  expect(onPrice(armed, 'SHORT', price(px)).trigger).toBe(trigger);
});

test('PF-48 the stop beats the target when a price satisfies both', () => {
  const crossed: Protection = {
    ...armProtection(price('100'), WITHOUT_TRAIL, 'LONG'),
    stopLoss: price('120'),
  };
  expect(onPrice(crossed, 'LONG', price('115')).trigger).toBe('stop_loss');
});

test('PF-T08 with a stop of 0.3 % and a trail of 0.5 % the tighter one holds', () => {
  const armed = armProtection(price('100'), { ...PCTS, stopLossPct: 0.3 }, 'LONG');
  expect(effectiveStop(armed, 'LONG')).toEqual({ price: price('99.7'), reason: 'stop_loss' });
  const { protection } = onPrice(armed, 'LONG', price('101'));
  expect(effectiveStop(protection, 'LONG')).toEqual({
    price: price('100.495'),
    reason: 'trailing_stop',
  });
});

test('PF-47 a stop that was tightened is not loosened by the distance it had before', () => {
  const armed = armProtection(price('100'), PCTS, 'LONG');
  const tightened = { ...armed, trailingStop: price('99.9') };
  expect(onPrice(tightened, 'LONG', price('100.1')).protection.trailingStop).toBe(price('99.9'));
});

test('a price of zero is no price', () => {
  const armed = armProtection(price('100'), PCTS, 'LONG');
  expect(onPrice(armed, 'LONG', price('0'))).toEqual({ protection: armed, trigger: null });
});

const anyPrice = fc
  .integer({ min: 1, max: 20_000_000 })
  .map((cents): Price => price((cents / 100).toFixed(2)));
const anySide = fc.constantFrom<Position['side']>('LONG', 'SHORT');

test('prop: PF-40 stops only ever move in favour, whatever the prices', () => {
  fc.assert(
    fc.property(anySide, anyPrice, fc.array(anyPrice, { maxLength: 40 }), (side, entry, prices) => {
      const isTighter = (next: Price, before: Price): boolean =>
        side === 'LONG' ? next >= before : next <= before;
      prices.reduce(
        (before, px) => {
          const { protection } = onPrice(before, side, px);
          expect(isTighter(protection.trailingStop ?? entry, before.trailingStop ?? entry)).toBe(
            true,
          );
          expect(isTighter(protection.highest, before.highest)).toBe(true);
          expect(protection.stopLoss).toBe(before.stopLoss);
          return protection;
        },
        armProtection(entry, PCTS, side),
      );
    }),
  );
});

test('prop: PF-41 a trigger comes exactly when the price reached the effective stop or the target', () => {
  fc.assert(
    fc.property(anySide, anyPrice, fc.array(anyPrice, { maxLength: 20 }), (side, entry, prices) => {
      prices.reduce(
        (before, px) => {
          const { protection, trigger } = onPrice(before, side, px);
          const stop = effectiveStop(protection, side).price;
          const isStopped = side === 'LONG' ? px <= stop : px >= stop;
          const isDone =
            side === 'LONG' ? px >= protection.takeProfit : px <= protection.takeProfit;
          expect(trigger !== null).toBe(isStopped || isDone);
          expect(trigger === 'take_profit').toBe(isDone && !isStopped);
          return protection;
        },
        armProtection(entry, PCTS, side),
      );
    }),
  );
});

test('prop: a stop is never farther away than its percentage', () => {
  fc.assert(
    fc.property(anyPrice, fc.integer({ min: 1, max: 5_000 }), (entry, hundredths) => {
      const pct = hundredths / 100;
      const pcts = { ...WITHOUT_TRAIL, stopLossPct: pct };
      const long = armProtection(entry, pcts, 'LONG').stopLoss;
      expect(long >= movePrice(entry, -pct, 'floor')).toBe(true);
      const short = armProtection(entry, pcts, 'SHORT').stopLoss;
      expect(short <= movePrice(entry, pct, 'ceil')).toBe(true);
    }),
  );
});

describe('STR-03 levels that the strategy named', () => {
  const named = (stop: string | null, target: string | null) => ({
    ...WITHOUT_TRAIL,
    stopAt: stop === null ? null : price(stop),
    targetAt: target === null ? null : price(target),
  });

  test.each([
    ['LONG', '97', '97'],
    ['LONG', '95', '95'],
    ['LONG', '90', '95'],
    ['SHORT', '103', '103'],
    ['SHORT', '110', '105'],
    // A fill that slipped beyond its stop exits with the next price.
    ['LONG', '101', '101'],
  ] as const)('a %s from 100 with a stop at %s and 5 %% is stopped at %s', (side, at, stop) => {
    expect(armProtection(price('100'), named(at, null), side).stopLoss).toBe(price(stop));
  });

  test.each([
    ['LONG', '102', '102'],
    ['LONG', '130', '130'],
    ['LONG', null, '110'],
    ['SHORT', '98', '98'],
    ['SHORT', null, '90'],
  ] as const)('a %s from 100 with a target at %s takes its profit at %s', (side, at, target) => {
    expect(armProtection(price('100'), named(null, at), side).takeProfit).toBe(price(target));
  });

  test('PF-44 a further fill keeps them, and takes over those that its own order names', () => {
    const armed = armProtection(price('100'), named('97', '104'), 'LONG');
    const further = { averageEntry: price('99'), px: price('98'), side: 'LONG' } as const;
    const without = rearmProtection(armed, { ...further, levels: named(null, null) });
    expect(without).toMatchObject({ stopLoss: price('97'), takeProfit: price('104') });
    const wider = rearmProtection(armed, { ...further, levels: named('96', '106') });
    expect(wider).toMatchObject({ stopLoss: price('97'), takeProfit: price('106') });
    const tighter = rearmProtection(armed, { ...further, levels: named('97.5', null) });
    expect(tighter).toMatchObject({ stopLoss: price('97.5'), takeProfit: price('104') });
  });

  test('STR-70 the trailing stop takes over once it is the tighter one', () => {
    const armed = armProtection(
      price('100'),
      { ...PCTS, stopAt: price('99.75'), targetAt: null },
      'LONG',
    );
    expect(effectiveStop(armed, 'LONG').price).toBe(price('99.75'));
    const { protection } = onPrice(armed, 'LONG', price('100.5'));
    expect(effectiveStop(protection, 'LONG')).toEqual({
      price: price('99.9975'),
      reason: 'trailing_stop',
    });
  });
});
