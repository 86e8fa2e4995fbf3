import { minimumTrades } from '../market/minimums.ts';
import type { Profile } from '../orderflow/profile.ts';
import type { FairValueGap } from '../orderflow/fair-value-gap.ts';
import type { RegimeReading } from '../orderflow/regime.ts';
import { liveGaps } from '../orderflow/fair-value-gap.ts';
import { profileOf } from '../orderflow/profile.ts';
import {
  managerClosed,
  managerServe,
  type Answer,
  type ManagerState,
} from '../orderflow/timeframe-manager.ts';
import type { Zone } from '../orderflow/zone.ts';
import { liveZones } from '../orderflow/zones.ts';
import { ringBar } from './bar-ring.ts';
import { isTimeframe, lengthOf, type IndicatorSeries } from './config.ts';
import { readingsOf, regimeAt, tradesInWindow } from './readings.ts';
import type { AnalyticsState } from './state.ts';

/** All that is told of one timeframe's closed bars, in steps of the grid. JSON-able. */
export type TimeframeResult = {
  /** By variant; `null` until ready and where not defined. */
  readonly readings: Readonly<Record<string, number | null>>;
  readonly regime: RegimeReading | null;
  readonly profile: Profile | null;
  readonly zones: readonly Zone[];
  readonly gaps: readonly FairValueGap[];
};

function compute(state: AnalyticsState, series: IndicatorSeries, now: number): TimeframeResult {
  const readings: Record<string, number | null> = {};
  readingsOf(state, series, { into: readings, isReady: true, now });
  if (!isTimeframe(series)) return { readings, regime: null, profile: null, zones: [], gaps: [] };
  return {
    readings,
    regime: regimeAt(state, series) ?? null,
    profile: profileOf(state.profiles, series) ?? null,
    zones: liveZones(state.frames[series].zones),
    gaps: liveGaps(state.frames[series].gaps),
  };
}

/**
 * A timeframe's analytics for whoever asks: from the cache while they are younger than the refresh time and no
 * bar has closed since, otherwise computed once (IND-95, IND-96). Stops do not ask here (IND-97).
 *
 * @param cache Of this market; changed in place.
 * @param question `now` in epoch milliseconds of the market's clock.
 */
export function serveTimeframe(
  cache: ManagerState<TimeframeResult>,
  state: AnalyticsState,
  question: { readonly timeframe: IndicatorSeries; readonly now: number },
): Answer<TimeframeResult> {
  const { timeframe, now } = question;
  const last = ringBar(state.bars[timeframe], 0);
  if (last !== undefined) managerClosed(cache, timeframe, last.openAt + lengthOf(timeframe));
  const { isPaper, minimumTrades: overrides } = state.config;
  return managerServe(
    cache,
    {
      timeframe,
      now,
      ticks: tradesInWindow(state, timeframe, now),
      minTicks: minimumTrades(timeframe, { isPaper, override: overrides[timeframe] }),
    },
    () => compute(state, timeframe, now),
  );
}
