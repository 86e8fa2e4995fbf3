import {
  bookDoc,
  positionDoc,
  type BookDoc,
  type PositionDoc,
} from '@tradewind/contracts/documents/book';
import { botDoc, type BotDoc } from '@tradewind/contracts/documents/bot';
import { paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Query } from 'firebase-admin/firestore';
import type { z } from 'zod';
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

/**
 * Follows books, running bots and open positions as Firestore tells of them; resolves once all that
 * is there at the beginning is known (EXE-61). Books of other venues are not this worker's.
 *
 * @throws Error when Firestore does not answer in time.
 */
export async function watchLedger(ports: WorkerPorts, events: LedgerEvents): Promise<LedgerView> {
  const { store, clock, log } = ports;
  const books = new Map<string, BookDoc>();
  const bots = new Map<string, BotDoc>();
  const positions = new Map<string, Map<string, PositionDoc>>();
  const changed = new Map<string, EpochMs>();
  const stops = new Map<string, () => void>();

  /** Resolves with the first snapshot; later ones go on to `onDoc` and `onGone`. */
  const follow = <S extends z.ZodType<object, object>>(
    name: string,
    query: Query,
    handle: {
      readonly schema: S;
      readonly onDoc: (id: string, value: z.infer<S>) => void;
      readonly onGone: (id: string) => void;
    },
  ): Promise<void> =>
    new Promise((ready, failed) => {
      const stop = query.onSnapshot(
        (snapshot) => {
          const changes = snapshot.docChanges();
          store.usage.reads += Math.max(1, changes.length);
          for (const { type, doc } of changes) {
            if (type === 'removed') {
              handle.onGone(doc.id);
              continue;
            }
            const parsed = handle.schema.safeParse(doc.data());
            if (parsed.success) handle.onDoc(doc.id, parsed.data);
            else log.error('a document is malformed', { path: doc.ref.path, error: parsed.error });
          }
          ready();
        },
        (error) => {
          failed(error);
          events.onLost(error);
        },
      );
      stops.set(name, stop);
    });

  const touch = (bookId: string): void => void changed.set(bookId, clock.wallNow());
  const followPositions = (bookId: string): Promise<void> => {
    const held = new Map<string, PositionDoc>();
    positions.set(bookId, held);
    const query = store.firestore.collection(paths.positions(bookId)).where('status', 'in', HELD);
    return follow(`positions/${bookId}`, query, {
      schema: positionDoc,
      onDoc: (id, position) => {
        held.set(id, position);
        touch(bookId);
        events.onPosition(position);
      },
      onGone: (id) => {
        held.delete(id);
        touch(bookId);
        events.onPositionGone(bookId, id);
      },
    });
  };
  const first: Promise<void>[] = [];
  const firstBooks = follow('books', store.firestore.collection(paths.books), {
    schema: bookDoc,
    onDoc: (id, book) => {
      books.set(id, book);
      touch(id);
      if (positions.has(id)) return;
      const known = followPositions(id);
      known.catch(() => undefined);
      first.push(known);
    },
    onGone: (id) => {
      books.delete(id);
      stops.get(`positions/${id}`)?.();
      positions.delete(id);
    },
  });
  const running = store.firestore.collection(paths.bots).where('status', '==', 'RUNNING');
  const firstBots = follow('bots', running, {
    schema: botDoc,
    onDoc: (id, bot) => void bots.set(id, bot),
    onGone: (id) => void bots.delete(id),
  });

  const close = (): void => {
    for (const stop of stops.values()) stop();
    stops.clear();
  };
  try {
    await inTime(Promise.all([firstBooks, firstBots]).then(() => Promise.all(first)));
  } catch (error) {
    close();
    throw error;
  }
  const runningBots = (): BotDoc[] =>
    [...bots.values()].filter(({ bookId }) => books.get(bookId)?.status === 'RUNNING');
  const open = (): PositionDoc[] => [...positions.values()].flatMap((held) => [...held.values()]);
  return {
    books,
    bots: runningBots,
    positions: (bookId) => [...(positions.get(bookId)?.values() ?? [])],
    followed: () => {
      const markets = [...runningBots(), ...open()].filter(({ marketKey }) =>
        marketKey.startsWith('binance_spot_'),
      );
      const unique = new Map(markets.map(({ marketKey, symbol }) => [marketKey, symbol]));
      return [...unique]
        .map(([marketKey, symbol]) => ({ marketKey, symbol }))
        .sort((a, b) => (a.marketKey < b.marketKey ? -1 : 1));
    },
    changedAt: (bookId) => changed.get(bookId),
    close,
  };
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
