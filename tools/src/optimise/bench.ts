import type { BacktestConfig } from '@tradewind/core/backtest/config';
import type { BarSeries } from '@tradewind/core/backtest/data';
import type { Space } from '@tradewind/core/optimise/space';
import { smaCross } from '@tradewind/strategies/sma-cross';
import { createPool } from './pool.ts';
import { REGISTRY } from './registry-path.ts';
import { runSearch } from './search-run.ts';

/** Twenty-five fast averages with twenty slow ones. */
const SPACE: Space = [
  { path: 'fast', kind: 'steps', from: 5, to: 29, step: 1 },
  { path: 'slow', kind: 'steps', from: 30, to: 125, step: 5 },
];

type OptimiserSpeed = { readonly combinations: number; readonly seconds: number };

/**
 * How long a grid of 500 SMA crossovers takes, from the first combination to the last; the threads are started before.
 *
 * @param config of the crossover on the series' market
 */
export async function measureOptimiser(
  config: BacktestConfig,
  series: BarSeries,
  threads: number,
): Promise<OptimiserSpeed> {
  const pool = createPool(
    { config, series: [series], registry: REGISTRY },
    { threads, deadlineMs: 600_000 },
  );
  const request = {
    definition: smaCross,
    base: {},
    method: 'grid',
    objective: 'return',
    minTrades: 0,
    seed: 1,
  } as const;
  try {
    await runSearch({ ...request, space: SPACE, trials: threads }, pool, { span: null });
    const begin = performance.now();
    const { tried } = await runSearch({ ...request, space: SPACE, trials: 500 }, pool, {
      span: null,
    });
    return { combinations: tried.length, seconds: (performance.now() - begin) / 1_000 };
  } finally {
    await pool.close();
  }
}
