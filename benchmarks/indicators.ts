import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';
import { RUNS, type IndicatorName, type Library } from './indicator-runs.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('indicator-runs.ts', import.meta.url));
const ROUNDS = 3;
const LIBRARIES: readonly Library[] = ['tradewind', 'technicalindicators', 'trading-signals'];
const measured = z.object({ nanos: z.number().positive() });

/** Nanoseconds per update, in a new process that sees no other indicator. */
async function nanosOf(library: Library, indicator: string): Promise<number> {
  const { stdout } = await run(process.execPath, [script, library, indicator]);
  return measured.parse(JSON.parse(stdout)).nanos;
}

const hundredth = (x: number): number => Math.round(x * 100) / 100;
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Medians of fresh processes; the libraries take turns, so that a busy moment hits all alike. */
async function measureOne(indicator: string): Promise<Record<Library, number>> {
  const nanos: Record<Library, number[]> = {
    tradewind: [],
    technicalindicators: [],
    'trading-signals': [],
  };
  for (let round = 0; round < ROUNDS; round += 1)
    for (const library of LIBRARIES) nanos[library].push(await nanosOf(library, indicator));
  return {
    tradewind: median(nanos.tradewind),
    technicalindicators: median(nanos.technicalindicators),
    'trading-signals': median(nanos['trading-signals']),
  };
}

/** How many times as fast ours are; above 1 ours win. */
export type IndicatorRatios = {
  readonly indicatorsToFastestPeer: Readonly<Record<string, number>>;
  readonly indicatorsToTechnicalindicators: Readonly<Record<string, number>>;
  readonly allEightToTradingSignals: number;
};

/**
 * Streaming updates of each library on the same recorded one-minute bars, indicator by indicator, and of
 * all eight in one loop.
 *
 * @throws Error when the recorded bars are missing: `TRADEWIND_DATA` says where they are.
 */
export async function measureIndicators(say: (text: string) => void): Promise<IndicatorRatios> {
  const fastest: Record<string, number> = {};
  const technical: Record<string, number> = {};
  let allEight = Number.NaN;
  for (const name of Object.keys(RUNS.tradewind) as IndicatorName[]) {
    const nanos = await measureOne(name);
    const { tradewind, technicalindicators } = nanos;
    say(
      `${name.padEnd(8)}${LIBRARIES.map((one) => `${one} ${(1e3 / nanos[one]).toFixed(1)} M/s`).join(', ')}`,
    );
    if (name === 'ALL') allEight = hundredth(nanos['trading-signals'] / tradewind);
    else {
      const peer = Math.min(technicalindicators, nanos['trading-signals']);
      fastest[name] = hundredth(peer / tradewind);
      technical[name] = hundredth(technicalindicators / tradewind);
    }
  }
  return {
    indicatorsToFastestPeer: fastest,
    indicatorsToTechnicalindicators: technical,
    allEightToTradingSignals: allEight,
  };
}
