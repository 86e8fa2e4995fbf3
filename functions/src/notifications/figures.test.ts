import { money, price } from '@tradewind/core/lib/units';
import { duration, shown, signed, signedPct, slippageText } from './figures.ts';

test.each([
  ['100', '100'],
  ['0.000000019', '0.00000001'],
  ['1.123456789123', '1.12345678'],
])('%s is shown as %s', (text, expected) => {
  expect(shown(price(text))).toBe(expected);
});

test.each([
  ['0.745', '+0.745'],
  ['-2.5', '-2.50'],
  ['0', '0.00'],
  ['12345.6', '+12345.60'],
])('a result of %s is shown as %s', (text, expected) => {
  expect(signed(money(text))).toBe(expected);
});

test.each([
  [1.49, '+1.49 %'],
  [-5, '-5.00 %'],
  [0, '0.00 %'],
])('%d percent is shown as %s', (pct, expected) => {
  expect(signedPct(pct)).toBe(expected);
});

test.each([
  [999, '1 s'],
  [59_000, '59 s'],
  [125_000, '2 min 5 s'],
  [7_500_000, '2 h 5 min'],
])('%d ms is %s', (ms, expected) => {
  expect(duration(ms)).toBe(expected);
});

test.each([
  [0.091, '0.09 % worse than expected'],
  [-0.5, '0.50 % better than expected'],
  [0, '0.00 %'],
  [0.001, '0.00 %'],
])('RSK-101 a slippage of %d percent is worded %s', (pct, expected) => {
  expect(slippageText(pct)).toBe(expected);
});
