import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readPrices } from '@tradewind/adapters/market/read-prices';
import { documentSize } from '@tradewind/adapters/ledger/document-size';
import type { Store } from '@tradewind/adapters/ledger/store';
import { operations, type Operations } from '@tradewind/core/cost/workload';
import { numberedSymbols, startMarketStack, type MarketStack } from '../desk/market-stack.ts';
import { Fault } from '../lib/fault.ts';
import { waitFor } from '../lib/wait.ts';
import { BOOK, keyOf, seedMarkets } from './seed-markets.ts';
import { spanOf, usageLines, type Span } from './usage-log.ts';
import { openViewer, type Viewer } from './viewer.ts';

/** Trades per second of each market. */
const RATE = 2;
const READY_MS = 120_000;
/** A minute's candles are stored within this after its end; the worker's log has them another 5 s later. */
const AFTER_MINUTE_MS = 15_000;

export type Session = {
  readonly symbols: number;
  readonly viewers: number;
  /** How long to measure in all; the first half without viewers where there are any. */
  readonly forMs: number;
};

/** What a session came to. */
export type Measurement = {
  /** All of it. */
  readonly whole: Span;
  /** The part before a viewer came, and the part with one; the same where there is none. */
  readonly alone: Span;
  readonly watched: Span;
  /** Of one viewer: what opening it read, and what it used while it watched for `watchedMs`. */
  readonly viewer: {
    readonly opened: Operations;
    readonly used: Operations;
    readonly watchedMs: number;
  };
  /** Bytes of one market's chunk by the number of its candles, the largest that there is. */
  readonly chunk: { readonly bytes: number; readonly candles: number };
};

type Say = (text: string) => void;

async function untilReady({ store, worker }: MarketStack, symbols: number): Promise<void> {
  await waitFor(
    'prices of all markets',
    async () => {
      if (!worker.isRunning()) throw new Fault(`The worker ended:\n${worker.tail()}`);
      return (await readPrices(store)).size >= symbols ? true : undefined;
    },
    { timeoutMs: READY_MS, everyMs: 1_000 },
  );
}

/** Waits for the quiet between two minutes' candles, so that a minute of measuring holds one of each market. */
async function betweenCandles(say: Say): Promise<void> {
  const wait = (60_000 + AFTER_MINUTE_MS - (Date.now() % 60_000)) % 60_000;
  say(`Waiting ${Math.ceil(wait / 1_000)} s for the minute's candles to be stored`);
  await sleep(wait);
}

async function largestChunk({ firestore }: Store): Promise<Measurement['chunk']> {
  const { docs } = await firestore.collectionGroup('chunks').limit(200).get();
  return docs.reduce<Measurement['chunk']>(
    (largest, doc) => {
      const stored: unknown = doc.get('candles');
      const candles = Array.isArray(stored) ? stored.length : 0;
      const bytes = documentSize(doc.ref.path, doc.data());
      return bytes > largest.bytes ? { bytes, candles } : largest;
    },
    { bytes: 0, candles: 0 },
  );
}

const openAll = (store: Store, viewers: number, symbols: readonly string[]): Promise<Viewer[]> =>
  Promise.all(
    Array.from({ length: viewers }, (_, index) => {
      const marketKey = keyOf(symbols[index % symbols.length] ?? '');
      return openViewer(store, { book: BOOK, marketKey, id: `viewer-${index}` });
    }),
  );

async function watch(
  stack: MarketStack,
  session: Session,
  parts: { symbols: string[]; say: Say; log: string },
) {
  const { viewers, forMs } = session;
  const from = Date.now();
  const alone = viewers === 0 ? forMs : forMs / 2;
  parts.say(`Measuring ${session.symbols} markets for ${alone / 1_000} s with nobody watching`);
  await sleep(alone);
  const cameAt = Date.now();
  const open = await openAll(stack.store, viewers, parts.symbols);
  if (viewers > 0) parts.say(`Measuring for ${(forMs - alone) / 1_000} s with ${viewers} watching`);
  await sleep(forMs - alone);
  const to = Date.now();
  // What the worker used until now is in its next line.
  await sleep(6_000);
  const lines = usageLines(readFileSync(parts.log, 'utf8'));
  const [whole, before] = [spanOf(lines, from, to + 1_000), spanOf(lines, from, cameAt)];
  const after = viewers === 0 ? before : spanOf(lines, cameAt, to + 1_000);
  const [first] = open;
  const viewer = {
    opened: first?.opened() ?? operations({}),
    used: first?.used() ?? operations({}),
    watchedMs: to - cameAt,
  };
  for (const { close } of open) close();
  if (whole === undefined || before === undefined || after === undefined)
    throw new Fault(`The worker did not say what it used; see ${parts.log}`);
  return { whole, alone: before, watched: after, viewer, chunk: await largestChunk(stack.store) };
}

/** Runs a market, the worker and viewers for a while and counts. @throws Fault when one does not start. */
export async function measure(root: string, session: Session, say: Say): Promise<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-cost-'));
  const symbols = numberedSymbols(session.symbols);
  const stack = await startMarketStack({
    root,
    folder,
    symbols,
    rate: RATE,
    seed: (store) => seedMarkets(store, symbols),
    say,
  });
  try {
    await untilReady(stack, session.symbols);
    await betweenCandles(say);
    return await watch(stack, session, { symbols, say, log: join(folder, 'logs/worker.log') });
  } finally {
    say('Stopping');
    await stack.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
