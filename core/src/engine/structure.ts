import { setValue } from '../indicator/indicator-set.ts';
import { TIMEFRAMES, type Timeframe } from '../market/market.ts';
import { isGapScored, liveGaps } from '../orderflow/fair-value-gap.ts';
import { imbalanceOf } from '../orderflow/imbalance.ts';
import { meanReversionDistance, meanReversionOf } from '../orderflow/mean-reversion.ts';
import { profileLevels } from '../orderflow/profile.ts';
import type { RegimeInput } from '../orderflow/regime.ts';
import type { ZoneType } from '../orderflow/zone.ts';
import { liveZones } from '../orderflow/zones.ts';
import { closeBefore, flowOver, type BarTape } from './bar-tape.ts';
import type { EngineState, Instance } from './engine.ts';
import type { FrameState } from './frames.ts';
import {
  CONVERGED_BARS,
  partsOf,
  type FrameStructure,
  type StructurePart,
} from './structure-state.ts';

export type { StructureNeed, StructurePart } from './structure-state.ts';

const MINUTE = TIMEFRAMES['1m'];
/** The trade rate is compared with its mean over 15 minutes (IND-52). */
const USUAL = TIMEFRAMES['15m'];
const HOUR = TIMEFRAMES['1h'];

/** A live zone in quote units (IND-74). */
export type ZoneLevel = {
  readonly zoneId: string;
  readonly type: ZoneType;
  readonly low: number;
  readonly high: number;
  /** 0 to 100. */
  readonly strength: number;
  readonly testCount: number;
};

/** A gap that is less than half filled, in quote units (IND-81, IND-82). */
export type GapLevel = {
  readonly type: 'bullish' | 'bearish';
  readonly low: number;
  readonly high: number;
};

/** Point of control and value area, in quote units (IND-61, IND-62). */
export type ProfileLevels = {
  readonly poc: number;
  readonly valueAreaHigh: number;
  readonly valueAreaLow: number;
};

/** What a regime is told from (IND-90), and whether its slowest average has converged (STR-55). */
export type RegimeView = RegimeInput & { readonly converged: boolean };

/** How far price strayed from its average, and how soon it uses to come back (IND-87, IND-89). */
export type ReversionView = {
  /** 0.3 to 0.9; `undefined` where insufficient. */
  readonly strength: number | undefined;
  /** Of the last base bar's close, in σ. */
  readonly distance: number | undefined;
};

/** The last minute's trades, as {@link microstructureOf} and {@link flowSignal} want them; volumes in lots. */
export type FlowView = {
  readonly volume: number;
  readonly bought: number;
  readonly trades: number;
  /** Trades whose aggressor bought; `null` where the source does not tell. */
  readonly buys: number | null;
  /** Close less the close before, in quote; `undefined` where that bar is missing. */
  readonly move: number | undefined;
  /** ATR(14) of one-minute bars, in quote. */
  readonly atr: number | undefined;
  /** Trades per second in the last minute, and their mean over the last 15. */
  readonly tradeRate: number;
  readonly meanTradeRate: number | undefined;
};

/**
 * What is told of a timeframe's closed bars beyond indicators, in quote units. It is worked out when it is read, and
 * good for the evaluation that it was handed to. Reading a part that is not among the strategy's needs throws.
 */
export type StructureView = {
  /** Live zones, oldest first. */
  readonly zones: readonly ZoneLevel[];
  readonly gaps: readonly GapLevel[];
  /** Over the last 60 bars; `undefined` while there is no volume in them. */
  readonly profile: ProfileLevels | undefined;
  readonly regime: RegimeView;
  readonly reversion: ReversionView;
  /** Volume of the last bar by the mean of the 19 before it (IND-92). */
  readonly volumeSpike: number | undefined;
  /** Bought over sold volume of as much time as the timeframe is long, until now (STR-52, IND-47). */
  readonly imbalance: number | undefined;
  /** Of the last minute; only on `1m`, and where its volume's split is known. */
  readonly flow: FlowView | undefined;
  /** Close less the close an hour ago, in quote. */
  readonly drift: number | undefined;
};

/** Steps as a price: the float nearest to its decimal, so that limits are met exactly. */
function quoteOf(tickSize: number): (steps: number) => number {
  const perUnit = Math.round(1 / tickSize);
  const isWhole = Math.abs(perUnit * tickSize - 1) < 1e-9;
  return (steps) => (isWhole ? steps / perUnit : steps * tickSize);
}

/** Where a view finds its timeframe when it is read. */
type Place = {
  readonly timeframe: Timeframe;
  readonly frame: FrameState;
  readonly structure: FrameStructure;
  readonly tape: BarTape | null;
  readonly lastClose: number;
};

function regimeOf({ frame, structure }: Place): RegimeView {
  const value = (id: string): number | undefined => setValue(frame.set, id);
  const { lastHurst, reversion, bars } = structure;
  const returning = reversion === null ? undefined : meanReversionOf(reversion);
  return {
    adx: value('ADX_14'),
    atrPct: value('ATR_PCT_14_20'),
    hurst: lastHurst?.sufficient === true ? lastHurst.hurst : undefined,
    meanReversion: returning?.sufficient === true ? returning.strength : undefined,
    ema20: value('EMA_20'),
    ema50: value('EMA_50'),
    ema200: value('EMA_200'),
    price: frame.last?.close ?? NaN,
    converged: bars >= CONVERGED_BARS,
  };
}

