import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';
import { measureIndicators } from './indicators.ts';
import type { Measured } from './main.ts';
import { readMarkets } from './market-data.ts';
import type { ClientName } from './market-ingest.ts';
import type { RunName } from './market-runs.ts';

const run = promisify(execFile);
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const ROUNDS = 5;
const numbers = z.record(z.string(), z.number());
const listening = z.object({ port: z.int().positive() });

/** Flags of V8 that a measurement needs: room for garbage where it is weighed, and a broom where it is not. */
const FLAGS: Partial<Record<RunName, readonly string[]>> = {
  memory100: ['--expose-gc'],
  memory500: ['--expose-gc'],
  bytes: ['--expose-gc', '--min-semi-space-size=512', '--max-semi-space-size=512'],
};

const lastLine = (text: string): unknown => JSON.parse(text.trim().split('\n').at(-1) ?? '');

/** Every measurement has a process of its own: what V8 learned for one would disturb the other. */
async function measure(name: RunName): Promise<Record<string, number>> {
  const flags = FLAGS[name] ?? [];
  const { stdout } = await run(process.execPath, [...flags, here('market-runs.ts'), name]);
  return numbers.parse(lastLine(stdout));
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Median of one number of some rounds. */
const of = (rounds: readonly Record<string, number>[], key: string): number =>
  median(rounds.map((round) => round[key] ?? Number.NaN));

/** Rounds in which all kinds take turns, so that a busy moment hits all alike. */
async function inTurns<K extends string>(
  names: readonly K[],
  rounds: number,
  one: (name: K) => Promise<Record<string, number>>,
): Promise<ReadonlyMap<K, readonly Record<string, number>[]>> {
  const made = new Map(names.map((name): [K, Record<string, number>[]] => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const name of names) made.get(name)?.push(await one(name));
  return made;
}

async function startServer(): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const child = spawn(process.execPath, [here('market-ingest.ts'), 'serve'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const gone = once(child, 'exit').then(() => {
    throw new Error('The server that sends the trades ended before it was listening.');
  });
  const first: unknown[] = await Promise.race([once(lines, 'line'), gone]);
  return { child, port: listening.parse(JSON.parse(String(first[0]))).port };
}

/** Messages per second of a client that only keeps them, and of one that computes everything. */
async function measureIngest(say: (text: string) => void): Promise<Record<ClientName, number>> {
  const { child, port } = await startServer();
  try {
    const rounds = await inTurns<ClientName>(['ingest', 'pipeline'], ROUNDS, async (name) => {
      const args = [here('market-ingest.ts'), name, String(port)];
      const { stdout } = await run(process.execPath, args);
      return numbers.parse(lastLine(stdout));
    });
    const ingest = of(rounds.get('ingest') ?? [], 'perSecond');
    const pipeline = of(rounds.get('pipeline') ?? [], 'perSecond');
    say(`socket: ${Math.round(ingest)} messages/s kept, ${Math.round(pipeline)}/s analysed`);
    return { ingest, pipeline };
  } finally {
    child.kill();
  }
}

const REST = ['latency100', 'latency500', 'memory100', 'memory500', 'bytes'] as const;
type Rest = (typeof REST)[number];

const digits = (x: number, places: number): number => Number(x.toFixed(places));

/**
 * Trades through candles and through the complete analytics, on real trades, beside a bare loop, two indicator
 * libraries and a socket that only keeps what it reads.
 *
 * @throws Error when the recorded trades are missing: `TRADEWIND_DATA` says where they are.
 */
export async function measureMarket(say: (text: string) => void): Promise<Measured> {
  const recorded = readMarkets();
  const trades = recorded.reduce((sum, { ids }) => sum + ids.length, 0);
  say(`${trades} recorded trades of ${recorded.length} markets, tiled in time`);
  const speed = await inTurns(['bare', 'candles', 'pipeline'] as const, ROUNDS, measure);
  const [bare, candles, pipeline] = [...speed.values()].map((each) => of(each, 'perSecond'));
  if (bare === undefined || candles === undefined || pipeline === undefined)
    throw new Error('Invariant: every kind was measured');
  say(
    `trades/s: bare ${Math.round(bare)}, candles ${Math.round(candles)}, all ${Math.round(pipeline)}`,
  );
  const rest = await inTurns(REST, 3, measure);
  const found = (name: Rest, key: string): number => of(rest.get(name) ?? [], key);
  const rssBytes = (found('memory500', 'rss') - found('memory100', 'rss')) / 400;
  const socket = await measureIngest(say);
  const indicators = await measureIndicators(say);
  return {
    figures: {
      candlesTradesPerSecond: Math.round(candles),
      pipelineTradesPerSecond: Math.round(pipeline),
      p50MicrosAt100: digits(found('latency100', 'p50'), 2),
      p99MicrosAt100: digits(found('latency100', 'p99'), 2),
      p50MicrosAt500: digits(found('latency500', 'p50'), 2),
      p99MicrosAt500: digits(found('latency500', 'p99'), 2),
      rssKbPerSymbol: digits(rssBytes / 1_024, 1),
      bytesPerTrade: Math.round(found('bytes', 'perTrade')),
    },
    ratios: {
      candlesToBareLoop: digits(candles / bare, 3),
      ...indicators,
      pipelineToIngest: digits(socket.pipeline / socket.ingest, 3),
    },
    peers: {
      bareLoopTradesPerSecond: Math.round(bare),
      ingestMessagesPerSecond: Math.round(socket.ingest),
      pipelineMessagesPerSecond: Math.round(socket.pipeline),
    },
  };
}
