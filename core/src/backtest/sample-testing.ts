import type { Sample, TradeSample } from './sample.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const START = Date.UTC(2026, 0, 1);

/** A trade of 1,000 that was held for an hour and cost 2 in fees, with this net P&L. */
export function tradeOf(netPnl: number, change: Partial<TradeSample> = {}): TradeSample {
  const fees = change.fees ?? 2;
  const outcome = Math.abs(netPnl) <= fees ? 'flat' : netPnl > 0 ? 'profitable' : 'loss';
  return {
    strategyId: 'sma-cross',
    symbol: 'BTC-USDT',
    exitReason: 'ZE1',
    openedAt: START,
    closedAt: START + HOUR,
    entryValue: 1_000,
    exitValue: 1_000 + netPnl + fees,
    fees,
    grossPnl: netPnl + fees,
    netPnl,
    outcome,
    risk: null,
    slippagePct: null,
    ...change,
  };
}

/** Trades one after the other, an hour each, with these net P&Ls. */
export const tradesOf = (...pnls: readonly number[]): readonly TradeSample[] =>
  pnls.map((pnl, index) =>
    tradeOf(pnl, { openedAt: START + index * HOUR, closedAt: START + (index + 1) * HOUR }),
  );

/** A hundred days that began with 10,000 and ended where they began, unless told otherwise. */
export function sampleWith(change: Partial<Sample> = {}): Sample {
  return {
    initialBalance: 10_000,
    finalBalance: 10_000,
    from: START,
    to: START + 100 * DAY,
    trades: [],
    daily: [],
    hourly: [],
    drawdown: { maxPct: 0, maxQuote: 0, longestMs: 0 },
    exposure: { timeShare: 0, average: 0, highest: 0 },
    ...change,
  };
}

/** Equity that makes these returns of 10,000, one in each `length`. */
export const pathOf = (returns: readonly number[], length: number) => {
  let equity = 10_000;
  return returns.map((value, index) => {
    equity *= 1 + value;
    return { at: START + index * length, equity };
  });
};
