import { money, price, qty } from '@tradewind/core/lib/units';
import fc from 'fast-check';
import {
  fixed,
  formatAge,
  formatDuration,
  formatMoney,
  formatNumber,
  formatPercent,
  formatPnl,
  formatPrice,
  formatQty,
} from './format.ts';

test.each([
  ['0', 2, '0.00'],
  ['0.005', 2, '0.01'],
  ['-0.004', 2, '0.00'],
  ['-0.005', 2, '\u22120.01'],
  ['1234567.891', 2, '1,234,567.89'],
  ['999.999', 2, '1,000.00'],
  ['12', 0, '12'],
])('%s with %i decimals is %s', (text, decimals, shown) => {
  expect(fixed(money(text), decimals)).toBe(shown);
});

test('prop: rounding for display is never more than half a cent off', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (scaled) => {
      const text = `${scaled < 0n ? '-' : ''}${(scaled < 0n ? -scaled : scaled)
        .toString()
        .padStart(19, '0')
        .replace(/(\d{18})$/, '.$1')}`;
      const value = money(text);
      const shown = money(fixed(value, 2).replaceAll(',', '').replace('\u2212', '-'));
      const off = shown > value ? shown - value : value - shown;
      expect(off <= 5n * 10n ** 15n).toBe(true);
    }),
  );
});

test('UI-04 profit and loss carry sign and currency, and unknown is a dash', () => {
  expect(formatPnl(money('1.5'), 'USDT')).toBe('+1.50 USDT');
  expect(formatPnl(money('-1.5'), 'USDT')).toBe('\u22121.50 USDT');
  expect(formatPnl(money('0'), 'USDT')).toBe('0.00 USDT');
  expect(formatMoney(undefined, 'USDT')).toBe('–');
  expect(formatPercent(undefined)).toBe('–');
  expect(formatNumber(Number.NaN, 2)).toBe('–');
});

test('UI-04 prices follow the venue’s tick, four decimals where it is not known', () => {
  expect(formatPrice(price('1.5'), price('0.001'))).toBe('1.500');
  expect(formatPrice(price('1.5'), undefined)).toBe('1.5000');
  expect(formatPrice(null, undefined)).toBe('–');
  expect(formatQty(qty('1234.50'))).toBe('1,234.5');
});

test('UI-31 durations read as hours, minutes and seconds', () => {
  expect(formatDuration(3_852_000)).toBe('1h 04m 12s');
  expect(formatDuration(12_000)).toBe('12s');
  expect(formatDuration(183_600_000)).toBe('2d 03h');
  expect(formatAge(23_000)).toBe('23 s');
});
