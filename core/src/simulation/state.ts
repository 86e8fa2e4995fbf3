import type { Instrument } from '../instrument/instrument.ts';
import type { EpochMs } from '../lib/time.ts';
import { ZERO_QTY, type Money, type Price, type Qty } from '../lib/units.ts';
import type { Side, TimeInForce } from '../order/intent.ts';
import type { Seed } from './random.ts';

/** What the account holds of one asset; `locked` is promised to open orders. */
export type SimBalance = { readonly free: Qty; readonly locked: Qty };

export type SimOrderType = 'MARKET' | 'LIMIT' | 'LIMIT_MAKER';
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
};

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
};

/** The paper venue's defaults (05, section 14); fees are Binance spot's without discounts. */
export const SIM_DEFAULTS: Omit<SimConfig, 'instruments'> = {
  fees: { maker: 0.001, taker: 0.001 },
  slippage: { spreadPct: 0.02, fixedPct: 0.1, impactPct: 0.05, maxImpactRatio: 10 },
  participationPct: 10,
  latencyMs: { min: 50, max: 300 },
};

export type SimEvent =
  | { readonly kind: 'accepted'; readonly order: SimOrder }
  | { readonly kind: 'filled'; readonly order: SimOrder; readonly fill: SimFill }
  | { readonly kind: 'cancelled'; readonly order: SimOrder }
  | { readonly kind: 'expired'; readonly order: SimOrder }
  | {
      readonly kind: 'balances';
      readonly at: EpochMs;
      readonly balances: Readonly<Record<string, SimBalance>>;
    };

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
  | { readonly code: 'would_match'; readonly price: Price };

/** A venue with these balances and nothing traded yet. */
export const simInit = (balances: Readonly<Record<string, Qty>>, seed: Seed): SimState => ({
  balances: Object.fromEntries(
    Object.entries(balances).map(([asset, free]) => [asset, { free, locked: ZERO_QTY }]),
  ),
  orders: {},
  markets: {},
  nextOrderId: 1,
  nextFillId: 1,
  seed,
});
