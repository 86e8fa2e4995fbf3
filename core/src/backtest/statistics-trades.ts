import type { TradeSample } from './sample.ts';

/** What can be told of a list of round trips alone. `null` = not defined for these. */
export type TradeStatistics = {
  readonly totalTrades: number;
  readonly winning: number;
  readonly losing: number;
  readonly flat: number;
  readonly winRate: number | null;
  readonly averageWin: number | null;
  readonly averageLoss: number | null;
  readonly payoffRatio: number | null;
  readonly profitFactor: number | null;
  readonly expectancy: number | null;
  readonly expectancyR: number | null;
  readonly bestTrade: number | null;
  readonly worstTrade: number | null;
  readonly longestLosingStreak: number;
  readonly averageHoldMs: number | null;
  readonly slippageAveragePct: number | null;
  readonly fees: number;
  readonly feeShare: number | null;
};

export const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

/** `null` when there are none. */
export const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : sum(values) / values.length;

/** `null` where the divisor is not above zero. */
export const ratio = (part: number, whole: number): number | null =>
  whole > 0 ? part / whole : null;

const isKnown = (value: number | null): value is number => value !== null;

/** The most trades in a row, in the order of their closes, that ended below zero after fees. */
function longestLosingStreak(trades: readonly TradeSample[]): number {
  const inOrder = [...trades].sort((a, b) => a.closedAt - b.closedAt);
  let [streak, longest] = [0, 0];
  for (const { netPnl } of inOrder) {
    streak = netPnl < 0 ? streak + 1 : 0;
    longest = Math.max(longest, streak);
  }
  return longest;
}

/** What was gained and lost, both >= 0: every trade counts with its sign, flat ones too. */
export function gainAndLoss(trades: readonly TradeSample[]): {
  readonly gain: number;
  readonly loss: number;
} {
  const pnls = trades.map(({ netPnl }) => netPnl);
  return {
    gain: sum(pnls.filter((pnl) => pnl > 0)),
    // `0 -` keeps a missing loss from being minus zero.
    loss: 0 - sum(pnls.filter((pnl) => pnl < 0)),
  };
}

/** Statistics of trades in any order (06, section 13); `definitions.ts` has the words to each. */
export function tradeStatistics(trades: readonly TradeSample[]): TradeStatistics {
  const netOf = (outcome: TradeSample['outcome']): readonly number[] =>
    trades.filter((trade) => trade.outcome === outcome).map(({ netPnl }) => netPnl);
  const [wins, losses] = [netOf('profitable'), netOf('loss')];
  const [averageWin, averageLoss] = [mean(wins), mean(losses)];
  const { gain, loss } = gainAndLoss(trades);
  const pnls = trades.map(({ netPnl }) => netPnl);
  const inR = trades.map(({ netPnl, risk }) => (risk === null ? null : ratio(netPnl, risk)));
  const fees = sum(trades.map((trade) => trade.fees));
  const grossProfit = sum(trades.map(({ grossPnl }) => Math.max(0, grossPnl)));
  return {
    totalTrades: trades.length,
    winning: wins.length,
    losing: losses.length,
    flat: trades.length - wins.length - losses.length,
    winRate: ratio(wins.length, trades.length),
    averageWin,
    averageLoss,
    payoffRatio: averageWin === null || averageLoss === null ? null : averageWin / -averageLoss,
    profitFactor: ratio(gain, loss),
    expectancy: mean(pnls),
    expectancyR: mean(inR.filter(isKnown)),
    bestTrade: pnls.length === 0 ? null : pnls.reduce((a, b) => Math.max(a, b)),
    worstTrade: pnls.length === 0 ? null : pnls.reduce((a, b) => Math.min(a, b)),
    longestLosingStreak: longestLosingStreak(trades),
    averageHoldMs: mean(trades.map(({ openedAt, closedAt }) => closedAt - openedAt)),
    slippageAveragePct: mean(trades.map(({ slippagePct }) => slippagePct).filter(isKnown)),
    fees,
    feeShare: ratio(fees, grossProfit),
  };
}
