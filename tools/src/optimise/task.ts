import type { BacktestConfig } from '@tradewind/core/backtest/config';
import type { BarSeries } from '@tradewind/core/backtest/data';
import { runBacktest } from '@tradewind/core/backtest/run';
import { sampleOf } from '@tradewind/core/backtest/sample-of-result';
import { spanOf } from '@tradewind/core/backtest/span';
import { statisticsOf, type Figures } from '@tradewind/core/backtest/statistics';
import { returnsOf, type ReturnBasis } from '@tradewind/core/backtest/statistics-returns';
import { epochMs } from '@tradewind/core/lib/time';
import type { Judged } from '@tradewind/core/optimise/objective';
import type { StrategyDefinition } from '@tradewind/core/strategy/strategy';
import { messageOf } from '../lib/fault.ts';

/** What all combinations have in common: data, and a configuration of one strategy. */
export type Setup = {
  readonly config: BacktestConfig;
  readonly series: readonly BarSeries[];
  /** Module that exports `strategyById`: functions do not pass between threads. */
  readonly registry: string;
};

/** Bars that begin in `[from, to)`; what closes before `decideFrom` only warms up. Epoch milliseconds. */
export type Span = { readonly from: number; readonly to: number; readonly decideFrom: number };

/** One combination. */
export type Task = {
  readonly params: unknown;
  /** `null` = all the data. */
  readonly span: Span | null;
};

/** What a combination came to; figures only, so that it passes between threads at once. */
export type Tested = {
  readonly ok: true;
  readonly figures: Figures;
  readonly grade: Judged['grade'];
  readonly basis: ReturnBasis;
  /** Returns of its days, or hours where the span is short. */
  readonly returns: readonly number[];
  readonly daily: readonly { readonly at: number; readonly equity: number }[];
};
export type Outcome = Tested | { readonly ok: false; readonly fault: string };

type Lookup = (id: string) => StrategyDefinition | undefined;

function configOf({ config }: Setup, { params, span }: Task): BacktestConfig {
  const strategies = config.strategies.map((each) => ({
    ...each,
    strategy: { id: each.strategy.id, params },
  }));
  return span === null
    ? { ...config, strategies }
    : { ...config, strategies, decideFrom: epochMs(span.decideFrom) };
}

/** Backtests one combination; whatever goes wrong is its outcome and nobody else's. */
export function runTask(setup: Setup, strategyById: Lookup, task: Task): Outcome {
  const { span } = task;
  const series =
    span === null
      ? setup.series
      : setup.series
          .map((each) => spanOf(each, span.from, span.to))
          .filter(({ length }) => length > 0);
  try {
    const result = runBacktest(configOf(setup, task), series, { strategyById });
    if (!result.ok) return { ok: false, fault: result.error };
    const failures = result.value.counts.holds.strategy_error ?? 0;
    if (failures > 0) return { ok: false, fault: `the strategy failed on ${failures} bars` };
    const sample = sampleOf(result.value);
    const { figures, grade, returnBasis: basis } = statisticsOf(result.value);
    const points = basis === 'daily' ? sample.daily : sample.hourly;
    const returns = returnsOf(sample.initialBalance, points);
    return { ok: true, figures, grade, basis, returns, daily: sample.daily };
  } catch (error) {
    return { ok: false, fault: messageOf(error) };
  }
}
