import { toNumber, ZERO_MONEY, type Price } from '../lib/units.ts';
import type { Fill } from '../order/order.ts';
import type { RoundTrip } from '../portfolio/fill-effect.ts';
import { openTimeOf } from './market.ts';
import type { BacktestTrade } from './result.ts';
import type { Lane, Stay, VenueOrder } from './state.ts';

/** A position begins with its first fill; a stop at nothing is none. */
export function beginStay(
  { market }: Lane,
  { instruction }: VenueOrder,
  { fill, stopLoss }: { readonly fill: Fill; readonly stopLoss: Price },
): Stay {
  const px = toNumber(fill.price);
  return {
    entrySignalId: instruction.signalId ?? '',
    entryBarAt: openTimeOf(market),
    entryRow: market.row,
    initialStop: stopLoss > 0n ? stopLoss : null,
    low: px,
    high: px,
    funding: ZERO_MONEY,
    decidedValue: 0,
    worseBy: 0,
    exits: 0,
  };
}

/** Takes note of what a fill cost more, or brought less, than the price that it was decided on. */
export function sawFill(stay: Stay, { instruction }: VenueOrder, { price, quantity }: Fill): void {
  const [expected, size] = [toNumber(instruction.expectedPrice), toNumber(quantity)];
  const dearer = (toNumber(price) - expected) * size;
  stay.decidedValue += expected * size;
  stay.worseBy += instruction.side === 'BUY' ? dearer : -dearer;
}

/** Takes note of prices while a position is open. */
export function sawRange(stay: Stay, low: number, high: number): void {
  if (low < stay.low) stay.low = low;
  if (high > stay.high) stay.high = high;
}

/** The round trip that a fill has ended. */
export function tradeOf(
  { market }: Lane,
  trade: RoundTrip,
  { stay, order, fill }: { readonly stay: Stay; readonly order: VenueOrder; readonly fill: Fill },
): BacktestTrade {
  const exit = toNumber(fill.price);
  sawRange(stay, exit, exit);
  const entry = toNumber(trade.entryPrice);
  const [fell, rose] = [stay.low, stay.high].map((px) => (100 * (px - entry)) / entry);
  const isLong = trade.side === 'LONG';
  return {
    ...trade,
    entrySignalId: stay.entrySignalId,
    exitSignalId: order.instruction.signalId,
    entryBarAt: stay.entryBarAt,
    exitBarAt: openTimeOf(market),
    bars: market.row - stay.entryRow,
    funding: stay.funding,
    initialStop: stay.initialStop,
    slippagePct: stay.decidedValue > 0 ? (100 * stay.worseBy) / stay.decidedValue : 0,
    maePct: Math.min(0, isLong ? (fell ?? 0) : -(rose ?? 0)),
    mfePct: Math.max(0, isLong ? (rose ?? 0) : -(fell ?? 0)),
  };
}
