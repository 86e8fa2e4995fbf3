import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { measureOptimiser } from '@tradewind/tools/optimise/bench';
import * as z from 'zod';
import { benchmarkBars } from './backtest-bars.ts';
import { configOf, seriesOf } from './backtest-ours.ts';
import type { Measured } from './main.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('backtest-runs.ts', import.meta.url));
const ROUNDS = 3;

const measured = z.object({
  bars: z.number().positive(),
  ms: z.number().positive(),
  rssMb: z.number().positive(),
  entries: z.number().nonnegative(),
});
type Sample = z.infer<typeof measured>;

/** One contender in a new process, which sees no other. */
async function sampleOf(name: string): Promise<Sample> {
  const { stdout } = await run(process.execPath, [script, name]);
  return measured.parse(JSON.parse(stdout));
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const CONTENDERS = [
  'bareLoop',
  'tradewind',
  'grademark',
  'grademarkFromArrays',
  'grademarkAsDocumented',
  'tradewindWeighted',
  'bareLoopMillion',
  'tradewindMillion',
  'tradewindHierarchical',
];

/** Medians of fresh processes; the contenders take turns, so that a busy moment hits all alike. */
async function sampleAll(say: (text: string) => void): Promise<ReadonlyMap<string, Sample[]>> {
  const samples = new Map<string, Sample[]>(CONTENDERS.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const name of CONTENDERS) {
      const sample = await sampleOf(name);
      samples.get(name)?.push(sample);
      const speed = (sample.bars / sample.ms / 1e3).toFixed(2);
      say(`${name.padEnd(23)}${speed} M/s, ${sample.entries} round trips`);
    }
  return samples;
}

/** Bars that each of 500 combinations is tried on. */
const SEARCHED = 20_000;

async function combinationsPerSecond(
  threads: number,
  say: (text: string) => void,
): Promise<number> {
  const config = configOf({ id: 'sma-cross', params: {} });
  const series = seriesOf(benchmarkBars(SEARCHED));
  const { combinations, seconds } = await measureOptimiser(config, series, threads);
  const rate = Number((combinations / seconds).toFixed(1));
  say(`${'optimiser'.padEnd(23)}${rate} combinations/s on ${threads} of its threads`);
  return rate;
}

/**
 * The SMA(10/30) crossover with fees on the same 118,170 recorded bars: our engine, a bare loop, and a peer at its best,
 * from the same arrays on, and as its guide has it; then a weighted bot, and a million bars.
 *
 * @throws Error when the recorded bars are missing: `TRADEWIND_DATA` says where they are.
 */
export async function measureBacktest(say: (text: string) => void): Promise<Measured> {
  const samples = await sampleAll(say);
  const of = (name: string, pick: (sample: Sample) => number): number =>
    median((samples.get(name) ?? []).map(pick));
  const barsPerSecond = (name: string): number =>
    Math.round(of(name, ({ bars, ms }) => (1_000 * bars) / ms));
  const rssMb = (name: string): number => Math.round(of(name, (sample) => sample.rssMb));
  // Each round beside its own: what slows one process slows the next.
  const ratioTo = (peer: string): number => {
    const theirs = samples.get(peer) ?? [];
    const paired = (samples.get('tradewind') ?? []).map(
      ({ ms, bars }, round) =>
        bars / ms / ((theirs[round]?.bars ?? NaN) / (theirs[round]?.ms ?? NaN)),
    );
    return Number(median(paired).toPrecision(3));
  };
  const roundTrips = of('tradewindHierarchical', ({ entries }) => entries);
  // A strategy that orders nothing measures nothing.
  if (roundTrips === 0) throw new Error('The hierarchical strategy made no round trip');
  return {
    figures: {
      barsPerSecond: barsPerSecond('tradewind'),
      secondsFor1050kBars: Number((of('tradewindMillion', ({ ms }) => ms) / 1e3).toFixed(3)),
      rssMb: rssMb('tradewind'),
      rssMbFor1050kBars: rssMb('tradewindMillion'),
      // The bars themselves, and reading them, take the same in both.
      rssMbOverBareLoop: rssMb('tradewind') - rssMb('bareLoop'),
      rssMbOverBareLoopFor1050kBars: rssMb('tradewindMillion') - rssMb('bareLoopMillion'),
      weightedBarsPerSecond: barsPerSecond('tradewindWeighted'),
      hierarchicalTradesPerSecond: barsPerSecond('tradewindHierarchical'),
      hierarchicalRoundTrips: roundTrips,
      hierarchicalRoundTripsPerSecond: Number(
        ((1_000 * roundTrips) / of('tradewindHierarchical', ({ ms }) => ms)).toFixed(1),
      ),
      optimiserCombinationsPerSecond1: await combinationsPerSecond(1, say),
      optimiserCombinationsPerSecond2: await combinationsPerSecond(2, say),
    },
    ratios: {
      toBareLoop: ratioTo('bareLoop'),
      toGrademark: ratioTo('grademark'),
      toGrademarkFromArrays: ratioTo('grademarkFromArrays'),
      toGrademarkAsDocumented: ratioTo('grademarkAsDocumented'),
    },
    peers: {
      bareLoop: barsPerSecond('bareLoop'),
      grademark: barsPerSecond('grademark'),
      grademarkFromArrays: barsPerSecond('grademarkFromArrays'),
      grademarkAsDocumented: barsPerSecond('grademarkAsDocumented'),
    },
  };
}
