import type { Instrument } from '../instrument/instrument.ts';
import type { EpochMs } from '../lib/time.ts';
import { ZERO_MONEY, ZERO_QTY, type Money, type Price, type Qty } from '../lib/units.ts';
import type { Side, TimeInForce } from '../order/intent.ts';
import type { Seed } from './random.ts';

/** What the account holds of one asset; `locked` is promised to open orders. */
export type SimBalance = { readonly free: Qty; readonly locked: Qty };

/** The last four wait for their stop price and then are what their names end in: market or limit. */
export type SimOrderType =
  | 'MARKET'
  | 'LIMIT'
  | 'LIMIT_MAKER'
  | 'STOP_LOSS'
  | 'STOP_LOSS_LIMIT'
  | 'TAKE_PROFIT'
  | 'TAKE_PROFIT_LIMIT';
export type SimOrderStatus = 'NEW' | 'PARTIALLY_FILLED' | 'FILLED' | 'CANCELED' | 'EXPIRED';

/** An order as its sender asks for it: exactly one of `quantity` and `quote` is set. */
export type SimRequest = {
  readonly clientOrderId: string;
  readonly marketKey: string;
  readonly side: Side;
  readonly type: SimOrderType;
  /** Of MARKET orders it is ignored. */
  readonly timeInForce: TimeInForce;
  readonly quantity: Qty | null;
  /** Quote to spend: MARKET buys only. */
  readonly quote: Money | null;
  readonly price: Price | null;
  /** At what price of the market an order that waits fires; `null` for all others. */
  readonly stopPrice: Price | null;
  /** Futures only: can only make a position smaller. */
  readonly reduceOnly: boolean;
  /** Futures only: `BOTH` unless the account is in hedge mode. */
  readonly positionSide: SimPositionSide;
};

export type SimPositionSide = 'BOTH' | 'LONG' | 'SHORT';

export type SimOrder = SimRequest & {
  readonly orderId: number;
  readonly status: SimOrderStatus;
  readonly filled: Qty;
  readonly filledQuote: Money;
  /** What of the account is promised to it, in base (sell) or quote (buy). */
  readonly locked: Qty;
  readonly placedAt: EpochMs;
  readonly updatedAt: EpochMs;
  /** When it reaches the book; `null` once it has. */
  readonly dueAt: EpochMs | null;
  /** When it fired; `null` while it waits, and for orders that never wait. */
  readonly triggeredAt: EpochMs | null;
};

export type SimFill = {
  readonly fillId: number;
  readonly orderId: number;
  readonly clientOrderId: string;
  readonly marketKey: string;
  readonly side: Side;
  readonly price: Price;
  readonly quantity: Qty;
  readonly quote: Money;
  /** In `feeAsset`: base of a buy, quote of a sell. */
  readonly fee: Qty;
  readonly feeAsset: string;
  readonly liquidity: 'maker' | 'taker';
  /** Futures: what the part of it that closed something made; zero when it only opened. */
  readonly realized: Money;
  readonly at: EpochMs;
};

/** A linear future that is open. `quantity` is above 0; what it gained or lost is not in `margin`. */
export type SimPosition = {
  readonly marketKey: string;
  readonly positionSide: SimPositionSide;
  readonly side: 'LONG' | 'SHORT';
  readonly quantity: Qty;
  /** Value at entry. */
  readonly cost: Money;
  /** Wallet money that is bound to it. */
  readonly margin: Money;
  readonly updatedAt: EpochMs;
};

export type SimSetup = { readonly leverage: number; readonly marginMode: 'isolated' | 'cross' };

/** The futures account, in one quote currency. `wallet` moves by incomes alone. */
export type SimFutures = {
  readonly wallet: Money;
  /** Long and short may be open at once. */
  readonly hedge: boolean;
  readonly setups: Readonly<Record<string, SimSetup>>;
  /** By market and position side. */
  readonly positions: Readonly<Record<string, SimPosition>>;
  /** Number of the funding interval in which the account stands; `null` before anything happened. */
  readonly interval: number | null;
  readonly nextIncomeId: number;
};

/** One movement of the wallet. */
export type SimIncome = {
  readonly incomeId: number;
  readonly type: 'REALIZED_PNL' | 'COMMISSION' | 'FUNDING_FEE' | 'INSURANCE_CLEAR' | 'TRANSFER';
  /** Negative when it left. */
  readonly amount: Money;
  readonly marketKey: string | null;
  readonly fillId: number | null;
  readonly at: EpochMs;
};

/** Traded volume of one slot of ten seconds. */
export type VolumeSlot = { readonly at: EpochMs; readonly volume: Qty };

/** What the engine remembers of a market: the last price and the volume of the last minute. */
export type SimMarket = {
  readonly lastPrice: Price;
  readonly lastAt: EpochMs;
  readonly slots: readonly VolumeSlot[];
};

/** The whole venue: plain data. Orders that are done leave it; the events carry their last state. */
export type SimState = {
  readonly balances: Readonly<Record<string, SimBalance>>;
  /** Open orders by id; integer keys keep them in the order of their ids. */
  readonly orders: Readonly<Record<number, SimOrder>>;
  readonly markets: Readonly<Record<string, SimMarket>>;
  readonly nextOrderId: number;
  readonly nextFillId: number;
  readonly seed: Seed;
  readonly futures: SimFutures;
};

