import type { Instrument } from '@tradewind/core/instrument/instrument';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Result } from '@tradewind/core/lib/result';
import type { Money, Price, Qty } from '@tradewind/core/lib/units';
import type { Candle, Timeframe, Trade } from '@tradewind/core/market/market';
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

/** `STOP` and `TAKE_PROFIT` rest at the venue, out of the book, until the market trades at their trigger. */
export type VenueOrderType = OrderType | 'STOP' | 'TAKE_PROFIT';

/**
 * What may be sent: nothing else reaches the venue (the allow-list of order shapes).
 *
 * A sale fires as `STOP` at or below its trigger and as `TAKE_PROFIT` at or above it; a purchase the
 * other way round. Fired, it becomes a market order, or with a `limitPrice` a limit order.
 */
export type VenueOrder = {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly type: VenueOrderType;
  readonly quantity: Qty;
  readonly limitPrice: Price | null;
  readonly timeInForce: TimeInForce;
  /** `STOP` and `TAKE_PROFIT` have one, and no other type has. */
  readonly triggerPrice?: Price | null;
  /**
   * Can only make a position smaller. Spot has no such flag: there a sale is so by its nature, and a
   * purchase that asks for it is refused.
   */
  readonly reduceOnly?: boolean;
  /** The side of the position that it changes, for futures accounts in hedge mode only (EXE-08). */
  readonly positionSide?: PositionSide | null;
};

export type PositionSide = 'LONG' | 'SHORT';

/** An order as a listing of the account tells it, whoever sent it. */
export type AccountOrder = OrderReport & {
  readonly symbol: string;
  readonly side: Side;
  /** `OTHER`: of a kind that we never send, such as a trailing stop. */
  readonly type: VenueOrderType | 'OTHER';
  readonly quantity: Qty;
  readonly limitPrice: Price | null;
  readonly triggerPrice: Price | null;
  /** Always false on spot, which has no such flag. */
  readonly reduceOnly: boolean;
  readonly positionSide: PositionSide | null;
};

/** One execution of the account, whoever caused it; `Fill` without our id, which venues do not tell here. */
export type AccountFill = Omit<Fill, 'orderId'> & {
  readonly symbol: string;
  readonly venueOrderId: string;
};

export type MarginMode = 'isolated' | 'cross';

/** A futures position as the venue holds it. Never one of quantity 0 (EXE-52). */
export type VenuePosition = {
  readonly symbol: string;
  readonly side: PositionSide;
  /** In hedge mode both sides of a symbol may be open, as two of these. */
  readonly hedged: boolean;
  /** Above 0, in base. */
  readonly quantity: Qty;
  readonly entryPrice: Price;
  readonly markPrice: Price;
  /** `null`: the venue names none, the account could bear any price. */
  readonly liquidationPrice: Price | null;
  /** In quote, at the mark price. */
  readonly unrealizedPnl: Money;
  /** Quote that stands behind it, without its result. */
  readonly margin: Money;
  /** Quote that opening it would bind now. */
  readonly initialMargin: Money;
  /** Least that must stand behind it, its result included: below, the venue liquidates it. */
  readonly maintenanceMargin: Money;
  readonly updatedAt: EpochMs;
};

/** How a futures market of the account is set up. */
export type LeverageSetup = {
  /** Whole number from 1. */
  readonly leverage: number;
  readonly marginMode: MarginMode;
};

/** A position that the venue closed by itself (D4). */
export type Liquidation = {
  readonly symbol: string;
  readonly side: Side;
  readonly venueOrderId: string;
  readonly quantity: Qty;
  readonly averagePrice: Price;
  /** `adl`: it was taken to balance somebody else's loss. */
  readonly cause: 'liquidation' | 'adl';
  readonly at: EpochMs;
};

/** Money that came to the account or left it without a trade of ours. */
export type CashFlow = {
  /** The venue's id of it. */
  readonly flowId: string;
  readonly kind: 'deposit' | 'withdrawal' | 'transfer' | 'funding' | 'insurance' | 'other';
  readonly currency: string;
  /** Negative when it left. */
  readonly amount: Money;
  /** Of funding, and of what the venue's insurance bore of a liquidation: the market it was for. */
  readonly symbol: string | null;
  readonly at: EpochMs;
};

