import { analyticsInit, analyticsTick } from '@tradewind/core/analytics/analytics';
import type { Grid } from '@tradewind/core/market/grid';
import type { Tick } from '@tradewind/core/market/tick';

/** Takes each trade of one market through everything that the worker computes of it. */
export type Pipeline = (tick: Tick) => void;

/** The complete analytics of one market: outlier guard, bars of six lengths, indicators, windows, order flow. */
export function createPipeline(marketKey: string, grid: Grid): Pipeline {
  const state = analyticsInit({ marketKey, grid });
  const sink = (): void => undefined;
  return (tick) => void analyticsTick(state, tick, sink);
}
