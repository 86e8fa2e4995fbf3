import { positionDoc } from '@tradewind/contracts/documents/book';
import { orderDoc } from '@tradewind/contracts/documents/execution';
import { reconciliationDoc } from '@tradewind/contracts/documents/reconciliation';
import { paths } from '@tradewind/contracts/paths';
import { addMoney, negMoney, notional, subMoney, ZERO_MONEY } from '@tradewind/core/lib/units';
import type { OrderRef, PositionRef } from '@tradewind/core/order/reconcile/discrepancy';
import type { VenuePosition } from '@tradewind/core/order/reconcile/snapshot';
import { isTerminal, LATE_FILL_STATES } from '@tradewind/core/order/transitions';
import { resultPostings } from '@tradewind/core/portfolio/accounts';
import { mergePositions } from '@tradewind/core/portfolio/correct';
import type { ExecutionPorts } from '../execution/ports.ts';
import { protectAfter } from '../execution/protect-position.ts';
import { recordReport } from '../execution/record-report.ts';
import { lookupFailure, withRetries } from '../execution/venue-calls.ts';
import { readOpenBook, writeBookChange } from './book-change.ts';
import type { Acted, Acting } from './correct.ts';
import { resolveIn } from './records.ts';

const changed: Acted = { kind: 'changed', outcome: 'the ledger changed while it was compared' };

const recordOf = ({ bookId, recordId }: Acting): string => paths.reconciliation(bookId, recordId);

/** Gone from the venue and not yet explained: it stays open, and says so (D6). */
export async function markUnconfirmed(
  { store, clock }: ExecutionPorts,
  positions: readonly PositionRef[],
): Promise<void> {
  for (const { bookId, positionId } of positions)
    await store.transact(async (tx) => {
      const path = paths.position(bookId, positionId);
      const position = await tx.get(path, positionDoc);
      if (position?.status !== 'OPEN' && position?.status !== 'BUILDING') return;
      tx.set(path, positionDoc, {
        ...position,
        status: 'CLOSING_UNCONFIRMED',
        updatedAt: clock.wallNow(),
        version: position.version + 1,
      });
    });
}

/** The venue shows it again: it was never gone. */
export async function unmark(
  { store, clock }: ExecutionPorts,
  { bookId, positionId }: PositionRef,
): Promise<void> {
  await store.transact(async (tx) => {
    const path = paths.position(bookId, positionId);
    const position = await tx.get(path, positionDoc);
    if (position?.status !== 'CLOSING_UNCONFIRMED') return;
    tx.set(path, positionDoc, {
      ...position,
      status: 'OPEN',
      updatedAt: clock.wallNow(),
      version: position.version + 1,
    });
  });
}

/**
 * Takes over the venue's entry price (D9). Of orders that were filled at the same time the venue had realised more, or
 * less, than was booked here: that moves to the cash, so that what the position comes to in the end stays the same.
 */
export function amend(
  { store, clock }: ExecutionPorts,
  acting: Acting,
  { position: ref, venue }: { readonly position: PositionRef; readonly venue: VenuePosition },
): Promise<Acted> {
  return store.transact(async (tx) => {
    const path = paths.position(ref.bookId, ref.positionId);
    const [record, open, position] = await Promise.all([
      tx.get(recordOf(acting), reconciliationDoc),
      readOpenBook(tx, ref.bookId),
      tx.get(path, positionDoc),
    ]);
    if (position === undefined || position.status === 'CLOSED' || position.quantity === 0n)
      return changed;
    const [wallNow, marketNow] = [clock.wallNow(), clock.marketNow()];
    const cost = notional(venue.entryPrice, position.quantity, 'floor');
    const dearer = subMoney(cost, position.cost);
    const realized = position.side === 'LONG' ? dearer : negMoney(dearer);
    tx.set(path, positionDoc, {
      ...position,
      averageEntry: venue.entryPrice,
      cost,
      realizedPnl: addMoney(position.realizedPnl, realized),
      updatedAt: wallNow,
      version: position.version + 1,
    });
    const { bookId, recordId: id, difference } = acting;
    const entry = {
      entryId: `rec-${id}-${ref.bookId}-${position.version}`.slice(0, 128),
      kind: 'correction',
      postings: resultPostings(realized),
      cause: `${difference.type}: ${difference.cause}`,
    } as const;
    const change = { cash: realized, realizedPnl: realized, flow: ZERO_MONEY, entry };
    writeBookChange(tx, open, { change, wallNow, marketNow });
    const outcome = 'the entry price of the venue was taken over';
    resolveIn(tx, record, { bookId, id, difference, now: wallNow, outcome });
    return { kind: 'done', outcome };
  });
}