/** What the account's venue can do (VEN-05). What it cannot do answers `NotSupported` (VEN-06). */
export type VenueCapabilities = {
  /** A simulation answers for the venue: nothing here is real money (PF-35). */
  readonly simulated: boolean;
  readonly market: 'spot' | 'futures';
  readonly shortable: boolean;
  /**
   * Orders are found and cancelled by our own ids. Without it the venue takes none: every id that it is asked by and
   * tells is its own, and `nameOrders` stands before it.
   */
  readonly clientOrderId: boolean;
  /** `STOP` and `TAKE_PROFIT` rest at the venue. */
  readonly stopOrders: boolean;
  /** `reduceOnly` is enforced by the venue. */
  readonly reduceOnly: boolean;
  /** `balances`: what the account holds is the position, and `positions` is not supported. */
  readonly positions: 'venue' | 'balances';
  readonly leverage: boolean;
  readonly hedgeMode: boolean;
  readonly liquidationHistory: boolean;
  readonly funding: boolean;
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

type Answer<T> = Promise<Result<T, VenueError>>;

/** One venue account. Every call has a deadline; every failure is a value. Symbols are `BASE-QUOTE`. */
export type Venue = {
  readonly capabilities: VenueCapabilities;
  /** Rules of markets, as they were when this client first read them; `fresh`: as they are now. */
  readonly instruments: (
    symbols: readonly string[],
    options?: { readonly fresh: boolean },
  ) => Answer<Instrument[]>;
  /** Closed and forming one-minute candles from `since`, oldest first. */
  readonly candles: (
    symbol: string,
    range: { readonly since: EpochMs; readonly limit: number },
  ) => Answer<Candle[]>;
  /** Has its outcome within `withinMs` at the latest; one that nobody heard of by then is `unknown`. */
  readonly submit: (order: VenueOrder, withinMs?: number) => Promise<SubmitOutcome>;
  /** Stop orders too: after they fired it reports what became of the order that they turned into. */
  readonly lookup: (symbol: string, clientOrderId: string) => Promise<Lookup>;
  /** All fills of one order. */
  readonly fills: (order: {
    readonly symbol: string;
    readonly clientOrderId: string;
    readonly venueOrderId: string;
  }) => Answer<Fill[]>;
  /** Every open order of the account, stop orders among them. */
  readonly openOrders: () => Answer<AccountOrder[]>;
  /** Orders of a market that were placed since `since`, whoever placed them, oldest first. */
  readonly ordersSince: (symbol: string, since: EpochMs) => Answer<AccountOrder[]>;
  /** Executions of the account in a market since `since`, oldest first, all of them. */
  readonly fillsSince: (symbol: string, since: EpochMs) => Answer<AccountFill[]>;
  readonly cancel: (symbol: string, clientOrderId: string) => Promise<Lookup>;
  /** Cancels every open order of a market, stop orders among them, and reports each. */
  readonly cancelAll: (symbol: string) => Answer<OrderReport[]>;
  readonly balances: () => Answer<Readonly<Record<string, Balance>>>;
  /** Futures: what is open now. */
  readonly positions: () => Answer<VenuePosition[]>;
  /** Futures: how a market is set up now. */
  readonly leverage: (symbol: string) => Answer<LeverageSetup>;
  /**
   * Futures: brings a market to `wanted` and answers with what holds then. Asks for nothing that
   * holds already; a refusal is read back, and only an error when the venue has it otherwise; with a
   * position open it lowers leverage and never raises it (EXE-40, EXE-41).
   */
  readonly setLeverage: (symbol: string, wanted: LeverageSetup) => Answer<LeverageSetup>;
  /** Futures: whether long and short may be open at once (EXE-41). */
  readonly positionMode: () => Answer<'oneWay' | 'hedge'>;
  /** Futures: positions that the venue closed by itself since `since`, oldest first. */
  readonly liquidations: (symbol: string, since: EpochMs) => Answer<Liquidation[]>;
  /** Deposits, withdrawals, transfers and funding since `since`, oldest first. */
  readonly cashFlows: (since: EpochMs) => Answer<CashFlow[]>;
  /** Releases sockets. */
  readonly close: () => Promise<void>;
};

/** The markets of one connection object: a venue's spot markets, or its linear perpetuals. */
export type StreamedMarket = {
  /** ccxt's name of the venue. */
  readonly venue: string;
  readonly market: 'spot' | 'futures';
};

/** What a feed can be asked for: executed trades, or the best bid and ask (MD-02). Never depth (MD-01). */
export type FeedChannel = 'trades' | 'quotes';

/** A trade, and the wall time at which the frame that carried it arrived. */
export type FeedTrade = Trade & { readonly receivedAt: EpochMs };

/** The best bid and ask of a market. */
export type Quote = {
  readonly marketKey: string;
  readonly bid: Price;
  readonly bidSize: Qty;
  readonly ask: Price;
  readonly askSize: Qty;
  /** The venue's own time; the time of arrival where it sends none. */
  readonly at: EpochMs;
  /** Wall time of arrival. */
  readonly receivedAt: EpochMs;
};

/**
 * What was wrong with something that a venue sent; the rest of the stream goes on (MD-06).
 *
 * `unreadable` a trade or quote without what it must have; `frame` a message that is no message at
 * all; `overflow` trades that nobody took in time and that are lost; `unlisted` a symbol that the
 * venue does not have; `refused` a subscription that it would not make.
 */
export type FeedFault = {
  readonly kind: 'unreadable' | 'frame' | 'overflow' | 'unlisted' | 'refused';
  /** `null` where it cannot be told which market it was about. */
  readonly marketKey: string | null;
  /** How many since the batch before. */
  readonly count: number;
  /** For people: what the last of them was. */
  readonly what: string;
};

/** Everything that arrived since the batch before, in the order of arrival. */
export type FeedBatch = {
  readonly trades: readonly FeedTrade[];
  /** The newest of each market. */
  readonly quotes: readonly Quote[];
  /** Wall time at which the oldest frame of it arrived. */
  readonly receivedAt: EpochMs;
  readonly faults: readonly FeedFault[];
};

/**
 * Public stream of one (venue, market kind): one connection, or as many as the venue's caps ask for,
 * that fail together. After a failure it is closed, and a new one opened by whoever reads it (MD-21).
 */
export type TradeFeed = {
  /**
   * Wants a channel of a symbol until the returned function is called. Counted by (symbol, channel):
   * the first asks the venue for it, the last gives it up, without a new connection where the venue
   * can (MD-24). May be called at any time, also before anything is connected.
   */
  readonly subscribe: (symbol: string, channel: FeedChannel) => () => void;
  /**
   * Resolves with what arrived since it last did, as soon as there is anything; each trade of a
   * connection comes exactly once. With nothing subscribed it waits.
   *
   * @throws Error when a connection is lost or cannot be made, and when `signal` aborts.
   */
  readonly next: (signal: AbortSignal) => Promise<FeedBatch>;
  /** Wall time at which the newest frame of any kind arrived, pongs included; `null` before the first. */
  readonly lastFrameAt: () => EpochMs | null;
  readonly close: () => Promise<void>;
};

/** Which trades to read: those after an id, those from a time on, or the newest. Oldest first. */
export type TradeQuery =
  | { readonly sinceId: string; readonly limit: number }
  | { readonly since: EpochMs; readonly limit: number }
  | { readonly limit: number };

/** What a venue's REST side can do beyond candles. */
export type MarketDataCapabilities = {
  /** Trades can be read after an id, with the stream's own ids: gaps can be filled exactly (MD-23). */
  readonly tradesById: boolean;
  readonly tradesByTime: boolean;
  /** Last prices of many symbols come in one call. */
  readonly manyPrices: boolean;
  readonly quotes: boolean;
  readonly serverTime: boolean;
};

/** The venue's clock against ours (MD-25). */
export type ClockReading = {
  /** Venue's time minus ours, at half the round trip; positive when the venue is ahead. */
  readonly skewMs: number;
  readonly roundTripMs: number;
};

/** Public REST data of one (venue, market kind): no key, throttled, every failure a value. */
export type MarketData = {
  readonly capabilities: MarketDataCapabilities;
  readonly instruments: (symbols: readonly string[]) => Promise<Result<Instrument[], VenueError>>;
  /** Every instrument that the venue trades. */
  readonly listed: () => Promise<Result<string[], VenueError>>;
  /** Closed and forming candles from `since`, oldest first; one-minute ones unless told. */
  readonly candles: (
    symbol: string,
    range: {
      readonly since: EpochMs;
      readonly limit: number;
      readonly timeframe?: Timeframe;
    },
  ) => Promise<Result<Candle[], VenueError>>;
  /** At most 1,000 at once. `UnsupportedCall` where the venue cannot answer this kind of query. */
  readonly trades: (symbol: string, query: TradeQuery) => Promise<Result<Trade[], VenueError>>;
  /** Last prices by symbol; a symbol that the venue does not know is left out. */
  readonly lastPrices: (
    symbols: readonly string[],
  ) => Promise<Result<ReadonlyMap<string, LastPrice>, VenueError>>;
  readonly quote: (symbol: string) => Promise<Result<Quote, VenueError>>;
  readonly clock: () => Promise<Result<ClockReading, VenueError>>;
  /** Releases sockets. */
  readonly close: () => Promise<void>;
};

/** A price that REST told: `at` is the venue's time of it, or that of the answer where it tells none. */
export type LastPrice = { readonly price: Price; readonly at: EpochMs };
