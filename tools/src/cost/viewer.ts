import { documentSize } from '@tradewind/adapters/ledger/document-size';
import type { Store } from '@tradewind/adapters/ledger/store';
import { presenceDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { targets, type WatchTarget } from '@tradewind/contracts/watch-targets';
import { operations, type Operations } from '@tradewind/core/cost/workload';
import { epochMs } from '@tradewind/core/lib/time';
import type { DocumentSnapshot, Query } from 'firebase-admin/firestore';

/** As the dashboard does it. */
const PRESENCE_MS = 60_000;
const PRESENCE_LASTS_MS = 90_000;

/** A dashboard without a screen: it opens what a browser opens, and counts what that costs. */
export type Viewer = {
  /** What opening it read: once, not for as long as it watches. */
  readonly opened: () => Operations;
  /** What it read and wrote since it was open. */
  readonly used: () => Operations;
  readonly close: () => void;
};

/** What every page of one book listens to, with the chart of one market. */
const opens = (book: string, marketKey: string): readonly WatchTarget[] => [
  targets.clock,
  targets.heartbeats,
  targets.boards,
  targets.markets,
  targets.books,
  targets.alerts,
  targets.riskState(book),
  targets.positions(book),
  targets.bots(book),
  targets.botStatuses(book),
  targets.parities(book),
  targets.orders(book, 50),
  targets.signals(book),
  targets.trades(book),
  targets.equity(book),
  targets.chunks(marketKey),
];

function queryOf(
  { firestore }: Store,
  target: WatchTarget & { readonly kind: 'collection' },
): Query {
  let query: Query = firestore.collection(target.path);
  if (target.where !== undefined) query = query.where(target.where[0], 'in', target.where[1]);
  if (target.newestBy !== undefined) query = query.orderBy(target.newestBy, 'desc');
  return query.limit(target.limit);
}

type Changed = readonly DocumentSnapshot[];

/** Hands on what each snapshot of a target brought; an empty one is billed as one read. */
function follow(store: Store, target: WatchTarget, changed: (documents: Changed) => void) {
  if (target.kind === 'document')
    return store.firestore.doc(target.path).onSnapshot((snapshot) => {
      changed([snapshot]);
    });
  return queryOf(store, target).onSnapshot((snapshot) => {
    changed(snapshot.docChanges().map(({ doc }) => doc));
  });
}

const readsOf = (documents: Changed): Operations =>
  operations({
    reads: Math.max(1, documents.length),
    bytesRead: documents.reduce(
      (sum, one) => sum + documentSize(one.ref.path, one.data() ?? {}),
      0,
    ),
  });

/** Opens a dashboard on `book` that shows `marketKey`, says that it is there, and goes on saying so. */
export async function openViewer(
  store: Store,
  {
    book,
    marketKey,
    id,
  }: { readonly book: string; readonly marketKey: string; readonly id: string },
): Promise<Viewer> {
  let [opening, watching] = [operations({}), operations({})];
  const add = (a: Operations, b: Operations): Operations => ({
    ...a,
    reads: a.reads + b.reads,
    writes: a.writes + b.writes,
    bytesRead: a.bytesRead + b.bytesRead,
  });
  const stops: (() => void)[] = [];
  const first = opens(book, marketKey).map(
    (target) =>
      new Promise<void>((ready) => {
        let isOpen = false;
        stops.push(
          follow(store, target, (documents) => {
            if (isOpen) watching = add(watching, readsOf(documents));
            else opening = add(opening, readsOf(documents));
            isOpen = true;
            ready();
          }),
        );
      }),
  );
  await Promise.all(first);
  const present = (): void => {
    const now = Date.now();
    watching = add(watching, operations({ writes: 1 }));
    void store.firestore
      .doc(paths.presence(id, 'tab'))
      .set(presenceDoc.encode({ at: epochMs(now), expiresAt: epochMs(now + PRESENCE_LASTS_MS) }));
  };
  present();
  const timer = setInterval(present, PRESENCE_MS);
  return {
    opened: () => opening,
    used: () => watching,
    close: () => {
      clearInterval(timer);
      for (const stop of stops) stop();
    },
  };
}