/** Makes one position of several documents of it (D11). */
export function merge(
  { store, clock }: ExecutionPorts,
  acting: Acting,
  { into, from }: { readonly into: PositionRef; readonly from: readonly PositionRef[] },
): Promise<Acted> {
  return store.transact(async (tx) => {
    const { bookId } = into;
    const ids = [into.positionId, ...from.map(({ positionId }) => positionId)];
    const [record, docs] = await Promise.all([
      tx.get(recordOf(acting), reconciliationDoc),
      tx.getMany(
        ids.map((id) => paths.position(bookId, id)),
        positionDoc,
      ),
    ]);
    const [oldest, ...others] = docs.filter((doc) => doc !== undefined);
    const isFree = docs.every(
      (doc) => doc !== undefined && doc.status !== 'CLOSED' && doc.closeIntentId === null,
    );
    if (oldest === undefined || !isFree) return changed;
    const merged = mergePositions(oldest, others, clock.marketNow());
    const now = clock.wallNow();
    for (const position of [merged.into, ...merged.ended])
      tx.set(paths.position(bookId, position.positionId), positionDoc, {
        ...position,
        updatedAt: now,
        version: position.version + 1,
      });
    const outcome = `${others.length + 1} documents became one`;
    const { recordId: id, difference } = acting;
    resolveIn(tx, record, { bookId: acting.bookId, id, difference, now, outcome });
    return { kind: 'done', outcome };
  });
}

/**
 * Reads orders of ours at the venue and books them, also those that were taken to have ended without a fill: that
 * end is withdrawn first, which only reconciliation may do (EXE-10).
 */
export async function recordOrders(
  ports: ExecutionPorts,
  acting: Acting,
  orders: readonly OrderRef[],
): Promise<Acted> {
  const { store, clock } = ports;
  const { venue } = acting.account;
  for (const { bookId, orderId } of orders) {
    const order = await reopened(ports, { bookId, orderId });
    if (order === undefined) continue;
    const lookup = await withRetries(
      ports,
      () => venue.lookup(order.symbol, orderId),
      lookupFailure,
    );
    if (lookup.kind === 'failed')
      throw new Error(`${lookup.error.code}: order ${orderId}: ${lookup.error.message}`);
    if (lookup.kind === 'absent')
      throw new Error(`The venue has fills of ${orderId} and not the order.`);
    const at = clock.wallNow();
    const { report } = lookup;
    const recorded = await recordReport(ports, { bookId, orderId, report, fills: [], venue, at });
    if (!recorded.ok)
      throw new Error(`Order ${orderId} could not be booked: ${recorded.error.kind}`);
    await protectAfter(ports, { before: order, after: recorded.value.order });
  }
  const outcome = `${orders.length} orders were booked`;
  const { bookId, recordId: id, difference } = acting;
  await store.transact(async (tx) => {
    const record = await tx.get(recordOf(acting), reconciliationDoc);
    resolveIn(tx, record, { bookId, id, difference, now: clock.wallNow(), outcome });
  });
  return { kind: 'done', outcome };
}

function reopened({ store, clock }: ExecutionPorts, { bookId, orderId }: OrderRef) {
  const path = paths.order(bookId, orderId);
  return store.transact(async (tx) => {
    const order = await tx.get(path, orderDoc);
    if (order === undefined) return undefined;
    const isOver = isTerminal(order.status) && !LATE_FILL_STATES.includes(order.status);
    if (!isOver || order.status === 'FILLED') return order;
    const next = {
      ...order,
      status: 'UNKNOWN' as const,
      rejectionReason: null,
      updatedAt: clock.wallNow(),
      version: order.version + 1,
    };
    tx.set(path, orderDoc, next);
    return next;
  });
}
