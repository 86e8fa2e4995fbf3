import { distributionOf, groupsOf, monthlyReturns } from './breakdown.ts';
import type { Distribution, Group, MonthReturn } from './breakdown.ts';
import { gradeOf, type Grade } from './grade.ts';
import type { BacktestResult } from './result.ts';
import { sampleOf } from './sample-of-result.ts';
import type { Sample } from './sample.ts';
import { activityStatistics, type ActivityStatistics } from './statistics-activity.ts';
import { basisOf, returnStatistics } from './statistics-returns.ts';
import type { ReturnBasis, ReturnStatistics } from './statistics-returns.ts';
import { tradeStatistics, type TradeStatistics } from './statistics-trades.ts';

/** Every figure of a backtest that has a name and a definition (STR-93; 06, section 13). */
export type Figures = TradeStatistics &
  ReturnStatistics &
  ActivityStatistics & {
    readonly initialBalance: number;
    readonly finalBalance: number;
    readonly totalPnl: number;
    readonly totalReturnPct: number | null;
    readonly maxDrawdownPct: number;
    readonly maxDrawdownQuote: number;
    readonly longestDrawdownMs: number;
  };

/** How a backtest did: the figures, and what they are made of by month, return, symbol, strategy and reason. */
export type Statistics = {
  readonly figures: Figures;
  readonly returnBasis: ReturnBasis;
  readonly grade: Grade | null;
  readonly monthly: readonly MonthReturn[];
  readonly distribution: Distribution;
  readonly bySymbol: readonly Group[];
  readonly byStrategy: readonly Group[];
  readonly byExitReason: readonly Group[];
};

/** Equity gained over `sample`, quote currency and percent. */
function totals({ initialBalance, finalBalance }: Sample) {
  const totalPnl = finalBalance - initialBalance;
  return {
    initialBalance,
    finalBalance,
    totalPnl,
    totalReturnPct: initialBalance > 0 ? (totalPnl / initialBalance) * 100 : null,
  };
}

/** Reckons every statistic of a record of trading. */
export function statisticsOfSample(sample: Sample): Statistics {
  const { trades, drawdown } = sample;
  const figures: Figures = {
    ...totals(sample),
    ...returnStatistics(sample),
    maxDrawdownPct: drawdown.maxPct,
    maxDrawdownQuote: drawdown.maxQuote,
    longestDrawdownMs: drawdown.longestMs,
    ...tradeStatistics(trades),
    ...activityStatistics(sample),
  };
  return {
    figures,
    returnBasis: basisOf(sample),
    grade: gradeOf(figures),
    monthly: monthlyReturns(sample),
    distribution: distributionOf(trades),
    bySymbol: groupsOf(trades, ({ symbol }) => symbol),
    byStrategy: groupsOf(trades, ({ strategyId }) => strategyId),
    byExitReason: groupsOf(trades, ({ exitReason }) => exitReason),
  };
}

/** Every statistic of a backtest. */
export const statisticsOf = (result: BacktestResult): Statistics =>
  statisticsOfSample(sampleOf(result));
