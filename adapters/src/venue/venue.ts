import type { Instrument } from '@tradewind/core/instrument/instrument';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Result } from '@tradewind/core/lib/result';
import type { Price, Qty } from '@tradewind/core/lib/units';
import type { Candle, Trade } from '@tradewind/core/market/market';
import type { OrderType, Side, TimeInForce } from '@tradewind/core/order/intent';
import type { Fill, OrderReport } from '@tradewind/core/order/order';

/** A venue call that failed: what it was, and what must happen (05, section 15). */
export type VenueError = {
  /** Stable code of the taxonomy, such as `NetworkTimeout`, `RateLimited`, `InsufficientBalance`. */
  readonly code: string;
  readonly severity: 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
  /** True when the same call may be made again. */
  readonly retryable: boolean;
  /** The venue's words, without keys or signatures. */
  readonly message: string;
  readonly retryAfterMs: number | null;
};

/** What may be sent: nothing else reaches the venue (the allow-list of order shapes). */
export type VenueOrder = {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly quantity: Qty;
  readonly limitPrice: Price | null;
  readonly timeInForce: TimeInForce;
};

/**
 * The fate of a submission. `unknown` is not an error to retry: the order may exist, so it is
 * looked up by its client id before anything else is tried (EXE-20).
 */
export type SubmitOutcome =
  | { readonly kind: 'accepted'; readonly report: OrderReport; readonly fills: readonly Fill[] }
  | { readonly kind: 'rejected'; readonly error: VenueError }
  | { readonly kind: 'notSent'; readonly error: VenueError }
  | { readonly kind: 'unknown'; readonly error: VenueError };

export type Lookup =
  | { readonly kind: 'found'; readonly report: OrderReport }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly error: VenueError };

export type Balance = { readonly free: Qty; readonly used: Qty };

/** One venue account. Every call has a deadline; every failure is a value. Symbols are `BASE-QUOTE`. */
export type Venue = {
  readonly instruments: (symbols: readonly string[]) => Promise<Result<Instrument[], VenueError>>;
  /** Closed and forming one-minute candles from `since`, oldest first. */
  readonly candles: (
    symbol: string,
    range: { readonly since: EpochMs; readonly limit: number },
  ) => Promise<Result<Candle[], VenueError>>;
  readonly submit: (order: VenueOrder) => Promise<SubmitOutcome>;
  readonly lookup: (symbol: string, clientOrderId: string) => Promise<Lookup>;
  /** All fills of one order. */
  readonly fills: (order: {
    readonly symbol: string;
    readonly clientOrderId: string;
    readonly venueOrderId: string;
  }) => Promise<Result<Fill[], VenueError>>;
  readonly openOrders: () => Promise<Result<OrderReport[], VenueError>>;
  readonly cancel: (symbol: string, clientOrderId: string) => Promise<Lookup>;
  readonly cancelAll: (symbol: string) => Promise<Result<OrderReport[], VenueError>>;
  readonly balances: () => Promise<Result<Readonly<Record<string, Balance>>, VenueError>>;
  /** Releases sockets. */
  readonly close: () => Promise<void>;
};

/** Public stream of a venue. */
export type TradeFeed = {
  /** Resolves with the next batch of trades; rejects when the connection is lost. */
  readonly next: (symbols: readonly string[]) => Promise<readonly Trade[]>;
  readonly close: () => Promise<void>;
};