/** Bought over sold volume; `undefined` where the split is not told, or nothing was traded. */
function imbalanceOver(tape: BarTape | null, ms: number): number | undefined {
  const flow = tape === null ? undefined : flowOver(tape, ms);
  if (flow?.bought == null) return undefined;
  const { ratio, insufficient } = imbalanceOf({ volume: flow.volume, buyVolume: flow.bought });
  return insufficient ? undefined : ratio;
}

function flowOf({ timeframe, tape, frame }: Place): FlowView | undefined {
  if (timeframe !== '1m' || tape?.barMs !== MINUTE) return undefined;
  const minute = flowOver(tape, MINUTE);
  if (minute === undefined || minute.bought === null) return undefined;
  const usual = flowOver(tape, USUAL);
  const before = closeBefore(tape, MINUTE);
  return {
    volume: minute.volume,
    bought: minute.bought,
    trades: minute.trades,
    buys: minute.buys,
    move: before === undefined || frame.last === null ? undefined : frame.last.close - before,
    atr: setValue(frame.set, 'ATR_14'),
    tradeRate: (1_000 * minute.trades) / MINUTE,
    meanTradeRate: usual === undefined ? undefined : (1_000 * usual.trades) / USUAL,
  };
}

function profileOf(
  { structure: { profile } }: Place,
  quote: (steps: number) => number,
): ProfileLevels | undefined {
  if (profile === null || profile.rowSize === 0) return undefined;
  const levels = profileLevels(profile.total, profile.rowSize);
  return levels === undefined
    ? undefined
    : {
        poc: quote(levels.poc),
        valueAreaHigh: quote(levels.valueAreaHigh),
        valueAreaLow: quote(levels.valueAreaLow),
      };
}

/** What a view is told from: where its timeframe stands, and what was asked of it. */
type Source = {
  readonly timeframe: Timeframe;
  readonly quote: (steps: number) => number;
  /** @throws RangeError for a part that was not asked for. */
  readonly read: (part: StructurePart) => Place;
};

const zonesOf = ({ structure: { zones } }: Place, quote: Source['quote']): readonly ZoneLevel[] =>
  (zones === null ? [] : liveZones(zones)).map(
    ({ zoneId, type, low, high, strength, testCount }) => ({
      zoneId,
      type,
      low: quote(low),
      high: quote(high),
      strength,
      testCount,
    }),
  );

const gapsOf = ({ structure: { gaps } }: Place, quote: Source['quote']): readonly GapLevel[] =>
  (gaps === null ? [] : liveGaps(gaps))
    .filter(isGapScored)
    .map(({ type, low, high }) => ({ type, low: quote(low), high: quote(high) }));

function reversionOf({ structure: { reversion }, lastClose }: Place): ReversionView {
  if (reversion === null) return { strength: undefined, distance: undefined };
  const { strength, sufficient } = meanReversionOf(reversion);
  return {
    strength: sufficient ? strength : undefined,
    distance: meanReversionDistance(reversion, lastClose),
  };
}

function driftOf({ tape, lastClose }: Place): number | undefined {
  const before = tape === null ? undefined : closeBefore(tape, HOUR);
  return before === undefined ? undefined : lastClose - before;
}

/** A view that works out each part when it is read, since most are not read on most bars. */
const viewOf = ({ timeframe, quote, read }: Source): StructureView => ({
  get zones() {
    return zonesOf(read('zones'), quote);
  },
  get gaps() {
    return gapsOf(read('gaps'), quote);
  },
  get profile() {
    return profileOf(read('profile'), quote);
  },
  get regime() {
    return regimeOf(read('regime'));
  },
  get reversion() {
    return reversionOf(read('reversion'));
  },
  get volumeSpike() {
    return read('volumeSpike').structure.lastVolumeSpike ?? undefined;
  },
  get imbalance() {
    return imbalanceOver(read('flow').tape, TIMEFRAMES[timeframe]);
  },
  get flow() {
    return flowOf(read('flow'));
  },
  get drift() {
    return driftOf(read('flow'));
  },
});

/**
 * Reads the structure of an engine's timeframes as of what `at` gives at that moment; `undefined` before a
 * timeframe's first closed bar.
 *
 * @throws RangeError for a timeframe that the strategy does not say it needs.
 */
export function structureReader(
  { strategy, grid }: Instance,
  timeframes: readonly Timeframe[],
  at: () => EngineState,
): (timeframe: Timeframe) => StructureView | undefined {
  const unknown = (what: string): never => {
    throw new RangeError(`${what} is not among what ${strategy.id} says that it needs`);
  };
  const quote = quoteOf(grid.tickSize);
  const views = new Map<Timeframe, { readonly index: number; readonly view: StructureView }>();
  timeframes.forEach((timeframe, index) => {
    const parts = new Set(partsOf(strategy.needs.structure, timeframe));
    if (parts.size === 0) return;
    const read = (part: StructurePart): Place => {
      const { frames, structure } = at();
      const [frame, own] = [frames[index], structure.frames[index]];
      if (!parts.has(part) || frame === undefined || own === undefined || own === null)
        return unknown(`${part} of ${timeframe}`);
      const { tape, lastClose } = structure;
      return { timeframe, frame, structure: own, tape, lastClose };
    };
    views.set(timeframe, { index, view: viewOf({ timeframe, quote, read }) });
  });
  return (timeframe) => {
    const known = views.get(timeframe) ?? unknown(`structure of ${timeframe}`);
    const last = at().frames[known.index]?.last ?? null;
    return last === null ? undefined : known.view;
  };
}
