import {
  bookDoc,
  ledgerDoc,
  NO_VENUE_STOP,
  positionDoc,
  riskStateDoc,
  tradeDoc,
  type PositionDoc,
} from '@tradewind/contracts/documents/book';
import { fillDoc, orderDoc, type OrderDoc } from '@tradewind/contracts/documents/execution';
import { marketDoc, type MarketDoc } from '@tradewind/contracts/documents/market';
import { reconciliationDoc } from '@tradewind/contracts/documents/reconciliation';
import { paths } from '@tradewind/contracts/paths';
import { marketKeyOf } from '@tradewind/core/instrument/instrument';
import { addMoney, sumMoney } from '@tradewind/core/lib/units';
import type { CloseReason } from '@tradewind/core/order/intent';
import type { Booking } from '@tradewind/core/order/reconcile/discrepancy';
import type { VenueFill } from '@tradewind/core/order/reconcile/snapshot';
import { EXTERNAL, unprotected } from '@tradewind/core/portfolio/external';
import { originOf } from '@tradewind/core/portfolio/origins';
import type { Position } from '@tradewind/core/portfolio/position';
import { applyFills } from '../execution/apply-fills.ts';
import { openPositions } from '../execution/ledger-queries.ts';
import type { ExecutionPorts } from '../execution/ports.ts';
import { instrumentOf } from '../execution/records.ts';
import { sortFills } from '../execution/report-effects.ts';
import type { StoreTx } from '../ledger/store.ts';
import { homeOf } from './accounts.ts';
import { readOpenBook, type OpenBook } from './book-change.ts';
import type { Acted, Acting } from './correct.ts';
import { externalOrder, externalOrderId } from './external-order.ts';
import { resolveIn } from './records.ts';

/** Fills of one stranger's order that go to one position. */
type Group = {
  readonly bookId: string;
  /** `null`: a position of EXTERNAL. */
  readonly positionId: string | null;
  readonly fills: readonly VenueFill[];
};

