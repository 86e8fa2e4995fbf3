import type { Clock } from '@tradewind/adapters/clock/clock';
import { withLease } from '@tradewind/adapters/ledger/lease';
import type { Store } from '@tradewind/adapters/ledger/store';
import type { Queue } from '@tradewind/adapters/queue/queue';
import type { Log } from '@tradewind/adapters/telemetry/log';
import { heartbeatDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { id } from '@tradewind/contracts/wire';
import type { EpochMs } from '@tradewind/core/lib/time';
import * as z from 'zod';
import { reviewSessions } from '../sessions/review-sessions.ts';

type Ports = {
  readonly store: Store;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly log: Log;
  readonly actor: string;
};

/** ARC-01: no second cycle begins while one runs; a dead one is forgotten after this. */
const LEASE_MS = 55_000;
const SHARD_SIZE = 50;
/** Three times the cadence, wall clock (ARC-40). */
const MAX_AGE_MS = 180_000;

const startedAt = Date.now();
const running = z.object({
  bookId: id,
  /** A strategy is evaluated on each of its markets, a bot on its one. */
  marketKeys: z.array(z.string()).min(1).optional(),
});

/** Somebody to evaluate, and on how many markets. */
type Due = { readonly id: string; readonly markets: number };

/** Running bots, and strategies that run or are paused, of running books: by book, in a stable order. */
async function dueByBook({ store }: Ports): Promise<Map<string, Due[]>> {
  const { firestore } = store;
  // Only ids: a malformed document must not keep the others from being evaluated.
  const [books, ...due] = await Promise.all([
    store.queryEach(
      firestore.collection(paths.books).where('status', '==', 'RUNNING').select('bookId'),
      running,
    ),
    store.queryEach(
      firestore.collection(paths.bots).where('status', '==', 'RUNNING').select('bookId'),
      running,
    ),
    store.queryEach(
      firestore
        .collection(paths.strategies)
        // A paused strategy still decides its exits (STR-91).
        .where('status', 'in', ['RUNNING', 'PAUSED'])
        .select('bookId', 'marketKeys'),
      running,
    ),
  ]);
  const byBook = new Map(books.map((book) => [book.id, [] as Due[]]));
  for (const one of due.flat())
    if (one.ok)
      byBook
        .get(one.value.bookId)
        ?.push({ id: one.id, markets: one.value.marketKeys?.length ?? 1 });
  for (const list of byBook.values()) list.sort((a, b) => (a.id < b.id ? -1 : 1));
  return byBook;
}

/** In order, so many to each shard that it has at most fifty markets, or one strategy. */
function shardsOf(due: readonly Due[]): string[][] {
  const shards: string[][] = [];
  let room = 0;
  for (const { id: dueId, markets } of due) {
    if (markets > room) {
      shards.push([]);
      room = SHARD_SIZE;
    }
    shards.at(-1)?.push(dueId);
    room -= markets;
  }
  return shards;
}

/** Enqueues one evaluation for each shard of a book; the same minute enqueues each once. */
async function enqueueAll(ports: Ports, cycleId: string, byBook: Map<string, Due[]>) {
  const tasks = [...byBook].flatMap(([bookId, due]) =>
    shardsOf(due).map((botIds, shard) => ({ bookId, shard, botIds })),
  );
  await Promise.all(
    tasks.map(({ bookId, shard, botIds }) =>
      ports.queue.enqueue(
        'evaluateBots',
        { bookId, botIds },
        { id: `${cycleId}-${bookId.replaceAll('.', '_')}-${shard}` },
      ),
    ),
  );
  return tasks.length;
}

async function cycle(ports: Ports, scheduledAt: EpochMs): Promise<void> {
  const { store, clock, log } = ports;
  const began = clock.wallNow();
  const cycleId = `cycle-${Math.floor(scheduledAt / 60_000)}`;
  const byBook = await dueByBook(ports);
  const tasks = await enqueueAll(ports, cycleId, byBook);
  await reviewSessions(ports);
  const books = byBook.size;
  const bots = [...byBook.values()].reduce((sum, ids) => sum + ids.length, 0);
  await store.set(paths.heartbeat('cycle'), heartbeatDoc, {
    component: 'cycle',
    status: 'LIVE',
    detail: `${bots} running bots in ${books} running books`,
    startedAt: heartbeatDoc.shape.startedAt.parse(new Date(startedAt)),
    beatAt: clock.wallNow(),
    maxAgeMs: MAX_AGE_MS,
    version: process.env['K_REVISION'] ?? 'local',
  });
  log.info('cycle', {
    kind: 'cycle',
    cycleId,
    books,
    bots,
    tasks,
    durationMs: clock.wallNow() - began,
  });
}

/**
 * One trading cycle: has every running bot of every running book evaluated (ARC-01, ARC-28).
 *
 * @param scheduledAt - which minute this is, on the market's clock. It names the cycle and nothing
 *   else: how old data are is judged by the clock, since a late run carries an old schedule time.
 */
export async function handleRunCycle(ports: Ports, scheduledAt: EpochMs): Promise<void> {
  const { store, clock, log, actor } = ports;
  const result = await withLease(store, { name: 'cycle', owner: actor, ms: LEASE_MS, clock }, () =>
    cycle(ports, scheduledAt),
  );
  if (!result.held)
    log.warn('cycle skipped: the one before it still runs', { until: result.until });
}
