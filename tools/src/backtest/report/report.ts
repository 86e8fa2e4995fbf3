import type { BarSeries } from '@tradewind/core/backtest/data';
import type { BacktestResult } from '@tradewind/core/backtest/result';
import type { Statistics } from '@tradewind/core/backtest/statistics';
import type { BacktestRecord } from '../record.ts';

/** All that a report tells. */
export type Report = {
  readonly record: BacktestRecord;
  readonly result: BacktestResult;
  readonly statistics: Statistics;
  readonly series: readonly BarSeries[];
};
