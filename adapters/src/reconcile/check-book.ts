import { bookDoc, ledgerDoc, positionDoc } from '@tradewind/contracts/documents/book';
import { fillDoc, orderDoc, type FillDoc } from '@tradewind/contracts/documents/execution';
import { reconciliationDoc } from '@tradewind/contracts/documents/reconciliation';
import { paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';
import { ZERO_MONEY } from '@tradewind/core/lib/units';
import { unverifiedOrders, type UnverifiedOrder } from '@tradewind/core/order/unverified';
import { checkLedger, type LedgerFault } from '@tradewind/core/portfolio/check-ledger';
import { countOrigins, type OriginCounts } from '@tradewind/core/portfolio/origins';
import { raiseAlert, resolveAlert } from '../alerts/raise-alert.ts';
import type { ExecutionPorts } from '../execution/ports.ts';
import { requireBook } from '../execution/records.ts';
import type { Store } from '../ledger/store.ts';
import { keepIntegrity } from './keep-integrity.ts';

/** What an integrity check of a book found. */
export type BookCheck = {
  readonly bookId: string;
  readonly orders: number;
  readonly fills: number;
  readonly entries: number;
  readonly faults: readonly LedgerFault[];
  /** Fills by what executed them (PF-35). */
  readonly origins: OriginCounts;
  /** Orders that the venue has not confirmed: in no total (PF-34). */
  readonly unverified: readonly UnverifiedOrder[];
};

/**
 * Reads all that a book ever recorded and checks it against itself (EXE-64). It asks no venue; something that is
 * booked while it reads can look like a fault, so that whoever finds one looks again.
 *
 * @throws Error when the book does not exist.
 */
export async function checkBook(
  store: Store,
  bookId: string,
  wallNow: EpochMs,
): Promise<BookCheck> {
  const { firestore } = store;
  const [book, positions, orders, entries, records] = await Promise.all([
    requireBook(store, bookId),
    store.query(firestore.collection(paths.positions(bookId)), positionDoc),
    store.query(firestore.collection(paths.orders(bookId)), orderDoc),
    store.query(firestore.collection(paths.ledger(bookId)), ledgerDoc),
    store.query(firestore.collection(paths.reconciliations(bookId)), reconciliationDoc),
  ]);
  const filled = orders.filter(({ filledQuantity }) => filledQuantity > 0n);
  const fills: FillDoc[] = [];
  for (const { orderId } of filled)
    fills.push(...(await store.query(firestore.collection(paths.fills(bookId, orderId)), fillDoc)));
  const corrected = new Set(
    positions
      .filter(({ symbol }) => records.some((record) => isCorrection(record, symbol)))
      .map(({ marketKey }) => marketKey),
  );
  const netDeposits = book.netDeposits ?? ZERO_MONEY;
  const faults = checkLedger({
    book: { ...book, netDeposits, positions, isLive: book.mode !== 'paper' },
    ...{ positions, orders, fills, entries, corrected, wallNow },
  });
  return {
    ...{ bookId, orders: orders.length, fills: fills.length, entries: entries.length, faults },
    origins: countOrigins(fills),
    unverified: unverifiedOrders(orders),
  };
}

/** A record that may have changed a quantity without a fill. */
const isCorrection = (
  {
    type,
    symbol,
    key,
  }: { readonly type: string; readonly symbol: string | null; readonly key: string },
  of: string,
): boolean =>
  ['D1', 'D6', 'D7', 'D8'].includes(type) &&
  (symbol === of || key === `spot/${of.split('-')[0] ?? ''}`);

/** Checks every book, at night; a book with faults is looked at twice, and then for people. */
export async function checkBooks(ports: ExecutionPorts): Promise<readonly BookCheck[]> {
  const { store, clock, log } = ports;
  const books = await store.query(store.firestore.collection(paths.books), bookDoc);
  const checks: BookCheck[] = [];
  for (const { bookId, name } of books) {
    const first = await checkBook(store, bookId, clock.wallNow());
    const check =
      first.faults.length === 0 ? first : await checkBook(store, bookId, clock.wallNow());
    checks.push(check);
    await keepIntegrity(ports, check);
    log.info('ledger checked', { bookId, fills: check.fills, faults: check.faults.length });
    const alert = { rule: 'ledger_integrity', bookId, symbol: null, now: clock.wallNow() };
    const [fault] = check.faults;
    if (fault === undefined) await resolveAlert(store, alert);
    else
      await raiseAlert(store, {
        ...alert,
        severity: 'CRITICAL',
        message: `${name}: ${check.faults.length} records contradict each other, such as: ${fault.words}. Run check-ledger for all of them.`,
        details: { faults: String(check.faults.length), first: fault.words },
      });
  }
  return checks;
}
