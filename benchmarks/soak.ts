import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Store } from '@tradewind/adapters/ledger/store';
import { dataSessionDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { epochMs } from '@tradewind/core/lib/time';
import * as z from 'zod';
import {
  numberedSymbols,
  startMarketStack,
  type MarketStack,
} from '../tools/src/desk/market-stack.ts';
import { Fault } from '../tools/src/lib/fault.ts';
import { callJson } from '../tools/src/lib/http.ts';
import { waitFor } from '../tools/src/lib/wait.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

export type Soak = { readonly minutes: number; readonly symbols: number; readonly rate: number };
export const SOAK: Soak = { minutes: 10, symbols: 100, rate: 50 };

/** Start-up history of all markets is read by REST, at the venue's pace. */
const READY_MS = 240_000;
/** What is on its way when the market stops arrives within this. */
const SETTLE_MS = 3_000;
const SAMPLE_MS = 30_000;
/** The worker's percentiles are of its last one to two minutes: its start is not the load that is measured. */
const WARM_UP_MS = 120_000;

const status = z.object({
  ticksIn: z.record(
    z.string(),
    z.object({ count: z.number(), lastId: z.number(), phase: z.string() }),
  ),
  socketToAnalyticsMs: z.object({ p99: z.number().nullable() }),
  loopLagP99Ms: z.number(),
  rssMb: z.number(),
});
type Status = z.infer<typeof status>;
const told = z.object({ markets: z.record(z.string(), z.object({ lastId: z.number() })) });
const clock = z.object({ marketNow: z.number(), wallNow: z.number() });

/** A recording of all markets: the worker follows them, and keeps every trade. */
const seedRecording = (symbols: readonly string[]) => async (store: Store) => {
  const now = epochMs(Date.now());
  const sessionId = 'soak';
  await store.set(paths.dataSession(sessionId), dataSessionDoc, {
    sessionId,
    name: 'Soak',
    purpose: 'Load for a measurement',
    venues: ['binance'],
    marketKeys: symbols.map((symbol) => `binance_spot_${symbol}`),
    channels: ['trades'],
    timeframes: ['1m'],
    granularity: 'ticks',
    status: 'RECORDING',
    origin: 'recorded',
    startedAt: now,
    endsAt: epochMs(now + 86_400_000),
    endedAt: null,
    startedBy: 'bench',
    rowCounts: {},
    bytes: 0,
    gaps: [],
    coveragePct: {},
    checksums: {},
    collectorVersion: 'bench',
    planTier: 'plus',
    error: null,
    updatedAt: now,
  });
};

function expectRunning({ worker }: MarketStack): void {
  if (!worker.isRunning()) throw new Fault(`The worker ended:\n${worker.tail()}`);
}

async function ask(stack: MarketStack): Promise<Status> {
  expectRunning(stack);
  const { worker: port } = stack.ports;
  return status.parse(await callJson({ method: 'GET', port, path: '/status' }));
}

const untilLive = (stack: MarketStack, symbols: number): Promise<Status> =>
  waitFor(
    `trades of all ${symbols} markets`,
    async () => {
      expectRunning(stack);
      // It does not answer before it listens.
      const told = await ask(stack).catch(() => undefined);
      const live = Object.values(told?.ticksIn ?? {}).filter(({ phase }) => phase === 'live');
      return live.length >= symbols ? told : undefined;
    },
    { timeoutMs: READY_MS, everyMs: 1_000 },
  );

/** Stops the market: its clock all but stands still. */
async function stopMarket({ ports }: MarketStack): Promise<void> {
  const at = { method: 'POST', port: ports.sandbox, path: '/admin/clock' } as const;
  const now = clock.parse(await callJson({ ...at, body: { skewMs: 0 } }));
  await callJson({
    ...at,
    body: { origin: now.marketNow, startedAt: now.wallNow, speed: 1e-9 },
  });
  await sleep(SETTLE_MS);
}

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);

/** Trades that the market printed from the first sample on and the worker did not count. */
async function lostBetween(stack: MarketStack, first: Status, last: Status): Promise<number> {
  const { ports } = stack;
  const { markets } = told.parse(
    await callJson({ method: 'GET', port: ports.sandbox, path: '/admin/feed' }),
  );
  return sum(
    Object.entries(last.ticksIn).map(([symbol, { count }]) => {
      const before = first.ticksIn[symbol] ?? { count: 0, lastId: 0 };
      const key = markets[symbol] === undefined ? symbol.replace('-', '') : symbol;
      const printed = (markets[key]?.lastId ?? Number.NaN) - before.lastId;
      return printed - (count - before.count);
    }),
  );
}

/** Runs the load for as long as asked, and samples the worker on the way. */
async function load(stack: MarketStack, soak: Soak, say: (text: string) => void) {
  await untilLive(stack, soak.symbols);
  if (soak.minutes >= 1) {
    say(`All ${soak.symbols} markets stream; letting the start fade for ${WARM_UP_MS / 1_000} s`);
    await sleep(WARM_UP_MS);
  }
  const first = await ask(stack);
  say(`Measuring for ${soak.minutes} min`);
  const end = Date.now() + soak.minutes * 60_000;
  const samples: Status[] = [];
  while (Date.now() < end) {
    await sleep(Math.min(SAMPLE_MS, Math.max(0, end - Date.now())));
    const sample = await ask(stack);
    samples.push(sample);
    const { p99 } = sample.socketToAnalyticsMs;
    say(
      `${Math.max(0, Math.round((end - Date.now()) / 1_000))} s left: p99 ${p99 ?? '?'} ms, lag ${sample.loopLagP99Ms} ms, ${sample.rssMb} MB`,
    );
  }
  await stopMarket(stack);
  const last = await ask(stack);
  return { first, last, samples, ticksLost: await lostBetween(stack, first, last) };
}

/**
 * One worker, real in all its parts, under a steady load of trades over a real socket: what it lost, how
 * long a trade took from the socket to updated analytics (99 % of the worst minute), how late the event
 * loop ran, and whether memory grew.
 */
export async function measureSoak(soak: Soak, say: (text: string) => void) {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-soak-'));
  const symbols = numberedSymbols(soak.symbols);
  try {
    const stack = await startMarketStack({
      root,
      folder,
      symbols,
      rate: soak.rate,
      env: { TRADEWIND_ARCHIVE: join(folder, 'archive') },
      seed: seedRecording(symbols),
      say,
    });
    try {
      const { first, last, samples, ticksLost } = await load(stack, soak, say);
      const counts = (of: Status): number => sum(Object.values(of.ticksIn).map((one) => one.count));
      return {
        figures: {
          minutes: soak.minutes,
          symbols: soak.symbols,
          tradesPerSecond: soak.symbols * soak.rate,
          ticksIn: counts(last) - counts(first),
          ticksLost,
          p99Ms: Math.max(...samples.map((each) => each.socketToAnalyticsMs.p99 ?? Infinity)),
          lagP99Ms: Math.max(...samples.map((each) => each.loopLagP99Ms)),
          rssStartMb: samples[0]?.rssMb ?? first.rssMb,
          rssEndMb: last.rssMb,
        },
        ratios: {},
        peers: {},
      };
    } finally {
      await stack.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
