import type { Instrument } from '@tradewind/core/instrument/instrument';
import { money, type Money } from '@tradewind/core/lib/units';
import { CONFIGURATIONS } from '@tradewind/core/strategy/configurations/configuration';
import { bareBacktest } from './backtest-bare.ts';
import { benchmarkBars } from './backtest-bars.ts';
import {
  grademarkAsDocumented,
  grademarkBacktest,
  grademarkFromArrays,
} from './backtest-grademark.ts';
import { configOf, INSTRUMENT, ourBacktest, seriesOf, summaryOf } from './backtest-ours.ts';
import { barsOfTape, benchmarkTape } from './backtest-trades.ts';

type Outcome = { readonly entries: number; readonly equity: number };
/** A backtest that is ready to run, and how many bars it takes, or trades that it makes its bars of. */
type Ready = { readonly bars: number; readonly run: () => Outcome };

const MILLION = 1_050_000;
/** Two recorded hours, over and over: 960 thousand trades, 12,096 bars, of which the first 3,000 warm the averages up. */
const TAPES = 96;
/** The trades are a future's: the strategy also sells short. */
const FUTURE: Instrument = {
  ...INSTRUMENT,
  marketKey: 'binance_futures_BTC-USDT',
  market: 'futures',
};
const SCALPING = CONFIGURATIONS.ultra_short_scalping;
/**
 * Limits that two quiet hours meet: with the defaults level 1 fails on every bar, nothing is ever ordered, and the figure
 * would be of a strategy that does nothing. All four levels are asked here, and the stop may lie anywhere beyond the zone.
 */
const EAGER = {
  regime: { minAdx: 5, minAtrPct: 0, minHurst: 0, maxMeanReversion: 1 },
  location: { nearPct: 10 },
  cascade: { minRatio: 1 },
  trigger: { minBounce: 0.2, minVolumeSpike: 0.5 },
  isLive: false,
  configuration: {
    ...SCALPING,
    recipes: [...SCALPING.recipes],
    stopPct: { min: 0.01, max: 20 },
    targetPct: { min: 0.01, max: 50 },
  },
};

/** Runs one of our strategies; with a fixed size where all of the money would be gone before the end. */
function ours(strategyId: string, { bars, size }: { bars?: number; size?: Money } = {}): Ready {
  const series = seriesOf(benchmarkBars(bars));
  const config = configOf({ id: strategyId, params: {} }, size === undefined ? {} : { size });
  return { bars: series.length, run: () => summaryOf(ourBacktest(config, series)) };
}

/** Who is measured, each in a process of its own. */
const CONTENDERS: Readonly<Record<string, () => Ready>> = {
  bareLoop: () => {
    const columns = benchmarkBars();
    return { bars: columns.close.length, run: () => bareBacktest(columns) };
  },
  bareLoopMillion: () => {
    const columns = benchmarkBars(MILLION);
    return { bars: columns.close.length, run: () => bareBacktest(columns) };
  },
  tradewind: () => ours('sma-cross'),
  tradewindMillion: () => ours('sma-cross', { bars: MILLION, size: money('1000') }),
  tradewindWeighted: () => ours('weighted'),
  tradewindHierarchical: () => {
    const tape = benchmarkTape(TAPES);
    const config = configOf(
      { id: 'hierarchical', params: EAGER },
      { size: money('1000'), marketKey: FUTURE.marketKey },
    );
    const run = () => summaryOf(ourBacktest(config, barsOfTape(tape, { instrument: FUTURE })));
    return { bars: tape.length, run };
  },
  grademark: () => {
    const columns = benchmarkBars();
    return { bars: columns.close.length, run: grademarkBacktest(columns) };
  },
  grademarkFromArrays: () => {
    const columns = benchmarkBars();
    return { bars: columns.close.length, run: grademarkFromArrays(columns) };
  },
  grademarkAsDocumented: () => {
    const columns = benchmarkBars();
    return { bars: columns.close.length, run: grademarkAsDocumented(columns) };
  },
};

const WARM_RUNS = 3;
const PASS_MS = 3_000;
const MOST_SAMPLES = 31;
/** A sample repeats short runs for so long, since processor time is not told more finely. */
const SAMPLE_MS = 20;

/** Milliseconds of processor time, of all threads of this process: what others do on the machine takes nothing from it. */
const spent = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/** Median processor milliseconds of one run, once warm, and what the process took at most. */
function measure({ bars, run }: Ready) {
  let outcome = run();
  const start = spent();
  for (let warm = 0; warm < WARM_RUNS; warm += 1) outcome = run();
  const times = Math.max(1, Math.ceil((SAMPLE_MS * WARM_RUNS) / (spent() - start)));
  const samples: number[] = [];
  const begin = spent();
  while (samples.length < MOST_SAMPLES && (samples.length < 3 || spent() - begin < PASS_MS)) {
    const before = spent();
    for (let time = 0; time < times; time += 1) outcome = run();
    samples.push((spent() - before) / times);
  }
  samples.sort((a, b) => a - b);
  const rssMb = process.resourceUsage().maxRSS / 1_024;
  return { bars, ms: samples[Math.floor(samples.length / 2)] ?? NaN, rssMb, ...outcome };
}

if (import.meta.main) {
  const ready = CONTENDERS[process.argv[2] ?? ''];
  if (ready === undefined) throw new Error(`There is no backtest ${process.argv[2]}`);
  process.stdout.write(`${JSON.stringify(measure(ready()))}\n`);
}
