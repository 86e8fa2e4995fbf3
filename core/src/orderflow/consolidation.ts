import type { Bar } from '../market/bar.ts';
import { zoneStrength, type StrengthMode, type ZoneDraft } from './zone.ts';

/** Bars that a base has (IND-71). */
export const BASE_BARS = { min: 3, max: 8 } as const;

/** The longest base that ends with the newest of `bars`, or `undefined`. */
function baseOf(bars: readonly Bar[], widest: number) {
  let base: { readonly low: number; readonly high: number; readonly openAt: number } | undefined;
  let low = Infinity;
  let high = -Infinity;
  for (let count = 1; count <= Math.min(BASE_BARS.max, bars.length); count++) {
    const bar = bars[bars.length - count];
    if (bar === undefined) break;
    low = Math.min(low, bar.low);
    high = Math.max(high, bar.high);
    if (high - low > widest) break;
    if (count >= BASE_BARS.min) base = { low, high, openAt: bar.openAt };
  }
  return base;
}

/** What the departure is measured against: ATR in ticks and mean volume in lots as of the base's last bar. */
export type BaseContext = {
  readonly atr: number | null;
  readonly averageVolume: number | null;
  readonly mode: StrengthMode;
};

/**
 * The zone that a base leaves when the next bar departs from it (IND-71): three to eight bars inside 0.6 × ATR,
 * then a body of at least 1.5 × ATR that closes outside. Demand when it departs upwards.
 *
 * The ATR is that of the base: the departure itself would raise it. A base has no wick; the departing body by
 * the base's range stands in for wick by body in its strength.
 *
 * @param bars The bars before the departure, oldest first, in a row.
 */
export function consolidationZone(
  bars: readonly Bar[],
  departure: Bar,
  { atr, averageVolume, mode }: BaseContext,
): ZoneDraft | undefined {
  if (atr === null) return undefined;
  const body = Math.abs(departure.close - departure.open);
  if (body === 0 || body < 1.5 * atr) return undefined;
  const base = baseOf(bars, 0.6 * atr);
  if (base === undefined) return undefined;
  const isUp = departure.close > departure.open;
  const moved = isUp ? departure.close - base.high : base.low - departure.close;
  if (moved <= 0) return undefined;
  const ratio = body / Math.max(1, base.high - base.low);
  const relativeVolume =
    averageVolume === null || averageVolume <= 0 ? 0 : departure.volume / averageVolume;
  return {
    type: isUp ? 'demand' : 'supply',
    low: base.low,
    high: base.high,
    strength: zoneStrength({ ratio, departure: moved, atr, relativeVolume }, mode),
    openAt: base.openAt,
    createdFrom: 'consolidation',
  };
}
