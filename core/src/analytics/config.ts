import { SERIES, type SeriesName } from '../market/bar.ts';
import { TIMEFRAMES, type Timeframe } from '../market/market.ts';
import { parseVariant, type Variant } from '../indicator/variant-name.ts';
import { FLOW_THRESHOLD } from '../orderflow/flow-signal.ts';

/** How one market's analytics are made. JSON-able. */
export type AnalyticsConfig = {
  /** Longest look-back of a tick window, seconds; memory grows with it. */
  readonly horizonSeconds: number;
  /** Names of the window and live variants that the view lists; others are computed when asked for. */
  readonly listed: readonly string[];
  /** Names of further bar variants, by series: beyond the set that every series has. */
  readonly variants: readonly { readonly series: IndicatorSeries; readonly name: string }[];
  /** Timeframes whose last closed bars `ALIGNMENT` compares (IND-93). */
  readonly aligned: readonly Timeframe[];
  /** Timeframe whose regime the view tells (IND-90). */
  readonly regimeTimeframe: Timeframe;
  /** Distance from the median of recent trades at which a trade is held back, a share (MD-32). */
  readonly outlierLimit: number;
  /** Imbalance ratio from which the flow has a side (IND-51). */
  readonly flowThreshold: number;
  /** Closed bars that are kept of each series. */
  readonly hotBars: number;
  /** Start of a session after 00:00 UTC, ms: 0 but for markets that open at a bell. */
  readonly sessionOffsetMs: number;
  /** Fewer trades than MD-50 asks for; heeded in paper mode only. */
  readonly isPaper: boolean;
  readonly minimumTrades: Readonly<Partial<Record<SeriesName, number>>>;
};

/** Series that indicators are computed on: seconds only feed the windows. */
export const INDICATOR_SERIES = [
  '15s',
  '1m',
  '5m',
  '15m',
  '1h',
] as const satisfies readonly SeriesName[];
export type IndicatorSeries = (typeof INDICATOR_SERIES)[number];

export const isTimeframe = (series: SeriesName): series is Timeframe => series in TIMEFRAMES;

const LISTED: readonly string[] = [
  'PRICE',
  'SPREAD_PCT',
  'TWPA_300_0',
  'VOLUME_SURGE_300_900',
  'PUMP_MAGNITUDE_300_0',
  'DUMP_MAGNITUDE_300_0',
  'MOMENTUM_60_0',
  'VELOCITY_60_240',
  'TRADE_RATE_60_0',
  'VOLATILITY_TICK_300_0',
  'IMBALANCE_60_0',
  'DELTA_60_0',
  'CVD_SESSION',
  'CVD_1H',
  'CVD_4H',
];

export const ANALYTICS_DEFAULTS: AnalyticsConfig = {
  // Twenty minutes: the longest default window is VOLUME_SURGE's, 300 s and 900 s before them.
  horizonSeconds: 1_200,
  listed: LISTED,
  variants: [],
  aligned: ['1m', '5m', '15m', '1h'],
  regimeTimeframe: '15m',
  outlierLimit: 0.1,
  flowThreshold: FLOW_THRESHOLD.confluence,
  hotBars: 600,
  sessionOffsetMs: 0,
  isPaper: false,
  minimumTrades: {},
};

/** The variant of a name that is known to be good. @throws RangeError otherwise, saying what is wrong. */
export function variantOf(name: string): Variant {
  const parsed = parseVariant(name);
  if (!parsed.ok) throw new RangeError(`Invariant: ${parsed.error.message}`);
  return parsed.value;
}

/** Milliseconds of a bar of a series. */
export const lengthOf = (series: SeriesName): number => SERIES[series];
