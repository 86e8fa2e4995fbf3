import type { EpochMs } from '../lib/time.ts';
import type { Money, Price, Qty } from '../lib/units.ts';
import type { Side } from './intent.ts';

/** States of an order (05, section 4); `ORDER_TRANSITIONS` says which may follow which. */
export const ORDER_STATUSES = [
  'PENDING',
  'QUEUED',
  'SUBMITTED',
  'ACKNOWLEDGED',
  'PARTIAL',
  'CANCELLING',
  'UNKNOWN',
  'FILLED',
  'CANCELLED',
  'REJECTED',
  'EXPIRED',
  'NOT_SENT',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** One execution, as the venue confirmed it; `fillId` is the venue's trade id (EXE-18). */
export type Fill = {
  readonly fillId: string;
  readonly orderId: string;
  readonly side: Side;
  readonly price: Price;
  /** Base quantity executed, before a fee in base. */
  readonly quantity: Qty;
  /** Its value where the venue counts sizes in quote; left out = `price * quantity` (PF-20). */
  readonly sizeQuote?: Money | undefined;
  /** What its size is counted in is assumed and not proven: it is not booked as it is. */
  readonly sizeAssumed?: true | undefined;
  /** Fee in `feeCurrency`. */
  readonly fee: Qty;
  readonly feeCurrency: string;
  /** The venue's time. */
  readonly at: EpochMs;
};

/** What the venue says of one order: the answer to submit, look-up and listing alike. */
export type OrderReport = {
  readonly clientOrderId: string;
  readonly venueOrderId: string;
  readonly status: 'ACKNOWLEDGED' | 'PARTIAL' | 'FILLED' | 'CANCELLED' | 'EXPIRED' | 'REJECTED';
  readonly filledQuantity: Qty;
  /** Quote value of what is filled. */
  readonly filledQuote: Money;
  readonly averagePrice: Price | null;
  /** The venue's time of its last change. */
  readonly updatedAt: EpochMs;
};

/** Error code of an exit that was not sent because the stop at the venue had closed its position. */
export const ALREADY_CLOSED = 'AlreadyClosed';
