import {
  setCopy,
  setInit,
  setNext,
  setValue,
  type IndicatorSetState,
} from '../indicator/indicator-set.ts';
import { barValues } from '../market/convert.ts';
import type { Bar } from '../market/bar.ts';
import type { Grid } from '../market/grid.ts';
import { ringBar, type BarRing } from './bar-ring.ts';
import type { AnalyticsConfig, IndicatorSeries } from './config.ts';

/** What every series has (IND-11 to IND-19), in the grammar of variants (IND-09). */
const EVERYWHERE: readonly string[] = [
  'EMA_20',
  'EMA_50',
  'EMA_200',
  'RSI_14',
  'MACD_12_26_9',
  'MACD_SIGNAL_12_26_9',
  'MACD_HISTOGRAM_12_26_9',
  'ATR_14',
  'ATR_PCT_14_20',
  'ADX_14',
  'PLUS_DI_14',
  'MINUS_DI_14',
  'BB_20_2',
  'BB_UPPER_20_2',
  'BB_MIDDLE_20_2',
  'BB_LOWER_20_2',
  'BB_BANDWIDTH_20_2',
  'STOCH_14_3_3',
  'STOCH_D_14_3_3',
  'CCI_20',
  'WILLR_14',
  'OBV',
  'VOLUME_ROC_12',
];
/** Of one-minute returns by definition (IND-20, IND-21). */
const OF_MINUTES: readonly string[] = ['REALISED_VOLATILITY_60', 'AUTOCORRELATION_60'];

/** Bars between two copies of a set: a copy costs about as much as a few bars. */
const COPY_EVERY = 64;

/**
 * Indicators on the closed bars of one series, which can take the last bar back (MD-33). JSON-able.
 *
 * A copy from some bars ago and the bars since, which the ring holds anyway, make any later state anew: exact,
 * and without a copy for each bar.
 */
export type SeriesIndicators = {
  set: IndicatorSetState;
  /** As the set was `since` bars ago. */
  copy: IndicatorSetState;
  since: number;
};

/** The indicators of a series that have seen nothing. @throws RangeError for a name that is none, and why. */
export function indicatorsInit(
  series: IndicatorSeries,
  { variants }: Pick<AnalyticsConfig, 'variants'>,
): SeriesIndicators {
  const further = variants.filter((wanted) => wanted.series === series).map(({ name }) => name);
  const names = [...EVERYWHERE, ...(series === '1m' ? OF_MINUTES : []), ...further];
  const set = setInit(names);
  return { set, copy: setCopy(set), since: 0 };
}

/** Where the bars of a series are kept, and what their steps are worth. */
export type FedBars = {
  readonly ring: BarRing;
  readonly steps: Pick<Grid, 'tickSize' | 'lotSize'>;
};

/**
 * Feeds one closed bar, which is the last one of its ring by now, in place.
 *
 * @throws RangeError when bars do not come oldest first (IND-03).
 */
export function indicatorsNext(state: SeriesIndicators, bar: Bar, { ring, steps }: FedBars): void {
  if (state.since >= Math.min(COPY_EVERY, ring.capacity)) {
    state.copy = setCopy(state.set);
    state.since = 0;
  }
  setNext(state.set, barValues(bar, steps), bar.openAt);
  state.since += 1;
}

/** Makes the set anew from the bars that its ring holds by now, in place: the last one was corrected (MD-33). */
export function indicatorsAgain(state: SeriesIndicators, { ring, steps }: FedBars): void {
  const set = setCopy(state.copy);
  for (let back = state.since - 1; back >= 0; back -= 1) {
    const bar = ringBar(ring, back);
    if (bar !== undefined) setNext(set, barValues(bar, steps), bar.openAt);
  }
  state.set = set;
}

/** A value as of the last closed bar; `undefined` until ready, where it is not defined, or not computed. */
export const indicatorValue = ({ set }: SeriesIndicators, id: string): number | undefined =>
  setValue(set, id);
