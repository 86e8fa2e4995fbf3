import {
  bookDoc,
  ledgerDoc,
  positionDoc,
  riskStateDoc,
  tradeDoc,
} from '@tradewind/contracts/documents/book';
import {
  fillDoc,
  orderDoc,
  type FillDoc,
  type OrderDoc,
} from '@tradewind/contracts/documents/execution';
import { marketDoc } from '@tradewind/contracts/documents/market';
import { backupDoc } from '@tradewind/contracts/documents/reconciliation';
import { paths } from '@tradewind/contracts/paths';
import { err, ok, type Result } from '@tradewind/core/lib/result';
import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import { ZERO_MONEY, type Money } from '@tradewind/core/lib/units';
import { fillOf, isProof } from '@tradewind/core/order/fill-size';
import type { Fill } from '@tradewind/core/order/order';
import { isTerminal } from '@tradewind/core/order/transitions';
import { checkLedger } from '@tradewind/core/portfolio/check-ledger';
import { isForeignTo, originOf } from '@tradewind/core/portfolio/origins';
import type { DocumentData } from 'firebase-admin/firestore';
import type { ExecutionPorts } from '../execution/ports.ts';
import { requireBook } from '../execution/records.ts';
import { resultFailure, withRetries } from '../execution/venue-calls.ts';
import type { Venue } from '../venue/venue.ts';
import { documentsOf, replaceDocuments, restoreBackup, writeBackup } from './backup.ts';
import { rebuild, type Rebuilt, type RebuildFacts } from './rebuild-plan.ts';

export type RebuildRequest = {
  readonly bookId: string;
  /** Names the backup: a rebuild that was cut short is run again under its name. */
  readonly backupId: string;
  /** Fills of so many days are read from the venue; older ones stay as they are. */
  readonly daysBack: number;
  /** Only tells what would change. */
  readonly dryRun: boolean;
};

/** What a rebuild changes, or would. */
export type RebuildReport = {
  readonly fills: number;
  /** Fills of the ledger that the venue does not know, or whose order it never named: set aside. */
  readonly quarantined: readonly string[];
  /** Fills of the venue that were not booked. */
  readonly imported: readonly string[];
  readonly cash: { readonly before: Money; readonly after: Money };
  readonly realizedPnl: { readonly before: Money; readonly after: Money };
  readonly backupId: string | null;
};

const DAY_MS = 86_400_000;

/**
 * Builds a book anew from the venue's fills (EXE-63): backs it up, sets aside what the venue does not confirm, books
 * every fill again, verifies, and only then switches. Nothing is lost: `restoreBackup` puts the old book back.
 *
 * Refused, with why, while the book may enter or has orders under way.
 */
export async function rebuildLedger(
  ports: ExecutionPorts,
  request: RebuildRequest,
): Promise<Result<RebuildReport, string>> {
  const { store, clock } = ports;
  const { bookId, backupId } = request;
  const interrupted = await store.get(paths.backup(bookId, backupId), backupDoc);
  const now = clock.wallNow();
  if (interrupted?.status === 'SWITCHING') await restoreBackup(store, { bookId, backupId, now });
  const obstacle = await findObstacle(ports, bookId);
  if (obstacle !== null) return err(obstacle);
  const read = await readFacts(ports, request);
  if (!read.ok) return read;
  const { facts, ...found } = read.value;
  const rebuilt = rebuild(facts);
  const faults = verify(facts, rebuilt);
  const [fault] = faults;
  if (fault !== undefined)
    return err(`The rebuilt book is not right (${fault}); nothing was changed.`);
  const report: RebuildReport = {
    ...found,
    fills: rebuilt.fills.length,
    cash: { before: facts.book.cash, after: rebuilt.book.cash },
    realizedPnl: { before: facts.book.realizedPnl, after: rebuilt.book.realizedPnl },
    backupId: request.dryRun ? null : backupId,
  };
  if (request.dryRun) return ok(report);
  await switchTo(ports, { bookId, backupId, rebuilt });
  return ok(report);
}

/** Nothing may move while a book is rebuilt; stops that rest at the venue may stay. */
async function findObstacle({ store }: ExecutionPorts, bookId: string): Promise<string | null> {
  const risk = await store.get(paths.riskState(bookId), riskStateDoc);
  if (risk === undefined || (risk.executionEnabled && !risk.emergencyStop))
    return 'Stop entries first: a book is rebuilt while nothing trades (emergencyCancel).';
  const orders = await store.query(store.firestore.collection(paths.orders(bookId)), orderDoc);
  const working = orders.filter(({ status, type }) => !isTerminal(status) && type !== 'STOP');
  return working.length === 0
    ? null
    : `${working.length} orders are under way, such as ${working[0]?.orderId ?? ''}. Wait for their end.`;
}

type Found = Pick<RebuildReport, 'quarantined' | 'imported'> & { readonly facts: RebuildFacts };

