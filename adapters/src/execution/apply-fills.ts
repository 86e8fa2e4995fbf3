import type { BookDoc, PositionDoc } from '@tradewind/contracts/documents/book';
import type { FillDoc, OrderDoc } from '@tradewind/contracts/documents/execution';
import type { Instrument } from '@tradewind/core/instrument/instrument';
import { hashId } from '@tradewind/core/lib/ids';
import { err, ok, type Result } from '@tradewind/core/lib/result';
import type { EpochMs } from '@tradewind/core/lib/time';
import {
  addMoney,
  addQty,
  subQty,
  ZERO_MONEY,
  ZERO_QTY,
  type Money,
  type Qty,
} from '@tradewind/core/lib/units';
import { fillValue } from '@tradewind/core/order/fill-size';
import type { Fill } from '@tradewind/core/order/order';
import { isTerminal } from '@tradewind/core/order/transitions';
import { applyFill } from '@tradewind/core/portfolio/apply-fill';
import type { Posting } from '@tradewind/core/portfolio/accounts';
import type { FillEffect, FillFault, RoundTrip } from '@tradewind/core/portfolio/fill-effect';
import { addDust } from '@tradewind/core/portfolio/dust';
import { EXTERNAL } from '@tradewind/core/portfolio/external';
import { isForeignTo, type FillOrigin } from '@tradewind/core/portfolio/origins';
import type { Position } from '@tradewind/core/portfolio/position';
import type { ProtectionPlan } from '@tradewind/core/portfolio/protection';
import { settleOrderEnd } from '@tradewind/core/portfolio/settle';

/** What the fills of one report are booked on. */
export type Booking = {
  readonly book: BookDoc;
  /** As it will be stored: filled quantity and state already include `fills`. */
  readonly order: OrderDoc;
  readonly position: PositionDoc | undefined;
  /** Fills that are not booked yet, oldest first. */
  readonly fills: readonly Fill[];
  readonly instrument: Instrument;
  readonly protection: ProtectionPlan;
  /** Of what executed the fills. */
  readonly origin: FillOrigin;
  /** Market time. */
  readonly now: EpochMs;
};

/** Everything that the fills of one report change. */
export type Booked = {
  readonly book: BookDoc;
  readonly position: Position | null;
  readonly fills: readonly FillDoc[];
  /** Of each fill, in the same order. */
  readonly postings: readonly (readonly Posting[])[];
  readonly trade: RoundTrip | null;
};

/** Quantity and quote value of fills: what an order's own totals must agree with. */
export function totalOf(fills: readonly Fill[]): { readonly quantity: Qty; readonly quote: Money } {
  return fills.reduce(
    (sum, fill) => ({
      quantity: addQty(sum.quantity, fill.quantity),
      quote: addMoney(sum.quote, fillValue(fill)),
    }),
    { quantity: ZERO_QTY, quote: ZERO_MONEY },
  );
}

/** Why fills cannot be booked; `notLive`: what no real venue executed is in no live book (PF-35). */
export type BookingFault =
  FillFault | { readonly kind: 'notLive'; readonly mode: string; readonly origin: FillOrigin };

/** Books fills one after the other on the position, the book's totals and its dust. */
export function applyFills(booking: Booking): Result<Booked, BookingFault> {
  const { fills, order, instrument, protection, origin } = booking;
  if (fills.length > 0 && isForeignTo(booking.book, booking))
    return err({ kind: 'notLive', mode: booking.book.mode, origin });
  const { positionId, position } = targetOf(booking);
  let state: Booked = { book: booking.book, position, fills: [], postings: [], trade: null };
  for (const [index, fill] of fills.entries()) {
    const later = totalOf(fills.slice(index + 1)).quantity;
    const effect = applyFill({
      position: state.position,
      fill,
      order: { ...order, positionId, remaining: addQty(later, openRest(order)) },
      instrument,
      protection,
    });
    if (!effect.ok) return err(effect.error);
    state = bookEffect(state, effect.value, { fill, booking });
  }
  const isEnd = fills.length === 0 && isTerminal(order.status) && !isUnfiredStop(order);
  return ok(isEnd ? endOrder(state, booking) : state);
}

