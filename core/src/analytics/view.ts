import { epochMs, type EpochMs } from '../lib/time.ts';
import { parseVariant } from '../indicator/variant-name.ts';
import { patternsDetected, type PatternDetected } from '../indicator/reading.ts';
import { priceOfSteps, type Price } from '../lib/units.ts';
import type { Grid } from '../market/grid.ts';
import { TIMEFRAMES, type Timeframe } from '../market/market.ts';
import { liveGaps, type FairValueGap } from '../orderflow/fair-value-gap.ts';
import type { FlowRecord } from '../orderflow/flow-record.ts';
import { profileOf, type Profile } from '../orderflow/profile.ts';
import type { Regime } from '../orderflow/regime.ts';
import type { ProfileShape } from '../orderflow/shape.ts';
import { priceAt } from '../orderflow/tick-window-read.ts';
import type { Zone } from '../orderflow/zone.ts';
import { liveZones } from '../orderflow/zones.ts';
import { ringBar } from './bar-ring.ts';
import { INDICATOR_SERIES } from './config.ts';
import { evaluate } from './evaluate.ts';
import { flowOf, type FlowView } from './flow.ts';
import { barReadings } from './reading-of.ts';
import { readingsOf, regimeAt, waitOf } from './readings.ts';
import { gridOfSteps, type AnalyticsState } from './state.ts';
import { alignmentAt } from './structure.ts';

/** A market profile in units (IND-64); see `Profile` for its fields. */
export type ProfileView = {
  readonly timeframe: Timeframe;
  readonly asOf: EpochMs;
  readonly poc: Price;
  readonly valueAreaHigh: Price;
  readonly valueAreaLow: Price;
  readonly from: Price;
  readonly rowSize: Price;
  /** Base volume of each row. */
  readonly volumes: number[];
  readonly shape: ProfileShape;
  readonly totalVolume: number;
  /** Of it, what was spread over a bar's range for want of its trades. */
  readonly estimatedVolume: number;
};

/** A live zone in units (IND-74). */
export type ZoneView = Pick<
  Zone,
  'zoneId' | 'timeframe' | 'type' | 'strength' | 'testCount' | 'createdFrom'
> & {
  readonly priceLow: Price;
  readonly priceHigh: Price;
  readonly firstSeen: EpochMs;
  readonly lastTested: EpochMs | null;
  readonly status: 'fresh' | 'tested';
};

/** A gap that is not filled, in units (IND-81). */
export type GapView = Pick<FairValueGap, 'fvgId' | 'timeframe' | 'type' | 'fillPct'> & {
  readonly gapLow: Price;
  readonly gapHigh: Price;
  readonly createdAt: EpochMs;
  readonly status: 'open' | 'partial';
};

/** Values of indicators and order flow: what a chunk of candles stores as its `analytics`. */
export type ReadingsView = {
  /** Close of the last minute that went in. */
  readonly asOf: EpochMs;
  /** By variant, and `@timeframe` for those on closed bars; `null` is no signal, never a neutral zero (MD-50). */
  readonly readings: Record<string, number | null>;
  /** What a timeframe waits for, in words; absent for one that is ready (MD-51). */
  readonly waiting: Record<string, string>;
  readonly flow: FlowView;
  /** Of the configured timeframe (IND-90). */
  readonly regime: Regime | null;
};

/** All that is told of a market, in units. */
export type AnalyticsView = {
  readonly marketKey: string;
  /** `null` before the first closed minute. */
  readonly analytics: ReadingsView | null;
  readonly profiles: ProfileView[];
  /** At most {@link MOST_LISTED}, the nearest to the price. */
  readonly zones: ZoneView[];
  readonly gaps: GapView[];
  /** Candlestick patterns that the last closed bars completed (IND-22): events without weight. */
  readonly patterns: PatternDetected[];
  /** Order flow of the last closed minute (IND-50), in lots. */
  readonly flowRecord: FlowRecord | null;
};

/** Zones, and gaps, that a view lists at most. */
export const MOST_LISTED = 40;

const TIMEFRAME_NAMES: readonly Timeframe[] = ['1m', '5m', '15m', '1h'];

function profileView(profile: Profile, timeframe: Timeframe, grid: Grid): ProfileView {
  const inUnits = (ticks: number): Price => priceOfSteps(grid.tick, ticks);
  return {
    timeframe,
    asOf: epochMs(profile.asOf),
    poc: inUnits(profile.poc),
    valueAreaHigh: inUnits(profile.valueAreaHigh),
    valueAreaLow: inUnits(profile.valueAreaLow),
    from: inUnits(profile.from),
    rowSize: inUnits(profile.rowSize),
    volumes: profile.volumes.map((lots) => lots * grid.lotSize),
    shape: profile.shape,
    totalVolume: profile.totalVolume * grid.lotSize,
    estimatedVolume: profile.estimatedVolume * grid.lotSize,
  };
}

