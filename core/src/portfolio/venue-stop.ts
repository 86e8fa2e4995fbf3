import { isSellable, type Instrument } from '../instrument/instrument.ts';
import {
  maxPrice,
  minPrice,
  movePrice,
  notional,
  priceApart,
  roundPrice,
  roundQty,
  type Price,
  type Qty,
} from '../lib/units.ts';
import type { Position, Protection } from './position.ts';

/** A protective stop of a position at its venue: what it sells (of a SHORT: buys) once its price is reached. */
export type VenueStop = {
  readonly stopPrice: Price;
  readonly quantity: Qty;
  /** Which protection its price comes from: the reason of the close, should it be filled. */
  readonly reason: 'stop_loss' | 'trailing_stop';
};

/** A stop that is at the venue, or on its way there. */
export type RestingStop = Pick<VenueStop, 'stopPrice' | 'quantity'> & {
  /** More than zero: it was triggered and is selling. */
  readonly filled: Qty;
};

/** What has to be done so that the venue protects a position as it should. */
export type StopAction =
  /** It rests as it should, or somebody else is at it: an exit that is under way, or the stop itself, triggered. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'place'; readonly stop: VenueStop }
  /** The one that rests goes, then this one is placed. */
  | { readonly kind: 'replace'; readonly stop: VenueStop }
  /** The position is gone, its stop must not stay (D12). */
  | { readonly kind: 'cancel' }
  /** The venue can hold no stop for it: it has to be closed (PF-49). */
  | { readonly kind: 'close' };

/** PF-46: a stop that trails is moved in steps of a quarter of a percent; in ten-thousandths. */
const WORTH_MOVING = 25n;
/** PF-46: the venue's stop is so many times as far away as the trailing stop of ours, which acts first. */
const BACKSTOP = 2;

/** The stop that is hit first. */
const tighter = (side: Position['side']): ((a: Price, b: Price) => Price) =>
  side === 'LONG' ? maxPrice : minPrice;

/** The trailing stop as the venue holds it: max(2 × d, ATR) behind the best price; `undefined` without one. */
function backstop(
  { highest, trailingStopPct }: Protection,
  side: Position['side'],
  atr: Price | null,
): Price | undefined {
  if (trailingStopPct === null) return undefined;
  const pct = BACKSTOP * trailingStopPct;
  if (side === 'SHORT') {
    const byPct = movePrice(highest, pct, 'floor');
    return atr === null ? byPct : maxPrice(byPct, priceApart(highest, atr, 1));
  }
  // A distance of all of the price is none: the fixed stop stands alone.
  if (pct >= 100 || (atr !== null && atr >= highest)) return undefined;
  const byPct = movePrice(highest, -pct, 'ceil');
  return atr === null ? byPct : minPrice(byPct, priceApart(highest, atr, -1));
}

/**
 * Price of the protective stop at the venue (PF-46).
 *
 * The tighter of the position's fixed stop, which is its whole risk, and of max(2 × d, ATR(15m)) behind the best
 * price since its entry. Looser than the stops that are judged on every trade here, so that those act first;
 * never tighter than them. Rounded to the grid so that it is tighter, never looser.
 *
 * @param atr ATR(15m) in quote per base; `null` where it is not known.
 */
function stopPriceOf(
  { protection, side }: Position,
  { tickSize }: Instrument,
  atr: Price | null,
): Pick<VenueStop, 'stopPrice' | 'reason'> {
  const trailing = backstop(protection, side, atr);
  const isFixed =
    trailing === undefined || tighter(side)(protection.stopLoss, trailing) === protection.stopLoss;
  return {
    stopPrice: roundPrice(
      isFixed ? protection.stopLoss : trailing,
      tickSize,
      side === 'LONG' ? 'ceil' : 'floor',
    ),
    reason: isFixed ? 'stop_loss' : 'trailing_stop',
  };
}

/** True when the venue takes a stop over `quantity` at `stopPrice`. It lets a future be reduced by any amount. */
function isPlaceable({ market, minQty, minNotional }: Instrument, stop: VenueStop): boolean {
  if (stop.quantity === 0n || stop.quantity < minQty) return false;
  return market === 'futures' || notional(stop.stopPrice, stop.quantity, 'floor') >= minNotional;
}

/** Whether `to` is further in the position's favour than `from` by a step that is worth a request. */
function isWorthMoving(from: Price, to: Price, side: Position['side']): boolean {
  const gain = side === 'LONG' ? to - from : from - to;
  return gain * 10_000n >= from * WORTH_MOVING && gain > 0n;
}

/** A position without a stop that fits: closed, if it can be and will not grow to a size that fits. */
function withoutStop(
  { status, quantity, protection }: Position,
  instrument: Instrument,
  resting: RestingStop | null,
): StopAction {
  if (status !== 'BUILDING' && isSellable(instrument, quantity, protection.highest))
    return { kind: 'close' };
  // A stop that is larger than what is left: the venue would only refuse to fill it.
  return { kind: resting === null ? 'nothing' : 'cancel' };
}

/**
 * What has to be done at the venue for one position's protective stop (PF-46, D12, D13).
 *
 * The stop covers all of the position that the lot grid lets be sold and never more, and its price only moves in
 * the position's favour. While an exit is under way nothing is done: whoever exits takes the stop away, and puts
 * it back if the exit fails. A stop that has begun to sell is left alone.
 *
 * @param atr ATR(15m) in quote per base; `null` where it is not known.
 */
export function decideStop({
  position,
  instrument,
  resting,
  atr,
}: {
  readonly position: Position;
  readonly instrument: Instrument;
  readonly resting: RestingStop | null;
  readonly atr: Price | null;
}): StopAction {
  const { status, side } = position;
  if (status === 'CLOSED') return { kind: resting === null ? 'nothing' : 'cancel' };
  if (position.closeIntentId !== null || status === 'CLOSING_UNCONFIRMED')
    return { kind: 'nothing' };
  if (resting !== null && resting.filled > 0n) return { kind: 'nothing' };

  const stop: VenueStop = {
    ...stopPriceOf(position, instrument, atr),
    quantity: roundQty(position.quantity, instrument.lotSize, 'floor'),
  };
  if (!isPlaceable(instrument, stop)) return withoutStop(position, instrument, resting);
  if (resting === null) return { kind: 'place', stop };
  const stopPrice = tighter(side)(resting.stopPrice, stop.stopPrice);
  const isResized = resting.quantity !== stop.quantity;
  return isResized || isWorthMoving(resting.stopPrice, stop.stopPrice, side)
    ? { kind: 'replace', stop: { ...stop, stopPrice } }
    : { kind: 'nothing' };
}
