import fc from 'fast-check';
import { MAX_BINS } from './breakdown.ts';
import { sampleWith, tradeOf, tradesOf } from './sample-testing.ts';
import type { TradeSample } from './sample.ts';
import { statisticsOfSample } from './statistics.ts';

/** A float that is this but for its last digits. */
const near = (value: number): unknown => expect.closeTo(value, 9);

test('months run from the close of the last day of the one before', () => {
  const daily = [
    { at: Date.UTC(2026, 0, 30), equity: 10_500 },
    { at: Date.UTC(2026, 0, 31), equity: 11_000 },
    { at: Date.UTC(2026, 1, 1), equity: 12_000 },
    { at: Date.UTC(2026, 1, 28), equity: 9_900 },
  ];
  expect(statisticsOfSample(sampleWith({ daily })).monthly).toEqual([
    { year: 2026, month: 1, returnPct: near(10) },
    { year: 2026, month: 2, returnPct: near(-10) },
  ]);
});

describe('distribution of returns', () => {
  const distributionOf = (trades: readonly TradeSample[]) =>
    statisticsOfSample(sampleWith({ trades })).distribution;

  test('none without trades, one bin for one trade, quantiles between neighbours', () => {
    expect(distributionOf([])).toEqual({ bins: [], quantiles: null });
    expect(distributionOf(tradesOf(10)).bins).toHaveLength(1);
    expect(distributionOf(tradesOf(0, 10, 20, 30, 40)).quantiles).toMatchObject({
      p25: near(1),
      p50: near(2),
      p95: near(3.8),
    });
  });

  test('prop: every trade is in one bin, and there are never too many', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -900, max: 5_000, noNaN: true }), { minLength: 1 }),
        (pnls) => {
          const { bins } = distributionOf(tradesOf(...pnls));
          expect(bins.length).toBeLessThanOrEqual(MAX_BINS);
          expect(bins.reduce((total, { trades }) => total + trades, 0)).toBe(pnls.length);
        },
      ),
    );
  });
});

test('trades are told by symbol, strategy and reason, the best first', () => {
  const trades = [
    tradeOf(10, { symbol: 'A-USDT', exitReason: 'ZE1' }),
    tradeOf(-30, { symbol: 'A-USDT', exitReason: 'stop_loss' }),
    tradeOf(5, { symbol: 'B-USDT', strategyId: 'other' }),
  ];
  const { bySymbol, byStrategy, byExitReason } = statisticsOfSample(sampleWith({ trades }));
  const told = (groups: typeof bySymbol) =>
    groups.map(({ key, netPnl, totalTrades }) => [key, netPnl, totalTrades]);
  expect(told(bySymbol)).toEqual([
    ['B-USDT', 5, 1],
    ['A-USDT', -20, 2],
  ]);
  expect(told(byStrategy)).toEqual([
    ['other', 5, 1],
    ['sma-cross', -20, 2],
  ]);
  expect(told(byExitReason)).toEqual([
    ['ZE1', 15, 2],
    ['stop_loss', -30, 1],
  ]);
});