const zoneView = (zone: Zone, grid: Grid): ZoneView => ({
  zoneId: zone.zoneId,
  timeframe: zone.timeframe,
  type: zone.type,
  priceLow: priceOfSteps(grid.tick, zone.low),
  priceHigh: priceOfSteps(grid.tick, zone.high),
  strength: zone.strength,
  firstSeen: epochMs(zone.firstSeen),
  lastTested: zone.lastTested === null ? null : epochMs(zone.lastTested),
  testCount: zone.testCount,
  status: zone.status === 'fresh' ? 'fresh' : 'tested',
  createdFrom: zone.createdFrom,
});

const gapView = (gap: FairValueGap, grid: Grid): GapView => ({
  fvgId: gap.fvgId,
  timeframe: gap.timeframe,
  type: gap.type,
  gapLow: priceOfSteps(grid.tick, gap.low),
  gapHigh: priceOfSteps(grid.tick, gap.high),
  createdAt: epochMs(gap.createdAt),
  fillPct: gap.fillPct,
  status: gap.status === 'open' ? 'open' : 'partial',
});

/** The nearest to a price of what spans a range of them, in the order given. */
function nearest<T extends { readonly low: number; readonly high: number }>(
  all: readonly T[],
  price: number,
): T[] {
  if (all.length <= MOST_LISTED) return [...all];
  const away = ({ low, high }: T): number => Math.max(low - price, price - high, 0);
  const kept = new Set([...all].sort((a, b) => away(a) - away(b)).slice(0, MOST_LISTED));
  return all.filter((one) => kept.has(one));
}

/** A value that somebody asked for by a name that may be none here, as one of newer code; then it stays unknown. */
function askedValue(state: AnalyticsState, name: string, now: number): number | null {
  const variant = parseVariant(name);
  return variant.ok ? evaluate(state, variant.value, now).value : null;
}

function readingsView(state: AnalyticsState, now: number): ReadingsView | null {
  const minute = ringBar(state.bars['1m'], 0);
  if (minute === undefined) return null;
  const readings: Record<string, number | null> = {};
  for (const name of state.config.listed) readings[name] = evaluate(state, name, now).value;
  for (const name of state.asked) readings[name] = askedValue(state, name, now);
  const waiting: Record<string, string> = {};
  for (const series of INDICATOR_SERIES) {
    const wait = waitOf(state, series, now);
    if (wait !== undefined) waiting[series] = wait;
    readingsOf(state, series, { into: readings, isReady: wait === undefined, now });
  }
  const { aligned } = state.config;
  const areReady = aligned.every((timeframe) => waiting[timeframe] === undefined);
  readings['ALIGNMENT'] = areReady ? (alignmentAt(state, aligned) ?? null) : null;
  const { regimeTimeframe } = state.config;
  const isRegimeReady = waiting[regimeTimeframe] === undefined;
  return {
    asOf: epochMs(minute.openAt + TIMEFRAMES['1m']),
    readings,
    waiting,
    flow: flowOf(state, now),
    regime: isRegimeReady ? (regimeAt(state, regimeTimeframe)?.regime ?? null) : null,
  };
}

/**
 * What is known of a market as of `now`, in units: profiles, zones and gaps as of their last closed bars.
 *
 * @param now Epoch milliseconds, market time, at or after the newest trade.
 */
export function analyticsView(state: AnalyticsState, now: number): AnalyticsView {
  const grid = gridOfSteps(state.steps);
  const price = priceAt(state.tape, now) ?? ringBar(state.bars['1m'], 0)?.close ?? 0;
  const profiles = TIMEFRAME_NAMES.flatMap((timeframe) => {
    const profile = profileOf(state.profiles, timeframe);
    return profile === undefined ? [] : [profileView(profile, timeframe, grid)];
  });
  const zones = TIMEFRAME_NAMES.flatMap((timeframe) => liveZones(state.frames[timeframe].zones));
  const gaps = TIMEFRAME_NAMES.flatMap((timeframe) => liveGaps(state.frames[timeframe].gaps));
  return {
    marketKey: state.marketKey,
    analytics: readingsView(state, now),
    profiles,
    zones: nearest(zones, price).map((zone) => zoneView(zone, grid)),
    gaps: nearest(gaps, price).map((gap) => gapView(gap, grid)),
    patterns: INDICATOR_SERIES.flatMap((series) =>
      // Whether a pattern was there does not depend on how good its data are.
      patternsDetected(barReadings(state, series, { dataQuality: 1, now })),
    ),
    flowRecord: state.lastFlow,
  };
}
