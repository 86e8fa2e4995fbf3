import { money, price, qty } from '../lib/units.ts';
import { slippagePct, slippageQuote } from './slippage.ts';

test.each([
  ['BUY', '101', 1],
  ['BUY', '99', -1],
  ['SELL', '99', 1],
  ['SELL', '101', -1],
  ['BUY', '100', 0],
] as const)(
  'a %s at %s instead of 100 has slipped by %d %% (RSK-101, EXE-30)',
  (side, actual, pct) => {
    expect(slippagePct(side, { expected: price('100'), actual: price(actual) })).toBe(pct);
  },
);

test.each([
  ['BUY', '202', '2'],
  ['SELL', '202', '-2'],
  ['SELL', '199', '1'],
  ['BUY', '200', '0'],
] as const)('a %s of 2 for %s that was to be 200 has cost %s (EXE-30)', (side, quote, cost) => {
  const filled = { expected: price('100'), quantity: qty('2'), quote: money(quote) };
  expect(slippageQuote(side, filled)).toBe(money(cost));
});

test('what has no expected price has no slippage: unknown is null and not 0 (EXE-30)', () => {
  const none = price('0');
  expect(slippagePct('BUY', { expected: none, actual: price('1') })).toBeNull();
  expect(
    slippageQuote('BUY', { expected: none, quantity: qty('1'), quote: money('1') }),
  ).toBeNull();
});
