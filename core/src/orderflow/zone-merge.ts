import { limitWidth, type Zone } from './zone.ts';

/** A zone with what it takes to count touches. */
export type LiveZone = Zone & {
  /** Price has left it by half its width since it last was inside. */
  readonly away: boolean;
};

/** Live zones of one side and timeframe at most (IND-75). */
export const MAX_ZONES_PER_SIDE = 20;

/** True when two zones of one type share at least half of the narrower one (IND-75). */
export function isOverlap(a: Zone, b: Zone): boolean {
  if (a.type !== b.type) return false;
  const shared = Math.min(a.high, b.high) - Math.max(a.low, b.low);
  return shared >= 0 && 2 * shared >= Math.min(a.high - a.low, b.high - b.low);
}

/** Price is beyond the near edge by at least half the zone's width (IND-74). @param price Ticks. */
export function isAway({ type, low, high }: Zone, price: number): boolean {
  const distance = type === 'demand' ? price - high : low - price;
  return distance > 0 && 2 * distance >= high - low;
}

/** Two zones as one: outer bounds, the greater strength, the earlier time, all touches (IND-75). */
function merge(a: LiveZone, b: LiveZone, atr: number): LiveZone {
  const earlier = b.firstSeen < a.firstSeen ? b : a;
  const testCount = a.testCount + b.testCount;
  const tested = Math.max(a.lastTested ?? -1, b.lastTested ?? -1);
  const merged: LiveZone = {
    ...earlier,
    low: Math.min(a.low, b.low),
    high: Math.max(a.high, b.high),
    strength: Math.max(a.strength, b.strength),
    lastTested: tested < 0 ? null : tested,
    testCount,
    status: testCount > 0 ? 'tested' : 'fresh',
  };
  return limitWidth(merged, atr);
}

/** What came of adding a zone. */
export type Added = {
  readonly zones: LiveZone[];
  /** The zone as it now stands, with what it was merged with. */
  readonly added: LiveZone;
  readonly isMerged: boolean;
  /** Zones that are no longer listed because they are part of `added`, or to keep the list short. */
  readonly dropped: LiveZone[];
};

/** When a zone is added: ATR and price in ticks. */
export type AddContext = { readonly atr: number; readonly close: number };

/**
 * Adds a zone to live ones: merged with all it overlaps, and the weakest, then oldest, of its side left out
 * when that makes more than 20.
 */
export function addZone(
  zones: readonly LiveZone[],
  zone: LiveZone,
  { atr, close }: AddContext,
): Added {
  let rest = [...zones];
  let added = zone;
  const dropped: LiveZone[] = [];
  for (;;) {
    const other = rest.find((each) => isOverlap(each, added));
    if (other === undefined) break;
    rest = rest.filter((each) => each !== other);
    added = merge(other, added, atr);
    if (added.zoneId !== other.zoneId) dropped.push(other);
  }
  const isMerged = rest.length < zones.length;
  if (isMerged) added = { ...added, away: isAway(added, close) };
  const listed = [...rest, added];
  const side = listed.filter(({ type }) => type === zone.type);
  if (side.length > MAX_ZONES_PER_SIDE) {
    const [weakest] = side.sort((a, b) =>
      a.strength === b.strength ? a.firstSeen - b.firstSeen : a.strength - b.strength,
    );
    if (weakest !== undefined) dropped.push(weakest);
  }
  return { zones: listed.filter((each) => !dropped.includes(each)), added, isMerged, dropped };
}
