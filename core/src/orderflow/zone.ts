import type { Timeframe } from '../market/market.ts';

/** Demand lies below the price and holds it up, supply above. */
export type ZoneType = 'demand' | 'supply';

/** A supply or demand zone (IND-74); prices in ticks, times in epoch milliseconds. */
export type Zone = {
  /** Follows from the timeframe, the type, and the bar that it came from: the same bars give the same id. */
  readonly zoneId: string;
  readonly timeframe: Timeframe;
  readonly type: ZoneType;
  readonly low: number;
  readonly high: number;
  /** 0 to 100. */
  readonly strength: number;
  /** Close of the bar that confirmed it: before that nobody could know of it. */
  readonly firstSeen: number;
  /** Close of the last bar that touched it. */
  readonly lastTested: number | null;
  readonly testCount: number;
  readonly status: 'fresh' | 'tested' | 'broken';
  readonly createdFrom: 'rejection' | 'consolidation';
};

/** What a detector found; `low` and `high` in ticks. */
export type ZoneDraft = Pick<Zone, 'type' | 'low' | 'high' | 'strength' | 'createdFrom'> & {
  /** Start of the first bar that it was made of. */
  readonly openAt: number;
};

/** How strength is told: `weighted` from wick, departure and volume, `simple` from the wick alone (IND-73). */
export type StrengthMode = 'weighted' | 'simple';

/** What strength follows from. */
export type StrengthInput = {
  /** Wick by body of a rejection; the departing body by the range it left of a base. */
  readonly ratio: number;
  /** Ticks from the zone's near edge to the close that confirmed it. */
  readonly departure: number;
  /** Ticks, > 0. */
  readonly atr: number;
  /** Volume by its mean over 20 bars; 0 where that is not known. */
  readonly relativeVolume: number;
};

/** Strength of a zone, 0 to 100 (IND-73). */
export function zoneStrength(
  { ratio, departure, atr, relativeVolume }: StrengthInput,
  mode: StrengthMode = 'weighted',
): number {
  if (mode === 'simple') return Math.min(100, ratio * 20);
  const moved = atr > 0 ? Math.max(0, departure) / (2 * atr) : 0;
  return (
    40 * Math.min(1, ratio / 5) + 35 * Math.min(1, moved) + 25 * Math.min(1, relativeVolume / 2)
  );
}

/** The edge nearest to the price: the upper one of demand, the lower one of supply (IND-72). */
export const proximalEdge = ({ type, low, high }: Pick<Zone, 'type' | 'low' | 'high'>): number =>
  type === 'demand' ? high : low;

/** Widest that a zone may be, in multiples of the ATR (IND-72). */
const WIDEST = 1.5;

/** Bounds no wider than 1.5 × ATR: the far edge, where price turned, stays; the near one gives way. */
export function limitWidth<T extends Pick<Zone, 'type' | 'low' | 'high'>>(zone: T, atr: number): T {
  const widest = Math.max(1, Math.floor(WIDEST * atr));
  if (zone.high - zone.low <= widest) return zone;
  return zone.type === 'demand'
    ? { ...zone, high: zone.low + widest }
    : { ...zone, low: zone.high - widest };
}

/**
 * True when the price is inside the zone or within 0.5 % of its near edge (IND-76).
 *
 * @param price Ticks.
 */
export const isNearZone = (
  zone: Pick<Zone, 'type' | 'low' | 'high'>,
  price: number,
  within = 0.005,
): boolean =>
  (price >= zone.low && price <= zone.high) ||
  Math.abs(price - proximalEdge(zone)) <= within * price;
