import { watchWinRate } from './win-rate.ts';

const trades = (won: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    outcome: index < won ? ('profitable' as const) : ('loss' as const),
  }));

test.each([
  [49, 49, 'unknown'],
  [30, 50, 'ok'],
  [29, 50, 'warn'],
  // 51 %: nine points under the 60 that are expected, then ten.
  [26, 50, 'warn'],
  [25, 50, 'pause'],
  [0, 50, 'pause'],
])('STR-72 %d wins of %d trades: %s', (won, count, verdict) => {
  expect(watchWinRate(trades(won, count), { expectedWinRatePct: 60 }).verdict).toBe(verdict);
});

test('STR-72 only the last 50 trades count, and one that broke even is no win', () => {
  const early = trades(100, 100);
  const late = trades(20, 50).map((trade, index) =>
    index === 0 ? { outcome: 'flat' as const } : trade,
  );
  expect(watchWinRate([...early, ...late], { expectedWinRatePct: 60 })).toEqual({
    verdict: 'pause',
    trades: 50,
    winRatePct: 38,
    expectedPct: 60,
  });
});
