import type { EpochMs } from '../../lib/time.ts';
import type { Money, Price, Qty } from '../../lib/units.ts';
import type { Position } from '../../portfolio/position.ts';
import type { Fill, OrderStatus } from '../order.ts';

/** A futures position as the venue holds it. */
export type VenuePosition = {
  readonly symbol: string;
  readonly side: 'LONG' | 'SHORT';
  readonly quantity: Qty;
  readonly entryPrice: Price;
  readonly liquidationPrice: Price | null;
  /** At the mark price. */
  readonly unrealizedPnl: Money;
  readonly markPrice: Price;
};

/** An open order at the venue. */
export type VenueOpenOrder = {
  readonly clientOrderId: string;
  readonly filledQuantity: Qty;
};

/** A fill at the venue, and what the ledger knows of it. */
export type VenueFill = Fill & {
  readonly market: 'spot' | 'futures';
  readonly symbol: string;
  readonly venueOrderId: string;
  /** The order of ours that it belongs to; `null` for an order that no book has. */
  readonly ours: { readonly bookId: string; readonly orderId: string } | null;
  /** Booked already. */
  readonly booked: boolean;
  /** By the venue itself: liquidation or auto-deleveraging. */
  readonly liquidation: boolean;
};

/** Everything that was read of one account. `null` = not read, or not completely: it then proves nothing (EXE-51). */
export type VenueSnapshot = {
  /** Total of each asset, free and bound, without futures. */
  readonly balances: Readonly<Record<string, Qty>> | null;
  /** Futures positions. */
  readonly positions: readonly VenuePosition[] | null;
  /** Open orders as they were before the other reads, and after them. */
  readonly ordersBefore: readonly VenueOpenOrder[] | null;
  readonly ordersAfter: readonly VenueOpenOrder[] | null;
  /** Fills of the markets that differ, oldest first. */
  readonly fills: readonly VenueFill[] | null;
  /** Wall time of the reads. */
  readonly at: EpochMs;
};

/** An open position of the ledger. */
export type LedgerPosition = Position & {
  readonly market: 'spot' | 'futures';
  readonly base: string;
  readonly lotSize: Qty;
};

/** An order of the ledger that has not ended. */
export type LedgerOrder = {
  readonly bookId: string;
  readonly orderId: string;
  readonly market: 'spot' | 'futures';
  readonly symbol: string;
  readonly base: string;
  readonly status: OrderStatus;
  readonly filledQuantity: Qty;
};

/** What closed positions of a market left behind. */
export type LedgerDust = {
  readonly bookId: string;
  readonly marketKey: string;
  readonly base: string;
  readonly quantity: Qty;
  readonly lotSize: Qty;
};

/** What all books of one account hold. */
export type LedgerSnapshot = {
  readonly positions: readonly LedgerPosition[];
  readonly dust: readonly LedgerDust[];
  /** Orders that have not ended. */
  readonly orders: readonly LedgerOrder[];
  /** Grows with every booking of each book: the same number means that nothing was booked between. */
  readonly revision: string;
};
