import type { Price } from '../lib/units.ts';
import type { Candle } from './market.ts';

/** Difference of volume that is put down to rounding, as a share (MD-46). */
const VOLUME_SHARE = 0.005;

const PRICES = ['open', 'high', 'low', 'close'] as const;

/** Fields in which our own candle and the venue's differ: prices by more than a tick, volume by more than 0.5 % (MD-46). */
export function differences(
  own: Candle,
  venue: Candle,
  tickSize: Price,
): readonly (keyof Candle)[] {
  const far = PRICES.filter((field) => {
    const apart = own[field] - venue[field];
    return (apart < 0n ? -apart : apart) > tickSize;
  });
  const [a, b] = [Number(own.volume), Number(venue.volume)];
  const same = Math.abs(a - b) <= VOLUME_SHARE * Math.max(a, b);
  return same ? far : [...far, 'volume'];
}

/**
 * The candle to keep: the venue's in the place of ours where ours has a gap and differs, as a new revision whose
 * buyers are unknown; else our own, which the difference is only counted against (MD-46).
 */
export function verified(own: Candle, venue: Candle, tickSize: Price): Candle {
  const hasGap = own.gapFilled || own.incomplete;
  if (!hasGap || differences(own, venue, tickSize).length === 0) return own;
  return {
    ...venue,
    openAt: own.openAt,
    buyVolume: null,
    buyTrades: null,
    gapFilled: true,
    incomplete: false,
    revision: own.revision + 1,
    source: 'venue',
  };
}
