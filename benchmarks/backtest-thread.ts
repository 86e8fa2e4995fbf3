import { parentPort, workerData } from 'node:worker_threads';
import type { BacktestConfig } from '@tradewind/core/backtest/config';
import { resultJson } from '@tradewind/core/backtest/result';
import { uniform } from '@tradewind/core/simulation/random';
import type { Columns } from './backtest-bars.ts';
import { configOf, ourBacktest, seriesOf } from './backtest-ours.ts';

/** Bars of a random walk, the same for the same seed. */
function walk(seed: number, length: number): Columns {
  const columns = ['open', 'high', 'low', 'close', 'volume'].map(() => new Float64Array(length));
  const [open, high, low, close, volume] = columns;
  let [last, state] = [50_000, seed];
  for (let bar = 0; bar < length; bar += 1) {
    const draw = uniform(state);
    state = draw.seed;
    const next = Math.round(last * (1 + (draw.value - 0.5) / 200) * 10) / 10;
    if (open !== undefined) open[bar] = last;
    if (high !== undefined) high[bar] = Math.max(last, next) + 10;
    if (low !== undefined) low[bar] = Math.min(last, next) - 10;
    if (close !== undefined) close[bar] = next;
    if (volume !== undefined) volume[bar] = Math.round(1_000 * draw.value);
    last = next;
  }
  const none = new Float64Array();
  return {
    openAt: Float64Array.from({ length }, (_, bar) => bar * 60_000),
    open: open ?? none,
    high: high ?? none,
    low: low ?? none,
    close: close ?? none,
    volume: volume ?? none,
  };
}

/** One backtest as text: what two threads have to agree on. */
export function backtestText(seed: number): string {
  const config: BacktestConfig = {
    ...configOf({ id: 'sma-cross', params: {} }),
    seed,
    latencyMs: { min: 0, max: 90_000 },
    fills: { market: 'nextTick', judged: 'atClose', atEnd: 'close', priceGuard: false },
    participationPct: 5,
  };
  return resultJson(ourBacktest(config, seriesOf(walk(seed, 3_000))));
}

if (parentPort !== null) {
  const seeds = workerData as readonly number[];
  parentPort.postMessage(seeds.map(backtestText));
}
