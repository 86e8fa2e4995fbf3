import type { GapLevel, StructureView, ZoneLevel } from '../../engine/structure.ts';
import { nearestZone, zoneDistancePct } from '../hierarchical/levels.ts';
import type { Direction } from '../decision.ts';
import { percent } from '../percent.ts';
import type { Filter, FilterOf } from './params.ts';

/** What filters look at; prices in quote. */
export type Look = {
  readonly direction: Direction;
  readonly price: number;
  /** Of the timeframe that is filtered by; `undefined` before its first bar. */
  readonly view: StructureView | undefined;
  readonly autocorrelation: number | undefined;
  /** Of the last hour, in quote. */
  readonly drift: number | undefined;
};

/** Share of a filter's weight that it gives; `undefined` where its data are missing (STR-65). */
type Share = number | undefined;

const FULL = 1;
const HALF = 0.5;
/** 0.5 of the profile's 1.5 points (STR-61). */
const THIRD = 1 / 3;

/** LONG at the lower edge of the value area, SHORT at the upper. */
function marketProfile(
  { view, price, direction }: Look,
  { edgePct }: FilterOf<'market_profile'>,
): Share {
  const profile = view?.profile;
  if (profile === undefined) return undefined;
  const { valueAreaHigh: high, valueAreaLow: low } = profile;
  const edge = direction === 'LONG' ? low : high;
  // A value area of one row has no width: only its price itself is at the edge.
  const away =
    high > low ? percent(Math.abs(price - edge), high - low) : price === edge ? 0 : Infinity;
  if (away <= edgePct) return FULL;
  return price >= low && price <= high ? THIRD : 0;
}

/** Far below the average for a LONG, far above for a SHORT. */
function meanReversion(
  { view, direction }: Look,
  { fullSigma, partialSigma }: FilterOf<'mean_reversion'>,
): Share {
  const distance = view?.reversion.distance;
  if (distance === undefined) return undefined;
  const stretched = direction === 'LONG' ? -distance : distance;
  if (stretched >= fullSigma) return FULL;
  return stretched > partialSigma ? HALF : 0;
}

/** With the last hour where moves go on, against it where they are taken back. */
function autocorrelation(
  { autocorrelation: r, drift, direction }: Look,
  { persistent, reverting, mode }: FilterOf<'autocorrelation'>,
): Share {
  if (r === undefined) return undefined;
  if (mode === 'draft') return Math.abs(r) > persistent || Math.abs(r) < -reverting ? FULL : 0;
  if (drift === undefined) return undefined;
  const along = (direction === 'LONG' ? 1 : -1) * drift;
  if (r > persistent) return along > 0 ? FULL : along < 0 ? 0 : HALF;
  return r < reverting && along < 0 ? FULL : HALF;
}

/** The nearest zone that holds the price up, or down, and how fresh it is. */
function entryZone(look: Look, { nearPct, maxTouches }: FilterOf<'entry_zone'>): Share {
  const { view, direction, price } = look;
  if (view === undefined) return undefined;
  const zone = nearestZone(view.zones, direction, price);
  if (zone === null || zoneDistancePct(zone, price) > nearPct) return 0;
  if (zone.testCount === 0) return FULL;
  return zone.testCount <= maxTouches ? HALF : 0;
}

/** Somewhere to go: an opposing zone in the direction of the trade. */
function targetZone({ view, direction, price }: Look): Share {
  if (view === undefined) return undefined;
  const isAhead = ({ type, low, high }: ZoneLevel): boolean =>
    direction === 'LONG' ? type === 'supply' && low > price : type === 'demand' && high < price;
  return view.zones.some(isAhead) ? FULL : 0;
}

/** A gap of the trade's own type that holds the price, or one ahead that draws it. */
function fairValueGap(
  { view, direction, price }: Look,
  { beyondPct, aheadPct, mode }: FilterOf<'fvg'>,
): Share {
  if (view === undefined) return undefined;
  const isLong = direction === 'LONG';
  // How far the price has left a gap behind it, and how far one lies ahead; negative inside or on the other side.
  const behind = ({ low, high }: GapLevel): number => (isLong ? price - high : low - price);
  const ahead = ({ low, high }: GapLevel): number => (isLong ? low - price : price - high);
  const isHeldBy = (gap: GapLevel): boolean =>
    gap.type === (isLong ? 'bullish' : 'bearish') &&
    ahead(gap) <= 0 &&
    percent(behind(gap), price) <= beyondPct;
  const isDrawn = (gap: GapLevel): boolean =>
    ahead(gap) > 0 && percent(ahead(gap), price) <= aheadPct;
  if (mode === 'magnet') return view.gaps.some(isDrawn) ? FULL : 0;
  if (view.gaps.some(isHeldBy)) return FULL;
  return view.gaps.some(isDrawn) ? HALF : 0;
}

/** What a filter gives, as a share of its weight (STR-61). */
export function shareOf(filter: Filter, look: Look): Share {
  switch (filter.id) {
    case 'market_profile':
      return marketProfile(look, filter);
    case 'mean_reversion':
      return meanReversion(look, filter);
    case 'autocorrelation':
      return autocorrelation(look, filter);
    case 'entry_zone':
      return entryZone(look, filter);
    case 'target_zone':
      return targetZone(look);
    case 'fvg':
      return fairValueGap(look, filter);
  }
}