function groupsOf(acting: Acting, bookings: readonly Booking[]): readonly Group[] {
  const home = homeOf(acting.account).bookId;
  const groups = new Map<
    string,
    { bookId: string; positionId: string | null; fills: VenueFill[] }
  >();
  for (const { fill, position } of bookings) {
    const bookId = position?.bookId ?? home;
    const positionId = position?.positionId ?? null;
    const key = JSON.stringify([bookId, positionId, fill.symbol, fill.venueOrderId]);
    const group = groups.get(key) ?? { bookId, positionId, fills: [] };
    group.fills.push(fill);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/**
 * Books fills of orders that are not ours, as what they were: each of a stranger's orders in one transaction, the last
 * with the record's end. Fills are create-only, so that a pass that is repeated books the rest.
 */
export async function bookForeign(
  ports: ExecutionPorts,
  acting: Acting,
  { bookings, reason }: { readonly bookings: readonly Booking[]; readonly reason: CloseReason },
): Promise<Acted> {
  const groups = groupsOf(acting, bookings);
  const markets = await marketsOf(ports, acting, groups);
  for (const group of groups) {
    const booked = await ports.store.transact((tx) =>
      bookGroup(ports, tx, {
        acting,
        group,
        reason,
        market: markets.get(group.fills[0]?.symbol ?? ''),
        isLast: group === groups.at(-1),
      }),
    );
    if (booked !== null) return { kind: 'changed', outcome: booked };
  }
  return { kind: 'done', outcome: `${bookings.length} fills were booked` };
}

async function marketsOf(
  { store }: ExecutionPorts,
  { account }: Acting,
  groups: readonly Group[],
): Promise<ReadonlyMap<string, MarketDoc>> {
  const { venue } = homeOf(account);
  const symbols = new Set(groups.flatMap(({ fills }) => fills.map(({ symbol }) => symbol)));
  const read = await Promise.all(
    [...symbols].map(async (symbol) => {
      const key = marketKeyOf(venue, account.venue.capabilities.market, symbol);
      const known = await store.get(paths.market(key), marketDoc);
      if (known === undefined) throw new Error(`Market "${key}" does not exist.`);
      return [symbol, known] as const;
    }),
  );
  return new Map(read);
}

type GroupBooking = {
  readonly acting: Acting;
  readonly group: Group;
  readonly reason: CloseReason;
  readonly market: MarketDoc | undefined;
  readonly isLast: boolean;
};

/** `null` when it was booked, else why it was not. */
async function bookGroup(
  ports: ExecutionPorts,
  tx: StoreTx,
  { acting, group, reason, market, isLast }: GroupBooking,
): Promise<string | null> {
  const { bookId } = group;
  const first = group.fills[0];
  if (first === undefined || market === undefined) return 'a market is unknown';
  const orderId = externalOrderId(first.symbol, first.venueOrderId);
  const recordPath = paths.reconciliation(acting.bookId, acting.recordId);
  const [record, open, known, held, stored] = await Promise.all([
    tx.get(recordPath, reconciliationDoc),
    readOpenBook(tx, bookId),
    tx.get(paths.order(bookId, orderId), orderDoc),
    tx.query(openPositions(ports.store, bookId), positionDoc),
    tx.getMany(
      group.fills.map(({ fillId }) => paths.fill(bookId, orderId, fillId)),
      fillDoc,
    ),
  ]);
  const fresh = sortFills(group.fills.filter((_, index) => stored[index] === undefined));
  const position = targetOf(group, held, { market, side: sideOf(acting, first) });
  if (group.positionId !== null && (position === undefined || position.closeIntentId !== null))
    return 'the position changed while it was compared';
  const wallNow = ports.clock.wallNow();
  const seen = { bookId: acting.bookId, id: acting.recordId, difference: acting.difference };
  if (fresh.length > 0) {
    const strange = { bookId, orderId, position, market, reason, wallNow, fills: fresh };
    const order = externalOrder(known, { ...strange, recordId: acting.recordId });
    const fault = writeBooked(ports, tx, { acting, open, order, position, market, fills: fresh });
    if (fault !== null) return fault;
  }
  if (isLast) resolveIn(tx, record, { ...seen, now: wallNow, outcome: 'the fills were booked' });
  return null;
}

type ForeignBooking = {
  readonly acting: Acting;
  readonly open: OpenBook;
  readonly order: OrderDoc;
  readonly position: PositionDoc | undefined;
  readonly market: MarketDoc;
  readonly fills: readonly VenueFill[];
};

/** Books fills of a stranger's order with all that they change; why not, if they cannot be. */
function writeBooked(
  ports: ExecutionPorts,
  tx: StoreTx,
  { acting, open, order, position, market, fills: fresh }: ForeignBooking,
): string | null {
  const { bookId, orderId } = order;
  const wallNow = ports.clock.wallNow();
  const booked = applyFills({
    book: open.book,
    order,
    position,
    fills: fresh,
    instrument: instrumentOf(market),
    protection: PLAN,
    origin: originOf(open.book, acting.account.venue.capabilities.simulated),
    now: ports.clock.marketNow(),
  });
  if (!booked.ok) return `a fill cannot be booked: ${booked.error.kind}`;
  const { fills, postings, trade, position: next } = booked.value;
  const fees = addMoney(order.fees, sumMoney(fills.map(({ feeQuote }) => feeQuote)));
  tx.set(paths.order(bookId, orderId), orderDoc, { ...order, fees });
  for (const [index, fill] of fills.entries()) {
    const entryId = `${orderId}-${fill.fillId}`;
    tx.create(paths.fill(bookId, orderId, fill.fillId), fillDoc, fill);
    tx.set(paths.ledgerEntry(bookId, entryId), ledgerDoc, {
      ...{ entryId, bookId, orderId, kind: 'fill', at: fill.at },
      postings: [...(postings[index] ?? [])],
      cause: `${acting.difference.type}: an order that is not ours`,
    });
  }
  tx.set(paths.book(bookId), bookDoc, { ...booked.value.book, updatedAt: wallNow });
  if (open.risk !== undefined)
    tx.set(paths.riskState(bookId), riskStateDoc, { ...open.risk, updatedAt: wallNow });
  if (next !== null) writePosition(tx, next, { before: position, wallNow });
  if (trade !== null) tx.set(paths.trade(bookId, trade.tradeId), tradeDoc, trade);
  return null;
}

function writePosition(
  tx: StoreTx,
  next: Position,
  {
    before,
    wallNow,
  }: {
    readonly before: PositionDoc | undefined;
    readonly wallNow: PositionDoc['updatedAt'];
  },
): void {
  const isForeign = next.strategyId === EXTERNAL;
  tx.set(paths.position(next.bookId, next.positionId), positionDoc, {
    ...next,
    protection: isForeign ? unprotected(next.side, next.averageEntry) : next.protection,
    entrySignalId: before?.entrySignalId ?? null,
    stop: before?.stop ?? NO_VENUE_STOP,
    updatedAt: wallNow,
    version: before === undefined ? 0 : before.version + 1,
  });
}

/** Distances that are overwritten: positions of EXTERNAL have no protection. */
const PLAN = {
  stopLossPct: 50,
  takeProfitPct: 200,
  trailingStopPct: null,
  stopAt: null,
  targetAt: null,
};

/** The side that a stranger's fill enlarges: spot has one. */
const sideOf = ({ account }: Acting, fill: VenueFill): PositionDoc['side'] =>
  account.venue.capabilities.market === 'spot' || fill.side === 'BUY' ? 'LONG' : 'SHORT';

function targetOf(
  { positionId }: Group,
  held: readonly PositionDoc[],
  { market, side }: { readonly market: MarketDoc; readonly side: PositionDoc['side'] },
): PositionDoc | undefined {
  if (positionId !== null) return held.find((position) => position.positionId === positionId);
  return held.find(
    (position) =>
      position.strategyId === EXTERNAL &&
      position.marketKey === market.marketKey &&
      position.side === side,
  );
}
