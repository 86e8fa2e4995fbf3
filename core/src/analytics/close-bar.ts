import { SERIES, type Bar, type SeriesName } from '../market/bar.ts';
import type { Timeframe } from '../market/market.ts';
import { cvdAt, cvdNext } from '../orderflow/cvd.ts';
import { divergenceNext } from '../orderflow/divergence.ts';
import { gapsNext } from '../orderflow/fair-value-gap.ts';
import { flowRecordOf } from '../orderflow/flow-record.ts';
import { hurstNext } from '../orderflow/hurst.ts';
import { meanReversionNext } from '../orderflow/mean-reversion.ts';
import { profilesBar } from '../orderflow/profile.ts';
import { samplesNext } from '../orderflow/tick-volatility.ts';
import { volumeSpikeNext } from '../orderflow/volume-spike.ts';
import { zonesNext } from '../orderflow/zones.ts';
import { ringBar, ringCorrect, ringPush } from './bar-ring.ts';
import { isTimeframe, type IndicatorSeries } from './config.ts';
import { indicatorsAgain, indicatorsNext, indicatorValue } from './series-indicators.ts';
import type { AnalyticsState } from './state.ts';

/** Takes a closed bar into everything that is computed on bars of its series, in place. */
export function closeBar(state: AnalyticsState, series: SeriesName, bar: Bar): void {
  ringPush(state.bars[series], bar);
  if (series === '1s') {
    samplesNext(state.samples, bar);
    cvdNext(state.cvd, bar);
    return;
  }
  feedIndicators(state, series, bar);
  if (series === '1m') closeMinute(state, bar);
  if (isTimeframe(series)) closeTimeframe(state, series, bar);
}

/** Takes a closed bar, the last of its ring, into its series' indicators, in place. */
export function feedIndicators(state: AnalyticsState, series: IndicatorSeries, bar: Bar): void {
  const { indicators, bars, steps } = state;
  indicatorsNext(indicators[series], bar, { ring: bars[series], steps });
}

/**
 * Takes a corrected bar in the place of the last closed one of its series, in place (MD-33): in the ring, the
 * indicators and the minute's order flow. What else was learned of it stays.
 */
export function reviseBar(state: AnalyticsState, series: SeriesName, bar: Bar): void {
  const { indicators, bars, steps, lastFlow } = state;
  const ring = bars[series];
  if (ringBar(ring, 0)?.openAt !== bar.openAt) return;
  ringCorrect(ring, bar);
  if (series === '1s') return;
  indicatorsAgain(indicators[series], { ring, steps });
  if (series === '1m' && lastFlow !== null) state.lastFlow = flowRecordOf(bar, lastFlow.cvd);
}

/** Takes a closed minute into the order flow, in place; its volume has been counted in the CVD. */
export function closeMinute(state: AnalyticsState, bar: Bar): void {
  // The last millisecond of the minute: at its end a new session may begin.
  const last = bar.openAt + SERIES['1m'] - 1;
  const sources = { state: state.cvd, tape: state.tape };
  const { high, low } = bar;
  state.lastFlow = flowRecordOf(bar, cvdAt(sources, 'session', last) ?? null);
  state.lastDivergence =
    divergenceNext(state.divergence, { high, low, cvd: cvdAt(sources, '1h', last) }) ?? null;
  state.lastVolumeSpike = volumeSpikeNext(state.volumeSpike, bar) ?? null;
}

/** What is told of a timeframe's bars beyond indicators, which have been updated. */
export function closeTimeframe(state: AnalyticsState, timeframe: Timeframe, bar: Bar): void {
  const frame = state.frames[timeframe];
  const context = { atr: indicatorValue(state.indicators[timeframe], 'ATR_14'), grid: state.steps };
  profilesBar(state.profiles, timeframe, { bar, context });
  zonesNext(frame.zones, bar, context);
  gapsNext(frame.gaps, bar, context);
  const close = bar.close * state.steps.tickSize;
  frame.lastHurst = hurstNext(frame.hurst, close);
  meanReversionNext(frame.meanReversion, close);
}
