import type { Bar } from '../market/bar.ts';
import { TIMEFRAMES, type Timeframe } from '../market/market.ts';
import { atrTicks, hasTraded, type BarContext } from './bar-context.ts';
import { BASE_BARS, consolidationZone } from './consolidation.ts';
import { rejectionZone, type JudgedBar } from './rejection.ts';
import { addZone, isAway, type LiveZone } from './zone-merge.ts';
import { volumeAverageInit, volumeAverageNext, type VolumeAverageState } from './volume-spike.ts';
import { limitWidth, type StrengthMode, type Zone, type ZoneDraft } from './zone.ts';

export type { Zone } from './zone.ts';

const HOUR = 3_600_000;
/** How long a zone is looked back on (IND-75). */
const ZONE_LOOKBACK: { readonly [timeframe in Timeframe]: number } = {
  '1m': 24 * HOUR,
  '5m': 24 * HOUR,
  '15m': 7 * 24 * HOUR,
  '1h': 7 * 24 * HOUR,
};

/** Zones of one timeframe. JSON-able; at most 40 zones and eight bars. */
export type ZonesState = {
  readonly timeframe: Timeframe;
  readonly mode: StrengthMode;
  /** Live zones, oldest first. */
  zones: LiveZone[];
  /** Mean volume of the last 20 bars. */
  readonly volumes: VolumeAverageState;
  /** The bar before, which the next may confirm as rejected; `null` after a gap. */
  previous: JudgedBar | null;
  /** The last bars in a row that may be a base, oldest first. */
  recent: Bar[];
};

/** Something that happened to a zone at a closed bar. */
export type ZoneChange = {
  readonly change: 'created' | 'merged' | 'tested' | 'broken' | 'expired' | 'displaced';
  readonly zone: Zone;
};

/** Zones that have seen nothing. */
export const zonesInit = (timeframe: Timeframe, mode: StrengthMode = 'weighted'): ZonesState => ({
  timeframe,
  mode,
  zones: [],
  volumes: volumeAverageInit(20),
  previous: null,
  recent: [],
});

/** A zone after one more closed bar (IND-74). */
function afterBar(zone: LiveZone, bar: Bar, closeAt: number): LiveZone {
  const { low, high, type } = zone;
  const isInside = bar.low <= high && bar.high >= low;
  const isTouch = zone.away && isInside;
  const isBroken = type === 'demand' ? bar.close < low : bar.close > high;
  const furthest = type === 'demand' ? bar.high : bar.low;
  // Within one bar the order of its high and low is not known: what leaves and comes back is one visit.
  const hasLeft = isAway(zone, isInside ? bar.close : furthest);
  const away = isTouch ? isAway(zone, bar.close) : zone.away || hasLeft;
  if (!isTouch && !isBroken && away === zone.away) return zone;
  return {
    ...zone,
    away,
    lastTested: isTouch ? closeAt : zone.lastTested,
    testCount: zone.testCount + (isTouch ? 1 : 0),
    status: isBroken ? 'broken' : isTouch ? 'tested' : zone.status,
  };
}

/** Passes a closed bar over the live zones, in place. */
function updateZones(state: ZonesState, bar: Bar, closeAt: number): ZoneChange[] {
  const changes: ZoneChange[] = [];
  const kept: LiveZone[] = [];
  for (const zone of state.zones) {
    const after = afterBar(zone, bar, closeAt);
    if (after.testCount > zone.testCount) changes.push({ change: 'tested', zone: after });
    if (after.status === 'broken') changes.push({ change: 'broken', zone: after });
    else if (closeAt - zone.firstSeen > ZONE_LOOKBACK[state.timeframe])
      changes.push({ change: 'expired', zone: after });
    else kept.push(after);
  }
  state.zones = kept;
  return changes;
}

/** Lists a new zone, in place. */
function place(state: ZonesState, draft: ZoneDraft, { bar, atr }: JudgedBar): ZoneChange[] {
  const { openAt, ...found } = draft;
  const limit = atr ?? 0;
  const bounded = limitWidth(found, limit);
  const zone: LiveZone = {
    ...bounded,
    zoneId: `${state.timeframe}-${found.type}-${found.createdFrom}-${openAt}`,
    timeframe: state.timeframe,
    firstSeen: bar.openAt + TIMEFRAMES[state.timeframe],
    lastTested: null,
    testCount: 0,
    status: 'fresh',
    away: false,
  };
  const { zones, added, isMerged, dropped } = addZone(
    state.zones,
    { ...zone, away: isAway(zone, bar.close) },
    { atr: limit, close: bar.close },
  );
  state.zones = zones;
  return [
    { change: isMerged ? 'merged' : 'created', zone: added },
    ...dropped.map((each) => ({ change: 'displaced' as const, zone: each })),
  ];
}

/**
 * Takes the next closed bar, in place: touches, breaks, expiries, then new zones (IND-70 to IND-75).
 *
 * Bars come in order. Where one is missing, empty or known to be incomplete, no zone is made of what lies
 * around it; what is there is still updated.
 *
 * @param context ATR with this bar included.
 * @returns What changed, in the order it happened.
 */
export function zonesNext(state: ZonesState, bar: Bar, context: BarContext): ZoneChange[] {
  const length = TIMEFRAMES[state.timeframe];
  const { previous } = state;
  if (previous !== null && previous.bar.openAt + length !== bar.openAt) {
    state.previous = null;
    state.recent = [];
  }
  const changes = updateZones(state, bar, bar.openAt + length);
  const averageVolume = volumeAverageNext(state.volumes, bar);
  if (!hasTraded(bar) || bar.incomplete) {
    state.previous = null;
    state.recent = [];
    return changes;
  }
  const judged: JudgedBar = {
    bar: { ...bar },
    atr: atrTicks(context) ?? null,
    averageVolume: averageVolume ?? null,
  };
  if (state.previous !== null) {
    const rejection = rejectionZone(state.previous, bar, state.mode);
    const base = consolidationZone(state.recent, bar, { ...state.previous, mode: state.mode });
    const sized = { ...judged, atr: state.previous.atr };
    for (const draft of [rejection, base])
      if (draft !== undefined) changes.push(...place(state, draft, sized));
  }
  state.previous = judged;
  state.recent = [...state.recent, judged.bar].slice(-BASE_BARS.max);
  return changes;
}

/** The zones that are fresh or tested, oldest first. */
export const liveZones = ({ zones }: ZonesState): readonly Zone[] => zones;
