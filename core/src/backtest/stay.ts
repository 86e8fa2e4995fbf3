import { toNumber, ZERO_MONEY } from '../lib/units.ts';
import type { Fill } from '../order/order.ts';
import type { RoundTrip } from '../portfolio/fill-effect.ts';
import { courseQuality } from '../portfolio/trade-quality.ts';
import { openTimeOf } from './market.ts';
import type { BacktestTrade } from './result.ts';
import type { Lane, Stay, VenueOrder } from './state.ts';

/** A position begins with its first fill. */
export function beginStay({ market }: Lane, { instruction }: VenueOrder, { price }: Fill): Stay {
  const px = toNumber(price);
  return {
    entrySignalId: instruction.signalId ?? '',
    entryBarAt: openTimeOf(market),
    entryRow: market.row,
    low: px,
    high: px,
    funding: ZERO_MONEY,
    exits: 0,
  };
}

/** Takes note of prices while a position is open. */
export function sawRange(stay: Stay, low: number, high: number): void {
  if (low < stay.low) stay.low = low;
  if (high > stay.high) stay.high = high;
}

/** The round trip that a fill has ended, with every price that it was open at: protections see only those near them. */
export function tradeOf(
  { market }: Lane,
  trade: RoundTrip,
  { stay, order }: { readonly stay: Stay; readonly order: VenueOrder },
): BacktestTrade {
  const { low, high } = stay;
  const [best, worst] = trade.side === 'LONG' ? [high, low] : [low, high];
  const { rMultiple, maePct, mfePct, efficiency } = courseQuality({ ...trade, best, worst });
  return {
    ...trade,
    rMultiple,
    maePct: maePct ?? 0,
    mfePct: mfePct ?? 0,
    efficiency,
    entrySignalId: stay.entrySignalId,
    exitSignalId: order.instruction.signalId,
    entryBarAt: stay.entryBarAt,
    exitBarAt: openTimeOf(market),
    bars: market.row - stay.entryRow,
    funding: stay.funding,
  };
}
