import {
  NO_VENUE_STOP,
  type BookDoc,
  type LedgerDoc,
  type PositionDoc,
  type TradeDoc,
} from '@tradewind/contracts/documents/book';
import type { FillDoc, OrderDoc } from '@tradewind/contracts/documents/execution';
import type { MarketDoc } from '@tradewind/contracts/documents/market';
import type { EpochMs } from '@tradewind/core/lib/time';
import {
  addMoney,
  addQty,
  negMoney,
  sumMoney,
  ZERO_MONEY,
  ZERO_QTY,
} from '@tradewind/core/lib/units';
import type { Fill } from '@tradewind/core/order/order';
import { EXTERNAL, unprotected } from '@tradewind/core/portfolio/external';
import type { OrderAnalysis } from '@tradewind/core/portfolio/order-analysis';
import type { FillOrigin } from '@tradewind/core/portfolio/origins';
import type { Position } from '@tradewind/core/portfolio/position';
import { applyFills, totalOf } from '../execution/apply-fills.ts';
import { instrumentOf } from '../execution/records.ts';
import { sortFills } from '../execution/report-effects.ts';

/** A fill and the position that it was booked on: late ones are on another than their order's others. `null`: never booked. */
export type BookedFill = Fill & { readonly positionId: string | null };

/** What a book is rebuilt from. */
export type RebuildFacts = {
  readonly book: BookDoc;
  readonly orders: readonly OrderDoc[];
  readonly positions: readonly PositionDoc[];
  readonly entries: readonly LedgerDoc[];
  readonly markets: ReadonlyMap<string, MarketDoc>;
  /** Every fill that is to count, of orders of this book that the venue has named. */
  readonly fills: readonly BookedFill[];
  /** Of the account that confirms them. */
  readonly origin: FillOrigin;
  readonly wallNow: EpochMs;
};

/** A book as its fills make it. */
export type Rebuilt = {
  readonly book: BookDoc;
  readonly positions: readonly PositionDoc[];
  readonly trades: readonly TradeDoc[];
  readonly entries: readonly LedgerDoc[];
  readonly fills: readonly FillDoc[];
};

/** What is not from fills stays: money that came and went. */
const KEPT: readonly LedgerDoc['kind'][] = ['deposit', 'withdrawal', 'funding', 'insurance'];

/**
 * Books every fill anew, oldest first, on an empty book. Corrections without fills are left out: where the venue still
 * differs afterwards, the next comparison finds it.
 *
 * @throws Error when a fill cannot be booked: then nothing may be switched.
 */
export function rebuild(facts: RebuildFacts): Rebuilt {
  const kept = facts.entries.filter(({ kind }) => KEPT.includes(kind));
  const orders = new Map(facts.orders.map((order) => [order.orderId, order]));
  const stored = new Map(facts.positions.map((position) => [position.positionId, position]));
  const positions = new Map<string, Position>();
  const result = {
    trades: [] as TradeDoc[],
    entries: [...kept],
    fills: [] as FillDoc[],
    book: emptyBook(facts, kept),
  };
  const sorted = sortFills(facts.fills);
  for (const [index, fill] of sorted.entries()) {
    const order = orders.get(fill.orderId);
    const market = order === undefined ? undefined : facts.markets.get(order.marketKey);
    if (order === undefined || market === undefined)
      throw new Error(`Fill ${fill.fillId} has no order or no market here.`);
    const positionId = fill.positionId ?? order.positionId;
    const step = { ...asOf(order, sorted, index), positionId };
    const known = stored.get(positionId);
    const before = positions.get(positionId);
    const booked = applyFills({
      book: result.book,
      order: step,
      position: before === undefined ? undefined : withRecord(before, known, facts.wallNow),
      fills: [fill],
      instrument: instrumentOf(market),
      protection: { ...(known?.protection ?? PLAN), stopAt: null, targetAt: null },
      origin: facts.origin,
      now: fill.at,
    });
    if (!booked.ok)
      throw new Error(
        `Fill ${fill.fillId} of ${fill.orderId} cannot be booked: ${booked.error.kind}`,
      );
    const { book, position, trade, postings } = booked.value;
    result.book = book;
    result.fills.push(...booked.value.fills);
    if (position !== null) positions.set(position.positionId, position);
    if (trade !== null)
      result.trades.push({
        ...trade,
        analysis: {
          entry: position === null ? null : openingOf(orders, position),
          exit: order.analysis ?? null,
        },
      });
    const entryId = `${fill.orderId}-${fill.fillId}`;
    result.entries.push({
      ...{ entryId, bookId: order.bookId, orderId: fill.orderId, kind: 'fill', at: fill.at },
      postings: [...(postings[0] ?? [])],
    });
  }
  const ended = [...positions.values()].map((position) =>
    withRecord(position, stored.get(position.positionId), facts.wallNow),
  );
  return { ...result, positions: ended };
}

/** The analysis of the order that opened a position; `null` where it is not known. */
const openingOf = (
  orders: ReadonlyMap<string, OrderDoc>,
  { tranches }: Pick<Position, 'tranches'>,
): OrderAnalysis | null => orders.get(tranches?.[0]?.orderIds[0] ?? '')?.analysis ?? null;

const PLAN = { stopLossPct: 5, takeProfitPct: 10, trailingStopPct: null };

function emptyBook({ book, wallNow }: RebuildFacts, kept: readonly LedgerDoc[]): BookDoc {
  const amounts = (account: string) =>
    sumMoney(
      kept.flatMap(({ postings }) =>
        postings.filter((posting) => posting.account === account).map(({ amount }) => amount),
      ),
    );
  return {
    ...book,
    cash: addMoney(book.initialBalance, amounts('cash')),
    netDeposits: negMoney(amounts('capital')),
    realizedPnl: negMoney(amounts('realized')),
    fees: ZERO_MONEY,
    roundTrips: 0,
    winningTrades: 0,
    dust: {},
    // What no real venue executed was left out.
    ...((book.frozen ?? null) === null ? {} : { frozen: null }),
    updatedAt: wallNow,
  };
}

/** The order as it was when this fill of it was booked: ended with its last. */
function asOf(order: OrderDoc, fills: readonly Fill[], index: number): OrderDoc {
  const own = (some: readonly Fill[]) => some.filter(({ orderId }) => orderId === order.orderId);
  const sofar = totalOf(own(fills.slice(0, index + 1)));
  const later = totalOf(own(fills.slice(index + 1)));
  return {
    ...order,
    filledQuantity: sofar.quantity,
    quantity: addQty(sofar.quantity, later.quantity),
    status: later.quantity > ZERO_QTY ? 'PARTIAL' : 'FILLED',
  };
}

/** A rebuilt position with what no fill tells: its protection, its stop at the venue, and what it was opened for. */
function withRecord(
  position: Position,
  known: PositionDoc | undefined,
  wallNow: EpochMs,
): PositionDoc {
  const foreign = unprotected(position.side, position.averageEntry);
  const own = known?.protection ?? position.protection;
  return {
    ...position,
    protection: position.strategyId === EXTERNAL ? foreign : own,
    entrySignalId: known?.entrySignalId ?? null,
    stop: known?.stop ?? NO_VENUE_STOP,
    updatedAt: wallNow,
    version: (known?.version ?? -1) + 1,
  };
}
