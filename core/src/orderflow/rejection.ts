import type { Bar } from '../market/bar.ts';
import { proximalEdge, zoneStrength, type StrengthMode, type ZoneDraft } from './zone.ts';

/** A closed bar with what was known of its timeframe at its close. */
export type JudgedBar = {
  readonly bar: Bar;
  /** ATR(14) in ticks; `null` until ready. */
  readonly atr: number | null;
  /** Mean volume of 20 bars in lots; `null` until known. */
  readonly averageVolume: number | null;
};

/** A bar upside down: a supply rejection is a demand rejection in the mirror. */
const mirrored = ({ open, high, low, close }: Bar) => ({
  open: -open,
  high: -low,
  low: -high,
  close: -close,
});

/** Wick by body of a bar that was rejected from below; `undefined` when it was not. Body at least a tick. */
function wickRatio(
  { open, high, low, close }: Pick<Bar, 'open' | 'high' | 'low' | 'close'>,
  atr: number,
): number | undefined {
  const wick = Math.min(open, close) - low;
  const body = Math.max(1, Math.abs(close - open));
  const isUp = close > open || 3 * (close - low) >= 2 * (high - low);
  return wick > 0 && wick >= 2 * body && wick >= 0.5 * atr && isUp ? wick / body : undefined;
}

/**
 * The zone that a rejected bar leaves once the next bar confirms it (IND-70, IND-72).
 *
 * Demand: the lower wick is at least twice the body (a tick at least) and half the ATR, the bar closes up or
 * in its top third, and the next closes above its middle. Supply is the mirror.
 *
 * @param rejected The earlier bar, with its own ATR and mean volume.
 */
export function rejectionZone(
  { bar, atr, averageVolume }: JudgedBar,
  next: Pick<Bar, 'close'>,
  mode: StrengthMode,
): ZoneDraft | undefined {
  if (atr === null) return undefined;
  const isDemand = 2 * next.close > bar.high + bar.low;
  const isSupply = 2 * next.close < bar.high + bar.low;
  const ratio = isDemand
    ? wickRatio(bar, atr)
    : isSupply
      ? wickRatio(mirrored(bar), atr)
      : undefined;
  if (ratio === undefined) return undefined;
  const bounds = isDemand
    ? ({ type: 'demand', low: bar.low, high: Math.min(bar.open, bar.close) } as const)
    : ({ type: 'supply', low: Math.max(bar.open, bar.close), high: bar.high } as const);
  const departure = (next.close - proximalEdge(bounds)) * (isDemand ? 1 : -1);
  const relativeVolume =
    averageVolume === null || averageVolume <= 0 ? 0 : bar.volume / averageVolume;
  return {
    ...bounds,
    strength: zoneStrength({ ratio, departure, atr, relativeVolume }, mode),
    openAt: bar.openAt,
    createdFrom: 'rejection',
  };
}
