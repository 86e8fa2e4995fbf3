import { money, type Money } from '@tradewind/core/lib/units';
import { bareBacktest } from './backtest-bare.ts';
import { benchmarkBars } from './backtest-bars.ts';
import { grademarkBacktest } from './backtest-grademark.ts';
import { configOf, ourBacktest, seriesOf, summaryOf } from './backtest-ours.ts';

type Outcome = { readonly entries: number; readonly equity: number };
/** A backtest that is ready to run, and how many bars it takes. */
type Ready = { readonly bars: number; readonly run: () => Outcome };

const MILLION = 1_050_000;

/** Runs one of our strategies; with a fixed size where all of the money would be gone before the end. */
function ours(strategyId: string, { bars, size }: { bars?: number; size?: Money } = {}): Ready {
  const series = seriesOf(benchmarkBars(bars));
  const config = configOf({ id: strategyId, params: {} }, size);
  return { bars: series.length, run: () => summaryOf(ourBacktest(config, series)) };
}

/** Who is measured, each in a process of its own. */
const CONTENDERS: Readonly<Record<string, () => Ready>> = {
  bareLoop: () => {
    const columns = benchmarkBars();
    return { bars: columns.close.length, run: () => bareBacktest(columns) };
  },
  tradewind: () => ours('sma-cross'),
  tradewindMillion: () => ours('sma-cross', { bars: MILLION, size: money('1000') }),
  tradewindWeighted: () => ours('weighted'),
  grademark: () => {
    const columns = benchmarkBars();
    return { bars: columns.close.length, run: grademarkBacktest(columns) };
  },
};

const WARM_RUNS = 3;
const PASS_MS = 2_000;
const MOST_RUNS = 31;

/** Median milliseconds of one run, once warm, and what the process took at most. */
function measure({ bars, run }: Ready) {
  let outcome = run();
  for (let warm = 1; warm < WARM_RUNS; warm += 1) outcome = run();
  const times: number[] = [];
  const begin = performance.now();
  while (times.length < MOST_RUNS && (times.length < 3 || performance.now() - begin < PASS_MS)) {
    const start = performance.now();
    outcome = run();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const rssMb = process.resourceUsage().maxRSS / 1_024;
  return { bars, ms: times[Math.floor(times.length / 2)] ?? NaN, rssMb, ...outcome };
}

if (import.meta.main) {
  const ready = CONTENDERS[process.argv[2] ?? ''];
  if (ready === undefined) throw new Error(`There is no backtest ${process.argv[2]}`);
  process.stdout.write(`${JSON.stringify(measure(ready()))}\n`);
}
