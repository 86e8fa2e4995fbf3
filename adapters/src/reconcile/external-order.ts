import type { PositionDoc } from '@tradewind/contracts/documents/book';
import type { OrderDoc } from '@tradewind/contracts/documents/execution';
import type { MarketDoc } from '@tradewind/contracts/documents/market';
import { hashId } from '@tradewind/core/lib/ids';
import { addMoney, addQty, averagePrice, ZERO_MONEY, ZERO_QTY } from '@tradewind/core/lib/units';
import type { CloseReason } from '@tradewind/core/order/intent';
import type { VenueFill } from '@tradewind/core/order/reconcile/snapshot';
import { EXTERNAL } from '@tradewind/core/portfolio/external';
import { totalOf } from '../execution/apply-fills.ts';

const PREFIX = 'ext-';

/** Id in the ledger of an order at the venue that is not ours. */
export const externalOrderId = (symbol: string, venueOrderId: string): string =>
  `${PREFIX}${hashId('external', symbol, venueOrderId)}`;

export const isExternalOrder = (orderId: string): boolean => orderId.startsWith(PREFIX);

/** What is known of an order at the venue that no book has. */
type StrangeOrder = {
  readonly bookId: string;
  readonly orderId: string;
  /** What it reduces or enlarges; `undefined` = it opens one. */
  readonly position: PositionDoc | undefined;
  readonly market: MarketDoc;
  readonly reason: CloseReason;
  /** Wall time. */
  readonly wallNow: OrderDoc['updatedAt'];
  /** That are not booked yet. */
  readonly fills: readonly VenueFill[];
  readonly recordId: string;
};

/** What nobody here decided has none of these. */
const NOT_OURS = {
  type: 'MARKET',
  timeInForce: 'IOC',
  status: 'FILLED',
  limitPrice: null,
  stopPrice: null,
  slippagePct: null,
  rejectionReason: null,
  errorCode: null,
} as const;
const NEVER = { signalAt: null, decidedAt: null, claimedAt: null, sentAt: null, ackAt: null };

/** A stranger's order as the ledger keeps it: ended, with what of it was booked so far. */
export function externalOrder(known: OrderDoc | undefined, strange: StrangeOrder): OrderDoc {
  const { bookId, orderId, position, market, reason, wallNow, fills, recordId } = strange;
  const total = totalOf(fills);
  const filledQuantity = addQty(known?.filledQuantity ?? ZERO_QTY, total.quantity);
  const filledQuote = addMoney(known?.filledQuote ?? ZERO_MONEY, total.quote);
  const first = fills[0];
  const last = fills.at(-1);
  if (first === undefined || last === undefined) throw new Error('Invariant: an order has fills');
  const average = averagePrice(filledQuote, filledQuantity, 'floor');
  const reduces = position !== undefined && (position.side === 'LONG') === (first.side === 'SELL');
  return {
    orderId,
    venueOrderId: first.venueOrderId,
    bookId,
    intentId: orderId,
    signalId: null,
    strategyId: position?.strategyId ?? EXTERNAL,
    positionId: position?.positionId ?? hashId('position', EXTERNAL, recordId, market.marketKey),
    marketKey: market.marketKey,
    symbol: market.symbol,
    action: reduces ? 'EXIT' : position === undefined ? 'ENTER' : 'ADD',
    side: first.side,
    quantity: filledQuantity,
    expectedPrice: average,
    closeReason: reduces ? reason : null,
    filledQuantity,
    filledQuote,
    averagePrice: average,
    fees: known?.fees ?? ZERO_MONEY,
    ...NOT_OURS,
    marks: {
      ...NEVER,
      firstFillAt: known?.marks.firstFillAt ?? wallNow,
      doneAt: wallNow,
    },
    createdAt: known?.createdAt ?? first.at,
    filledAt: last.at,
    updatedAt: wallNow,
    version: known === undefined ? 0 : known.version + 1,
  };
}