/** How trading costs more than the last price (05, section 14); all in percent of the price. */
export type Slippage = {
  /** Distance of bid and ask. */
  readonly spreadPct: number;
  readonly fixedPct: number;
  /** Times size / volume of the last minute. */
  readonly impactPct: number;
  /** Largest size / volume that counts. */
  readonly maxImpactRatio: number;
};

export type SimConfig = {
  readonly instruments: Readonly<Record<string, Instrument>>;
  /** Rates: 0.001 = 0.1 %. */
  readonly fees: { readonly maker: number; readonly taker: number };
  readonly slippage: Slippage;
  /** Percent of the last minute's volume that one fill may take. */
  readonly participationPct: number;
  /** Delay from placing to reaching the book, drawn uniformly; 0 and 0 is instant. */
  readonly latencyMs: { readonly min: number; readonly max: number };
  readonly futures: {
    readonly fees: { readonly maker: number; readonly taker: number };
    /** Share of a position's value below which its margin may not fall: 0.004 = 0.4 %. */
    readonly maintenanceRate: number;
    /** Share of its value that a long pays a short each interval; negative the other way round. */
    readonly fundingRate: number;
    readonly fundingEveryMs: number;
    readonly maxLeverage: number;
  };
};

/** The paper venue's defaults (05, section 14); fees are Binance spot's without discounts. */
export const SIM_DEFAULTS: Omit<SimConfig, 'instruments'> = {
  fees: { maker: 0.001, taker: 0.001 },
  slippage: { spreadPct: 0.02, fixedPct: 0.1, impactPct: 0.05, maxImpactRatio: 10 },
  participationPct: 10,
  latencyMs: { min: 50, max: 300 },
  futures: {
    fees: { maker: 0.0002, taker: 0.0005 },
    maintenanceRate: 0.004,
    fundingRate: 0.0001,
    fundingEveryMs: 28_800_000,
    maxLeverage: 125,
  },
};

export type SimEvent =
  | { readonly kind: 'accepted'; readonly order: SimOrder }
  | { readonly kind: 'filled'; readonly order: SimOrder; readonly fill: SimFill }
  /** A waiting order fired; what came of it follows. */
  | { readonly kind: 'triggered'; readonly order: SimOrder }
  | { readonly kind: 'income'; readonly income: SimIncome }
  /** What the futures account holds after something changed it; a position that is gone has quantity 0. */
  | {
      readonly kind: 'futures';
      readonly at: EpochMs;
      readonly wallet: Money;
      readonly positions: readonly SimPosition[];
    }
  | { readonly kind: 'cancelled'; readonly order: SimOrder }
  | { readonly kind: 'expired'; readonly order: SimOrder }
  | {
      readonly kind: 'balances';
      readonly at: EpochMs;
      readonly balances: Readonly<Record<string, SimBalance>>;
    };

/** Events that tell of one order. */
export type SimOrderEvent = Extract<SimEvent, { readonly order: SimOrder }>;

export type SimStep = { readonly state: SimState; readonly events: readonly SimEvent[] };

/** Why an order was not accepted. */
export type SimRejection =
  | { readonly code: 'unknown_market'; readonly marketKey: string }
  | { readonly code: 'market_closed'; readonly marketKey: string }
  | { readonly code: 'price_filter'; readonly price: Price; readonly tickSize: Price }
  | { readonly code: 'lot_size'; readonly quantity: Qty; readonly lotSize: Qty }
  | { readonly code: 'notional'; readonly notional: Money; readonly minimum: Money }
  | {
      readonly code: 'insufficient_balance';
      readonly asset: string;
      readonly needed: Qty;
      readonly free: Qty;
    }
  | { readonly code: 'duplicate_client_order_id'; readonly clientOrderId: string }
  | { readonly code: 'would_match'; readonly price: Price }
  | { readonly code: 'would_trigger'; readonly stopPrice: Price }
  | { readonly code: 'insufficient_margin'; readonly needed: Money; readonly free: Money }
  | { readonly code: 'reduce_only'; readonly marketKey: string }
  | { readonly code: 'position_side'; readonly hedge: boolean };

const DEFAULT_SETUP: SimSetup = { leverage: 20, marginMode: 'cross' };

/** How a futures market is set up; Binance begins with cross margin and 20 times. */
export const setupOf = ({ setups }: SimFutures, marketKey: string): SimSetup =>
  setups[marketKey] ?? DEFAULT_SETUP;

/** A venue with these balances and nothing traded yet. `wallet` is what the futures account holds. */
export const simInit = (
  balances: Readonly<Record<string, Qty>>,
  seed: Seed,
  wallet: Money = ZERO_MONEY,
): SimState => ({
  balances: Object.fromEntries(
    Object.entries(balances).map(([asset, free]) => [asset, { free, locked: ZERO_QTY }]),
  ),
  orders: {},
  markets: {},
  nextOrderId: 1,
  nextFillId: 1,
  seed,
  futures: {
    wallet,
    hedge: false,
    setups: {},
    positions: {},
    interval: null,
    nextIncomeId: 1,
  },
});
