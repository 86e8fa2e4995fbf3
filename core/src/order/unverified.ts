import {
  addQty,
  maxMoney,
  notional,
  subMoney,
  subQty,
  sumMoney,
  ZERO_MONEY,
  ZERO_QTY,
  type Money,
  type Price,
  type Qty,
} from '../lib/units.ts';
import type { OrderReport, OrderStatus } from './order.ts';
import { isWorking } from './transitions.ts';

/** What the venue says was filled of an order and no fill proves: it is in no total (PF-34). */
export type Unproven = {
  readonly quantity: Qty;
  /** Worth, as the venue says; zero where it does not. */
  readonly quote: Money;
  /** Executions that it told of whose size is an assumption (PF-20). */
  readonly assumed: number;
};

type Filled = {
  readonly filledQuantity: Qty;
  readonly filledQuote: Money;
  readonly unverified?: Unproven | null | undefined;
};

/**
 * What is unproven of an order after a report; `null` = nothing. A report that comes late, and tells of less than an
 * earlier one did, takes nothing back.
 *
 * @param order As it was before the report.
 * @param after What fills prove with it.
 * @param assumed Executions that came with it and are held back.
 */
export function unprovenAfter(
  order: Filled,
  {
    report,
    after,
    assumed,
  }: { readonly report: OrderReport; readonly after: Filled; readonly assumed: number },
): Unproven | null {
  const before = order.unverified ?? { quantity: ZERO_QTY, quote: ZERO_MONEY, assumed: 0 };
  const said = addQty(order.filledQuantity, before.quantity);
  const isMore = report.filledQuantity > said;
  const claimed = isMore ? report.filledQuantity : said;
  if (claimed <= after.filledQuantity) return null;
  const worth = isMore ? report.filledQuote : sumMoney([order.filledQuote, before.quote]);
  return {
    quantity: subQty(claimed, after.filledQuantity),
    quote: maxMoney(ZERO_MONEY, subMoney(worth, after.filledQuote)),
    assumed: Math.max(assumed, before.assumed),
  };
}

/** The fields of an order that say whether the venue has confirmed it. */
export type ConfirmedOrder = Filled & {
  readonly orderId: string;
  readonly symbol: string;
  readonly venueOrderId: string | null;
  readonly status: OrderStatus;
  readonly quantity: Qty;
  readonly expectedPrice: Price;
};

/** An order of which something may have been traded that no total has. */
export type UnverifiedOrder = {
  readonly orderId: string;
  readonly symbol: string;
  readonly cause: 'noVenueId' | 'noFills' | 'sizeAssumed';
  /** What it may be worth, in quote. */
  readonly quote: Money;
};

/** Nothing of these has left yet. */
const UNSENT: readonly OrderStatus[] = ['PENDING', 'QUEUED'];

function unverified(order: ConfirmedOrder): UnverifiedOrder | null {
  const { orderId, symbol, venueOrderId, status } = order;
  const isNamed = venueOrderId !== null && venueOrderId !== '';
  if (!isNamed && order.filledQuantity > 0n)
    return { orderId, symbol, cause: 'noVenueId', quote: order.filledQuote };
  if (!isNamed && isWorking(status) && !UNSENT.includes(status))
    return {
      ...{ orderId, symbol, cause: 'noVenueId' },
      quote: notional(order.expectedPrice, order.quantity, 'floor'),
    };
  const rest = order.unverified ?? null;
  if (rest === null) return null;
  return {
    orderId,
    symbol,
    cause: rest.assumed > 0 ? 'sizeAssumed' : 'noFills',
    quote: rest.quote,
  };
}

/**
 * Orders that the venue has not confirmed, with what they may be worth (PF-34): sent and not named by it, or filled by
 * its word and not by its fills. Everything else is either in the totals by its fills, or nothing of it was traded.
 */
export const unverifiedOrders = (orders: readonly ConfirmedOrder[]): readonly UnverifiedOrder[] =>
  orders.map(unverified).filter((found) => found !== null);
