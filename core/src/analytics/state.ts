import { price, qty, formatDecimal } from '../lib/units.ts';
import { SERIES, type SeriesName } from '../market/bar.ts';
import { cascadeInit, type CascadeSeed, type CascadeState } from '../market/cascade.ts';
import type { Grid } from '../market/grid.ts';
import { TIMEFRAMES, type Timeframe } from '../market/market.ts';
import { outlierInit, type OutlierState } from '../market/outlier.ts';
import { cvdInit, type CvdState } from '../orderflow/cvd.ts';
import { divergenceInit, type Divergence, type DivergenceState } from '../orderflow/divergence.ts';
import { gapsInit, type GapsState } from '../orderflow/fair-value-gap.ts';
import type { FlowRecord } from '../orderflow/flow-record.ts';
import { hurstInit, type Hurst, type HurstState } from '../orderflow/hurst.ts';
import { meanReversionInit, type MeanReversionState } from '../orderflow/mean-reversion.ts';
import { profilesInit, type ProfilesState } from '../orderflow/profile.ts';
import { rollInit, type Quote, type RollState } from '../orderflow/spread.ts';
import { samplesInit, type SamplesState } from '../orderflow/tick-volatility.ts';
import { tapeInit, type TapeState } from '../orderflow/tick-window.ts';
import { volumeSpikeInit, type VolumeSpikeState } from '../orderflow/volume-spike.ts';
import { zonesInit, type ZonesState } from '../orderflow/zones.ts';
import { ringInit, type BarRing } from './bar-ring.ts';
import {
  ANALYTICS_DEFAULTS,
  INDICATOR_SERIES,
  type AnalyticsConfig,
  type IndicatorSeries,
} from './config.ts';
import { indicatorsInit, type SeriesIndicators } from './series-indicators.ts';

/** The steps of a market's grid as text and floats, since state is plain data. */
export type Steps = {
  readonly tick: string;
  readonly lot: string;
  readonly tickSize: number;
  readonly lotSize: number;
};

/** What is told of a timeframe's closed bars beyond indicators. */
export type FrameAnalytics = {
  readonly zones: ZonesState;
  readonly gaps: GapsState;
  readonly hurst: HurstState;
  /** As of the last bar; `null` before the first. */
  lastHurst: Hurst | null;
  readonly meanReversion: MeanReversionState;
};

/** All that is known of one market: plain data, changed in place by the functions of this folder. */
export type AnalyticsState = {
  readonly marketKey: string;
  readonly steps: Steps;
  readonly config: AnalyticsConfig;
  /** Variants on trades that somebody asked for, besides the configured ones. */
  asked: readonly string[];
  readonly outlier: OutlierState;
  cascade: CascadeState;
  readonly tape: TapeState;
  readonly roll: RollState;
  readonly samples: SamplesState;
  readonly cvd: CvdState;
  readonly divergence: DivergenceState;
  /** Of the last closed minute; `null` where there is none or it cannot be told. */
  lastDivergence: Divergence | null;
  /** Order flow of the last closed minute; `null` before the first. */
  lastFlow: FlowRecord | null;
  quote: Quote | null;
  readonly bars: Readonly<Record<SeriesName, BarRing>>;
  readonly indicators: Readonly<Record<IndicatorSeries, SeriesIndicators>>;
  readonly frames: Readonly<Record<Timeframe, FrameAnalytics>>;
  readonly profiles: ProfilesState;
  readonly volumeSpike: VolumeSpikeState;
  lastVolumeSpike: number | null;
};

/** What analytics start from. */
export type AnalyticsInput = {
  readonly marketKey: string;
  readonly grid: Grid;
  /** Where history ends; see {@link cascadeInit}. */
  readonly seed?: CascadeSeed;
  readonly config?: Partial<AnalyticsConfig>;
};

const frameInit = (timeframe: Timeframe): FrameAnalytics => ({
  zones: zonesInit(timeframe),
  gaps: gapsInit(timeframe),
  hurst: hurstInit(),
  lastHurst: null,
  meanReversion: meanReversionInit(),
});

/** One value for each name. */
function each<N extends string, T>(names: readonly N[], make: (name: N) => T): Record<N, T> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<N, T>;
}

const SERIES_NAMES = Object.keys(SERIES) as SeriesName[];
const TIMEFRAME_NAMES = Object.keys(TIMEFRAMES) as Timeframe[];

/** Analytics of one market that have seen nothing. @throws RangeError for a horizon, ring or variant that is none. */
export function analyticsInit({
  marketKey,
  grid,
  seed,
  config: given = {},
}: AnalyticsInput): AnalyticsState {
  const config = { ...ANALYTICS_DEFAULTS, ...given };
  return {
    marketKey,
    steps: {
      tick: formatDecimal(grid.tick),
      lot: formatDecimal(grid.lot),
      tickSize: grid.tickSize,
      lotSize: grid.lotSize,
    },
    config,
    asked: [],
    outlier: outlierInit(config.outlierLimit),
    cascade: cascadeInit(seed),
    tape: tapeInit(config.horizonSeconds),
    roll: rollInit(),
    samples: samplesInit(config.horizonSeconds),
    cvd: cvdInit(config.sessionOffsetMs),
    divergence: divergenceInit(),
    lastDivergence: null,
    lastFlow: null,
    quote: null,
    bars: each(SERIES_NAMES, () => ringInit(config.hotBars)),
    indicators: each(INDICATOR_SERIES, (series) => indicatorsInit(series, config)),
    frames: each(TIMEFRAME_NAMES, frameInit),
    profiles: profilesInit(config.sessionOffsetMs, seed?.hourOffsetMs ?? 0),
    volumeSpike: volumeSpikeInit(),
    lastVolumeSpike: null,
  };
}

/** The grid that the steps are of. */
export const gridOfSteps = ({ tick, lot, tickSize, lotSize }: Steps): Grid => ({
  tick: price(tick),
  lot: qty(lot),
  tickSize,
  lotSize,
});
