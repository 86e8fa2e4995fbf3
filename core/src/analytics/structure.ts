import type { Timeframe } from '../market/market.ts';
import { alignmentOf } from '../orderflow/alignment.ts';
import { bounceStrength } from '../orderflow/bounce.ts';
import { isNearZone } from '../orderflow/zone.ts';
import { liveZones } from '../orderflow/zones.ts';
import { ringBar } from './bar-ring.ts';
import { indicatorValue } from './series-indicators.ts';
import type { AnalyticsState } from './state.ts';

const ALIGNED = { ALIGNED_BULLISH: 1, ALIGNED_BEARISH: -1, MIXED: 0 } as const;

/** 1 where the last closed bars of all `timeframes` rose, -1 where all fell, else 0 (IND-93). */
export function alignmentAt(
  { bars }: AnalyticsState,
  timeframes: readonly Timeframe[],
): number | undefined {
  const alignment = alignmentOf(timeframes.map((timeframe) => ringBar(bars[timeframe], 0)));
  return alignment === undefined ? undefined : ALIGNED[alignment];
}

/**
 * How strongly the last closed minute bounced, up off demand or down off supply: 0 to 1, the strongest of the
 * live zones that it closed in or near to (IND-91, IND-76).
 *
 * @returns `undefined` where no zone is near, and until the ATR is ready.
 */
export function bounceAt(state: AnalyticsState, side: 'LONG' | 'SHORT'): number | undefined {
  const bar = ringBar(state.bars['1m'], 0);
  const atr = indicatorValue(state.indicators['1m'], 'ATR_14');
  if (bar === undefined || atr === undefined) return undefined;
  const type = side === 'LONG' ? 'demand' : 'supply';
  const bounces = Object.values(state.frames)
    .flatMap(({ zones }) => liveZones(zones))
    .filter((zone) => zone.type === type && isNearZone(zone, bar.close))
    .map((zone) => bounceStrength({ bar, zone, atr: atr / state.steps.tickSize }, side));
  return bounces.length === 0 ? undefined : Math.max(...bounces);
}