/** A stop that was taken away sold nothing: its position goes on as it was. */
const isUnfiredStop = ({ type, filledQuantity }: OrderDoc): boolean =>
  type === 'STOP' && filledQuantity === 0n;

/** What of the order may still be filled. */
const openRest = ({ status, quantity, filledQuantity }: OrderDoc): Qty =>
  isTerminal(status) ? ZERO_QTY : subQty(quantity, filledQuantity);

const isEntry = ({ action }: OrderDoc): boolean => action === 'ENTER' || action === 'ADD';

/**
 * Of open positions the one that a sale took from whose own position was closed: the same strategy's before others',
 * what nobody here opened last, and the oldest of several. `undefined` when none holds as much.
 */
export function lateTarget<
  P extends Pick<Position, 'marketKey' | 'side' | 'quantity' | 'strategyId' | 'openedAt'>,
>(
  open: readonly P[],
  { order, sold }: { readonly order: OrderDoc; readonly sold: Qty },
): P | undefined {
  const side = order.side === 'SELL' ? 'LONG' : 'SHORT';
  const rank = ({ strategyId }: P): number =>
    strategyId === order.strategyId ? 0 : strategyId === EXTERNAL ? 2 : 1;
  return open
    .filter((held) => held.marketKey === order.marketKey && held.side === side)
    .filter(({ quantity }) => quantity >= sold)
    .toSorted((a, b) => (rank(a) === rank(b) ? a.openedAt - b.openedAt : rank(a) - rank(b)))[0];
}

/**
 * The position that the fills belong to. Entry fills that become known after their position was
 * closed open another one, named after the first of them: what was bought has to be protected.
 */
function targetOf({ order, position, fills }: Booking): {
  readonly positionId: string;
  readonly position: Position | null;
} {
  const [first] = fills;
  const isLate = position?.status === 'CLOSED' && isEntry(order) && first !== undefined;
  return isLate
    ? { positionId: hashId('position', order.orderId, first.fillId), position: null }
    : { positionId: order.positionId, position: position ?? null };
}

function bookEffect(
  state: Booked,
  effect: FillEffect,
  { fill, booking }: { readonly fill: Fill; readonly booking: Booking },
): Booked {
  const { bookId, orderId, symbol } = booking.order;
  const record: FillDoc = {
    fillId: fill.fillId,
    orderId,
    bookId,
    positionId: effect.position.positionId,
    symbol,
    side: fill.side,
    price: fill.price,
    quantity: fill.quantity,
    sizeQuote: fillValue(fill),
    origin: booking.origin,
    fee: fill.fee,
    feeCurrency: fill.feeCurrency,
    feeQuote: effect.feeQuote,
    at: fill.at,
  };
  const book = {
    ...state.book,
    cash: addMoney(state.book.cash, effect.book.cash),
    realizedPnl: addMoney(state.book.realizedPnl, effect.book.realizedPnl),
    fees: addMoney(state.book.fees, effect.book.fees),
  };
  return {
    ...closing({ ...state, book }, effect, booking.order.marketKey),
    fills: [...state.fills, record],
    postings: [...state.postings, effect.postings],
  };
}

/** The end of an order brings no fill, but can leave a position too small to sell. */
function endOrder(state: Booked, { order, instrument, now }: Booking): Booked {
  const { position } = state;
  if (position === null || position.status === 'CLOSED') return state;
  const price = order.averagePrice ?? order.expectedPrice;
  const effect = settleOrderEnd({ position, order, instrument, price, now });
  return closing(state, effect, order.marketKey);
}

/** Dust and round trip of a position that an effect closed. */
function closing(
  state: Booked,
  { position, dust, trade }: Pick<FillEffect, 'position' | 'dust' | 'trade'>,
  marketKey: string,
): Booked {
  const { book } = state;
  return {
    ...state,
    position,
    trade: trade ?? state.trade,
    book: {
      ...book,
      dust: dust === null ? book.dust : addDust(book.dust, { marketKey, left: dust }),
      roundTrips: book.roundTrips + (trade === null ? 0 : 1),
      winningTrades: book.winningTrades + (trade?.outcome === 'profitable' ? 1 : 0),
    },
  };
}
