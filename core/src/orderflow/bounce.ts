import type { Bar } from '../market/bar.ts';
import type { Zone } from './zone.ts';

/** What a bounce is measured on; prices and ATR in one unit. */
export type BounceInput = {
  /** The last closed 1m bar. */
  readonly bar: Pick<Bar, 'high' | 'low' | 'close'>;
  readonly zone: Pick<Zone, 'low' | 'high'>;
  readonly atr: number;
};

/**
 * How strongly a bar bounced off a zone, 0 to 1 (IND-91).
 *
 * For `LONG` the product of how high it closed in its range, how near its low came to the zone (1 when inside,
 * down to 0 a quarter of the ATR above) and whether it closed at or above the zone's lower edge. `SHORT` is the
 * mirror. A bar without range gives 0.
 */
export function bounceStrength({ bar, zone, atr }: BounceInput, side: 'LONG' | 'SHORT'): number {
  const range = bar.high - bar.low;
  if (range <= 0) return 0;
  const isLong = side === 'LONG';
  const rejection = (isLong ? bar.close - bar.low : bar.high - bar.close) / range;
  const missedBy = isLong ? bar.low - zone.high : zone.low - bar.high;
  const reach = 0.25 * atr;
  const touch = missedBy <= 0 ? 1 : reach > 0 ? Math.max(0, 1 - missedBy / reach) : 0;
  const hasHeld = isLong ? bar.close >= zone.low : bar.close <= zone.high;
  return hasHeld ? rejection * touch : 0;
}
