import {
  bookDoc,
  positionDoc,
  type BookDoc,
  type PositionDoc,
} from '@tradewind/contracts/documents/book';
import { botDoc, type BotDoc } from '@tradewind/contracts/documents/bot';
import { dataSessionDoc, type DataSessionDoc } from '@tradewind/contracts/documents/market';
import { strategyDoc, symbolOf, type StrategyDoc } from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';
import type * as z from 'zod';
import { followQuery, type Following } from './follow-query.ts';
import type { Reader } from './windows-in-use.ts';
import { feedOf, followedOf, type Followed, type WorkerPorts } from './ports.ts';

/** Positions that hold something. */
const HELD = ['BUILDING', 'OPEN', 'REDUCING', 'CLOSING_UNCONFIRMED'];
/** How long to wait for the first snapshots: without positions nothing is protected. */
const FIRST_SNAPSHOT_MS = 20_000;

/** A bot, or a strategy in one of its markets: what waits for the bars of a market. */
export type Trader = Pick<BotDoc, 'botId' | 'bookId' | 'marketKey' | 'symbol' | 'timeframe'>;

/** A strategy's part in each of its markets. */
const partsOf = ({ strategyId, bookId, timeframe, marketKeys }: StrategyDoc): Trader[] =>
  marketKeys.map((marketKey) => ({
    botId: strategyId,
    bookId,
    timeframe,
    marketKey,
    symbol: symbolOf(marketKey),
  }));

export type LedgerView = {
  readonly books: ReadonlyMap<string, BookDoc>;
  /** Running bots, and strategies that run or are paused, of running books. */
  readonly traders: () => Trader[];
  /** Strategies that run or are paused, of running books, with what they read of trades: one for each market. */
  readonly readers: () => Reader[];
  /** Open positions of one book. */
  readonly positions: (bookId: string) => PositionDoc[];
  /** Recordings that run (MD-91). */
  readonly sessions: () => DataSessionDoc[];
  /** Markets that a bot or strategy trades or an open position is in, in a stable order. */
  readonly traded: () => Followed[];
  /** Those, and the ones that are recorded. */
  readonly followed: () => Followed[];
  /** True where a position is open. */
  readonly isHeld: (marketKey: string) => boolean;
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

/** Documents of a query that are as they should be, by id. */
function followAll<S extends z.ZodType<object, object>>(
  ports: WorkerPorts,
  { query, schema, onLost }: Pick<Following<S>, 'query' | 'schema' | 'onLost'>,
) {
  const docs = new Map<string, z.infer<S>>();
  const following = followQuery(ports, {
    query,
    schema,
    onDoc: (id, doc) => void docs.set(id, doc),
    onGone: (id) => void docs.delete(id),
    onLost,
  });
  return { docs, ...following };
}

/**
 * Follows books, bots and strategies that are at work, recordings and open positions as Firestore tells of them; resolves once
 * all that is there at the beginning is known (EXE-61).
 *
 * @throws Error when Firestore does not answer in time.
 */
export async function watchLedger(ports: WorkerPorts, events: LedgerEvents): Promise<LedgerView> {
  const { firestore } = ports.store;
  const { onLost } = events;
  const { books, entries, ...ledger } = followBooks(ports, events);
  const running = followAll(ports, {
    query: firestore.collection(paths.bots).where('status', '==', 'RUNNING'),
    schema: botDoc,
    onLost,
  });
  const active = followAll(ports, {
    // A paused strategy still decides its exits (STR-91).
    query: firestore.collection(paths.strategies).where('status', 'in', ['RUNNING', 'PAUSED']),
    schema: strategyDoc,
    onLost,
  });
  const recording = followAll(ports, {
    query: firestore.collection(paths.dataSessions).where('status', '==', 'RECORDING'),
    schema: dataSessionDoc,
    onLost,
  });
  const close = (): void => {
    for (const { stop } of [ledger, running, active, recording]) stop();
  };
  try {
    await inTime(Promise.all([ledger.first, running.first, active.first, recording.first]));
  } catch (error) {
    close();
    throw error;
  }
  const traders = (): Trader[] =>
    [...running.docs.values(), ...[...active.docs.values()].flatMap(partsOf)].filter(
      ({ bookId }) => books.get(bookId)?.status === 'RUNNING',
    );
  const readers = (): Reader[] =>
    [...active.docs.values()]
      .filter(({ bookId }) => books.get(bookId)?.status === 'RUNNING')
      .flatMap(({ strategyId, sessionId, windows, marketKeys }) =>
        marketKeys.map((marketKey) => ({ strategyId, sessionId, windows, marketKey })),
      );
  const open = (): PositionDoc[] => [...entries.values()].flatMap(({ held }) => [...held.values()]);
  const sessions = (): DataSessionDoc[] => [...recording.docs.values()];
  const traded = (): Followed[] => marketsOf([...traders(), ...open()]);
  return {
    books,
    traders,
    readers,
    sessions,
    traded,
    positions: (bookId) => [...(entries.get(bookId)?.held.values() ?? [])],
    isHeld: (marketKey) => open().some((position) => position.marketKey === marketKey),
    followed: () => {
      const recorded = sessions().flatMap(({ marketKeys }) => marketKeys.map(followedOf));
      return marketsOf([...traded(), ...recorded.filter((market) => market !== undefined)]);
    },
    changedAt: (bookId) => entries.get(bookId)?.changedAt,
    close,
  };
}

/** Each market once, in a stable order; what names no venue is left out. */
export function marketsOf(items: readonly Followed[]): Followed[] {
  const ours = items.filter(({ marketKey }) => feedOf(marketKey) !== undefined);
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
