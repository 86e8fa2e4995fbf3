import type {
  AccountFill,
  AccountOrder,
  VenueError,
  VenueOrder,
} from '@tradewind/adapters/venue/venue';
import type { EpochMs } from '@tradewind/core/lib/time';
import {
  ZERO_MONEY,
  ZERO_QTY,
  addMoney,
  addQty,
  averagePrice,
  notional,
  subQty,
  type Money,
  type Price,
  type Qty,
} from '@tradewind/core/lib/units';
import type { Fill, OrderReport } from '@tradewind/core/order/order';

/** An order that the fake venue took. */
export type Held = {
  readonly order: VenueOrder;
  readonly venueOrderId: string;
  readonly placedAt: EpochMs;
  status: OrderReport['status'];
  fills: Fill[];
  hidden: boolean;
};

/** What the fake says when it does not do what it is asked. */
export const failure = (code: string, retryable: boolean): VenueError => ({
  code,
  severity: 'MEDIUM',
  retryable,
  message: `the fake venue says ${code}`,
  retryAfterMs: null,
});

/** Rests until the market reaches its trigger. */
export const isStop = ({ type }: VenueOrder): boolean => type === 'STOP' || type === 'TAKE_PROFIT';

/** True when the market at `price` fires the stop order (as the port documents it). */
export function fires({ type, side, triggerPrice }: VenueOrder, price: Price): boolean {
  if (triggerPrice === undefined || triggerPrice === null) return false;
  const below = (type === 'STOP') === (side === 'SELL');
  return below ? price <= triggerPrice : price >= triggerPrice;
}

/** Quantity executed so far. */
const filledOf = ({ fills }: Held): Qty =>
  fills.reduce((sum, { quantity }) => addQty(sum, quantity), ZERO_QTY);
const quoteOf = ({ fills }: Held): Money =>
  fills.reduce(
    (sum, fill) => addMoney(sum, notional(fill.price, fill.quantity, 'floor')),
    ZERO_MONEY,
  );

/** What is left of its quantity. */
export const restOf = (held: Held): Qty => subQty(held.order.quantity, filledOf(held));

/** True while it can still be filled or cancelled. */
export const isOpen = ({ status }: Held): boolean =>
  status === 'ACKNOWLEDGED' || status === 'PARTIAL';

/** What the venue says of it. */
export const reportOf = (held: Held, now: EpochMs): OrderReport => {
  const filledQuantity = filledOf(held);
  const filledQuote = quoteOf(held);
  return {
    clientOrderId: held.order.clientOrderId,
    venueOrderId: held.venueOrderId,
    status: held.status,
    filledQuantity,
    filledQuote,
    averagePrice: filledQuantity > 0n ? averagePrice(filledQuote, filledQuantity, 'floor') : null,
    updatedAt: now,
  };
};

/** What it asks for, as a listing tells it. */
export function termsOf({ order }: Held): Omit<AccountOrder, keyof OrderReport> {
  const { symbol, side, type, quantity, limitPrice } = order;
  const { triggerPrice = null, reduceOnly = false, positionSide = null } = order;
  return { symbol, side, type, quantity, limitPrice, triggerPrice, reduceOnly, positionSide };
}

/** Its executions as the account's history tells them: without our id. */
export const fillsIn = ({ fills, venueOrderId, order: { symbol } }: Held): AccountFill[] =>
  fills.map(({ fillId, side, price, quantity, fee, feeCurrency, at }) => ({
    ...{ symbol, fillId, venueOrderId, side, price, quantity, fee, feeCurrency, at },
  }));

/** What the fake does with one submission; without a script it fills at once. */
export type Behaviour =
  | { readonly kind: 'fill'; readonly parts?: number }
  /** Fills `quantity` and keeps the rest open. */
  | { readonly kind: 'rest'; readonly quantity?: Qty }
  /** Fills `quantity` and drops the rest: nobody wanted more. */
  | { readonly kind: 'expire'; readonly quantity?: Qty }
  | { readonly kind: 'reject'; readonly code?: string }
  | { readonly kind: 'notSent'; readonly retryable?: boolean }
  /** Time-out; it never arrived. */
  | { readonly kind: 'lostBefore' }
  /** Time-out after the venue took it and did `then`. */
  | { readonly kind: 'lostAfter'; readonly then: Behaviour }
  /** Answers with the totals, but its fills cannot be read until the venue reveals them. */
  | { readonly kind: 'hidden' };