async function readFacts(
  ports: ExecutionPorts,
  { bookId, daysBack }: RebuildRequest,
): Promise<Result<Found, string>> {
  const { store, clock } = ports;
  const { firestore } = store;
  const book = await requireBook(store, bookId);
  const [orders, positions, entries] = await Promise.all([
    store.query(firestore.collection(paths.orders(bookId)), orderDoc),
    store.query(firestore.collection(paths.positions(bookId)), positionDoc),
    store.query(firestore.collection(paths.ledger(bookId)), ledgerDoc),
  ]);
  const stored: FillDoc[] = [];
  for (const { orderId } of orders)
    stored.push(
      ...(await store.query(firestore.collection(paths.fills(bookId, orderId)), fillDoc)),
    );
  const keys = [...new Set(orders.map(({ marketKey }) => marketKey))];
  const markets = await Promise.all(keys.map((key) => store.get(paths.market(key), marketDoc)));
  const known = new Map(markets.flatMap((it) => (it === undefined ? [] : [[it.marketKey, it]])));
  const since = epochMs(Math.max(book.createdAt, clock.marketNow() - daysBack * DAY_MS));
  const venue = await ports.venueOf(book);
  const told = await venueFills(ports, venue, { orders, since });
  if (!told.ok) return told;
  const keyOf = ({ orderId, fillId }: Fill): string => `${orderId}-${fillId}`;
  const named = new Set(orders.flatMap((it) => (it.venueOrderId === null ? [] : [it.orderId])));
  const atVenue = new Map(told.value.map((fill) => [keyOf(fill), fill]));
  const isGood = (fill: FillDoc): boolean =>
    !isForeignTo(book, fill) &&
    named.has(fill.orderId) &&
    (fill.at < since || atVenue.has(keyOf(fill)));
  const good = stored.filter(isGood);
  const booked = new Set(good.map(keyOf));
  const imported = told.value.filter((fill) => !booked.has(keyOf(fill)));
  return ok({
    quarantined: stored.filter((fill) => !isGood(fill)).map(keyOf),
    imported: imported.map(keyOf),
    facts: {
      ...{ book, orders, positions, entries, markets: known, wallNow: clock.wallNow() },
      origin: originOf(book, venue.capabilities.simulated),
      fills: [
        ...good.map((fill) => ({
          ...fillOf(fill, fill.orderId),
          positionId: fill.positionId,
        })),
        ...imported.map((fill) => ({ ...fill, positionId: null })),
      ],
    },
  });
}

/** What the venue tells of this book's orders; of others' it is the comparison's to find. */
async function venueFills(
  ports: ExecutionPorts,
  venue: Venue,
  { orders, since }: { readonly orders: readonly OrderDoc[]; readonly since: EpochMs },
): Promise<Result<readonly Fill[], string>> {
  const ours = new Map(
    orders.flatMap(({ venueOrderId, orderId }) =>
      venueOrderId === null ? [] : [[venueOrderId, orderId]],
    ),
  );
  const fills: Fill[] = [];
  for (const symbol of new Set(orders.map((order) => order.symbol))) {
    const read = await withRetries(ports, () => venue.fillsSince(symbol, since), resultFailure);
    if (!read.ok) return err(`${read.error.code}: fills of ${symbol}: ${read.error.message}`);
    for (const fill of read.value) {
      const orderId = ours.get(fill.venueOrderId);
      if (orderId === undefined) continue;
      if (!isProof(fill)) return err(`the size of fill ${fill.fillId} of ${symbol} is not proven`);
      fills.push(fillOf(fill, orderId));
    }
  }
  return ok(fills);
}

function verify({ orders, wallNow }: RebuildFacts, rebuilt: Rebuilt): readonly string[] {
  const { book, positions, fills, entries } = rebuilt;
  return checkLedger({
    book: {
      ...book,
      netDeposits: book.netDeposits ?? ZERO_MONEY,
      positions,
      // The origin of a book is no matter of its fills.
      isLive: false,
    },
    ...{ positions, orders, fills, entries, corrected: new Set(), wallNow },
  }).map(({ words }) => words);
}

/** Backs up, then replaces; the backup's document says how far it came. */
async function switchTo(
  { store, clock }: ExecutionPorts,
  {
    bookId,
    backupId,
    rebuilt,
  }: { readonly bookId: string; readonly backupId: string; readonly rebuilt: Rebuilt },
): Promise<void> {
  const backup = await writeBackup(store, { bookId, backupId, now: clock.wallNow() });
  const mark = (status: 'SWITCHING' | 'DONE'): Promise<void> =>
    store.set(paths.backup(bookId, backupId), backupDoc, {
      ...backup,
      status,
      updatedAt: clock.wallNow(),
    });
  const set = new Map<string, DocumentData>();
  for (const fill of rebuilt.fills)
    set.set(paths.fill(bookId, fill.orderId, fill.fillId), fillDoc.encode(fill));
  for (const entry of rebuilt.entries)
    set.set(paths.ledgerEntry(bookId, entry.entryId), ledgerDoc.encode(entry));
  for (const trade of rebuilt.trades)
    set.set(paths.trade(bookId, trade.tradeId), tradeDoc.encode(trade));
  for (const position of rebuilt.positions)
    set.set(paths.position(bookId, position.positionId), positionDoc.encode(position));
  set.set(paths.book(bookId), bookDoc.encode(rebuilt.book));
  const current = await documentsOf(store, bookId);
  const remove = current.map(({ ref }) => ref.path).filter((path) => !set.has(path));
  await mark('SWITCHING');
  await replaceDocuments(store, { set, remove });
  await mark('DONE');
}
