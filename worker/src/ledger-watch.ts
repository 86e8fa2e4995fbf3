import {
  bookDoc,
  positionDoc,
  type BookDoc,
  type PositionDoc,
} from '@tradewind/contracts/documents/book';
import { botDoc, type BotDoc } from '@tradewind/contracts/documents/bot';
import { paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';
import { followQuery } from './follow-query.ts';
import type { Followed, WorkerPorts } from './ports.ts';

/** Positions that hold something. */
const HELD = ['BUILDING', 'OPEN', 'REDUCING', 'CLOSING_UNCONFIRMED'];
/** How long to wait for the first snapshots: without positions nothing is protected. */
const FIRST_SNAPSHOT_MS = 20_000;

export type LedgerView = {
  readonly books: ReadonlyMap<string, BookDoc>;
  /** Running bots of running books. */
  readonly bots: () => BotDoc[];
  /** Open positions of one book. */
  readonly positions: (bookId: string) => PositionDoc[];
  /** Markets that a running bot trades or an open position is in, in a stable order. */
  readonly followed: () => Followed[];
  /** Wall time of the last news of a book or its positions. */
  readonly changedAt: (bookId: string) => EpochMs | undefined;
  readonly close: () => void;
};

export type LedgerEvents = {
  readonly onPosition: (position: PositionDoc) => void;
  readonly onPositionGone: (bookId: string, positionId: string) => void;
  /** A listener ended for good: the view is no longer true. */
  readonly onLost: (error: Error) => void;
};

/** One book, and the listener of its open positions. */
type BookEntry = {
  readonly held: Map<string, PositionDoc>;
  readonly first: Promise<void>;
  readonly stop: () => void;
  changedAt: EpochMs;
};

function followPositions(ports: WorkerPorts, bookId: string, events: LedgerEvents): BookEntry {
  const { store, clock } = ports;
  const held = new Map<string, PositionDoc>();
  const { first, stop } = followQuery(ports, {
    query: store.firestore.collection(paths.positions(bookId)).where('status', 'in', HELD),
    schema: positionDoc,
    onDoc: (id, position) => {
      held.set(id, position);
      entry.changedAt = clock.wallNow();
      events.onPosition(position);
    },
    onGone: (id) => {
      held.delete(id);
      entry.changedAt = clock.wallNow();
      events.onPositionGone(bookId, id);
    },
    onLost: events.onLost,
  });
  const entry: BookEntry = { held, first, stop, changedAt: clock.wallNow() };
  return entry;
}

/** Books with the listeners of their open positions. */
function followBooks(ports: WorkerPorts, events: LedgerEvents) {
  const books = new Map<string, BookDoc>();
  const entries = new Map<string, BookEntry>();
  const { first, stop } = followQuery(ports, {
    query: ports.store.firestore.collection(paths.books),
    schema: bookDoc,
    onDoc: (id, book) => {
      books.set(id, book);
      const entry = entries.get(id) ?? followPositions(ports, id, events);
      entry.changedAt = ports.clock.wallNow();
      entries.set(id, entry);
    },
    onGone: (id) => {
      books.delete(id);
      entries.get(id)?.stop();
      entries.delete(id);
    },
    onLost: events.onLost,
  });
  return {
    books,
    entries,
    first: first.then(() => Promise.all([...entries.values()].map((entry) => entry.first))),
    stop: () => {
      stop();
      for (const entry of entries.values()) entry.stop();
    },
  };
}

/**
 * Follows books, running bots and open positions as Firestore tells of them; resolves once all that
 * is there at the beginning is known (EXE-61).
 *
 * @throws Error when Firestore does not answer in time.
 */
export async function watchLedger(ports: WorkerPorts, events: LedgerEvents): Promise<LedgerView> {
  const bots = new Map<string, BotDoc>();
  const { books, entries, ...ledger } = followBooks(ports, events);
  const running = followQuery(ports, {
    query: ports.store.firestore.collection(paths.bots).where('status', '==', 'RUNNING'),
    schema: botDoc,
    onDoc: (id, bot) => void bots.set(id, bot),
    onGone: (id) => void bots.delete(id),
    onLost: events.onLost,
  });
  const close = (): void => {
    ledger.stop();
    running.stop();
  };
  try {
    await inTime(Promise.all([ledger.first, running.first]));
  } catch (error) {
    close();
    throw error;
  }
  const runningBots = (): BotDoc[] =>
    [...bots.values()].filter(({ bookId }) => books.get(bookId)?.status === 'RUNNING');
  const open = (): PositionDoc[] => [...entries.values()].flatMap(({ held }) => [...held.values()]);
  return {
    books,
    bots: runningBots,
    positions: (bookId) => [...(entries.get(bookId)?.held.values() ?? [])],
    followed: () => marketsOf([...runningBots(), ...open()]),
    changedAt: (bookId) => entries.get(bookId)?.changedAt,
    close,
  };
}

/** Each market once, in a stable order; other venues' markets are not this worker's. */
export function marketsOf(items: readonly Followed[]): Followed[] {
  const ours = items.filter(({ marketKey }) => marketKey.startsWith('binance_spot_'));
  return [...new Map(ours.map(({ marketKey, symbol }) => [marketKey, symbol]))]
    .map(([marketKey, symbol]) => ({ marketKey, symbol }))
    .sort((a, b) => (a.marketKey < b.marketKey ? -1 : 1));
}

async function inTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new Error(`Firestore did not tell the books and positions in ${FIRST_SNAPSHOT_MS} ms`),
      );
    }, FIRST_SNAPSHOT_MS);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
