import { err, ok, type Result } from '../lib/result.ts';
import { notional, roundQty, ZERO_MONEY, type Money, type Price, type Qty } from '../lib/units.ts';

const MARKET_KINDS = ['spot', 'futures', 'equity', 'option', 'forex', 'dex'] as const;
export type MarketKind = (typeof MARKET_KINDS)[number];

/** What is traded where, and the venue's rules for its orders. */
export type Instrument = {
  /** `{venue}_{market}_{symbol}` (ARC-25). */
  readonly marketKey: string;
  readonly venue: string;
  readonly market: MarketKind;
  /** Normalised `BASE-QUOTE`. */
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly tickSize: Price;
  readonly lotSize: Qty;
  readonly minQty: Qty;
  readonly minNotional: Money;
  /** Most leverage that the venue gives on a future (VEN-30); not known = none beyond 1. */
  readonly maxLeverage?: number | undefined;
};

/** `binance_spot_BTC-USDT` (ARC-25). */
export const marketKeyOf = (venue: string, market: MarketKind, symbol: string): string =>
  `${venue}_${market}_${symbol}`;

/** The kind that a market key names; `undefined` for text that is no market key. */
export function marketKindOf(marketKey: string): MarketKind | undefined {
  const kind = marketKey.split('_')[1];
  return MARKET_KINDS.find((known) => known === kind);
}

/** Whether a market key names a future; asked for each order, so that nothing is taken apart. */
export const isFuturesKey = (marketKey: string): boolean =>
  marketKey.startsWith('futures_', marketKey.indexOf('_') + 1);

/** Why an order cannot be placed under the venue's rules. */
export type RuleViolation =
  | { readonly code: 'min_quantity'; readonly quantity: Qty; readonly minimum: Qty }
  | { readonly code: 'min_notional'; readonly notional: Money; readonly minimum: Money };

/**
 * `wanted` cut down to the lot grid, if the venue would take that much at `px`.
 *
 * Down, so that a limit is never passed by rounding.
 */
export function tradableQty(
  instrument: Instrument,
  wanted: Qty,
  px: Price,
): Result<Qty, RuleViolation> {
  const quantity = roundQty(wanted, instrument.lotSize, 'floor');
  if (quantity < instrument.minQty || quantity === 0n)
    return err({ code: 'min_quantity', quantity, minimum: instrument.minQty });
  const value = notional(px, quantity, 'floor');
  return value < instrument.minNotional
    ? err({ code: 'min_notional', notional: value, minimum: instrument.minNotional })
    : ok(quantity);
}

/** What an exit may sell of `held`: a venue lets a future be reduced by any amount on its lot grid. */
export function reducibleQty(
  instrument: Instrument,
  held: Qty,
  px: Price,
): Result<Qty, RuleViolation> {
  if (instrument.market !== 'futures') return tradableQty(instrument, held, px);
  return tradableQty({ ...instrument, minNotional: ZERO_MONEY }, held, px);
}

/** True when the venue would take a sale of `held`, cut down to the lot grid, at `px`. */
export const isSellable = (instrument: Instrument, held: Qty, px: Price): boolean =>
  tradableQty(instrument, held, px).ok;

/** True when there is a price at which the venue would take a sale of `held`. */
export const isSellableAtAnyPrice = ({ lotSize, minQty }: Instrument, held: Qty): boolean => {
  const quantity = roundQty(held, lotSize, 'floor');
  return quantity > 0n && quantity >= minQty;
};
