/** A round trip as statistics see it: floats in quote currency. They describe, and decide nothing. */
export type TradeSample = {
  readonly strategyId: string;
  readonly symbol: string;
  readonly exitReason: string;
  /** Epoch milliseconds. */
  readonly openedAt: number;
  readonly closedAt: number;
  /** What the entries cost and the exits brought, before fees. */
  readonly entryValue: number;
  readonly exitValue: number;
  readonly fees: number;
  /** Before and after fees and funding. */
  readonly grossPnl: number;
  readonly netPnl: number;
  /** PF-50: a trade within its own fees is flat. */
  readonly outcome: 'profitable' | 'loss' | 'flat';
  /** Quote currency at risk between entry and initial stop; `null` without a stop. */
  readonly risk: number | null;
  /** Fills against the prices that were decided on, percent, positive = worse; `null` where not known. */
  readonly slippagePct: number | null;
};

/** Equity at the end of a day or an hour that began `at`, epoch milliseconds. */
export type EquityPoint = { readonly at: number; readonly equity: number };

/** All that statistics are made of: a backtest's result, or any other record of trading. */
export type Sample = {
  readonly initialBalance: number;
  readonly finalBalance: number;
  /** What is traded over `[from, to]`, epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly trades: readonly TradeSample[];
  /** The UTC days and hours that have any equity, oldest first. */
  readonly daily: readonly EquityPoint[];
  readonly hourly: readonly EquityPoint[];
  /** Largest fall from a peak, and the longest time from a peak to the next. */
  readonly drawdown: {
    readonly maxPct: number;
    readonly maxQuote: number;
    readonly longestMs: number;
  };
  /** Share of closes with an open position; value of open positions over equity, on average and at most. All of 1. */
  readonly exposure: {
    readonly timeShare: number;
    readonly average: number;
    readonly highest: number;
  };
};
