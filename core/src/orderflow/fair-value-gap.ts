import type { Bar } from '../market/bar.ts';
import { TIMEFRAMES, type Timeframe } from '../market/market.ts';
import { atrTicks, hasTraded, type BarContext } from './bar-context.ts';

const HOUR = 3_600_000;
/** How long a gap is looked back on (IND-80); with one gap a bar at most it also bounds how many there are. */
const GAP_LOOKBACK: { readonly [timeframe in Timeframe]: number } = {
  '1m': 4 * HOUR,
  '5m': 24 * HOUR,
  '15m': 7 * 24 * HOUR,
  '1h': 7 * 24 * HOUR,
};
/** A gap that is filled by this much or more does not count for scores (IND-82), percent. */
const SCORED_BELOW = 50;

/** A fair value gap (IND-81); prices in ticks, times in epoch milliseconds. */
export type FairValueGap = {
  /** Follows from the timeframe, the type and the third bar: the same bars give the same id. */
  readonly fvgId: string;
  readonly timeframe: Timeframe;
  readonly type: 'bullish' | 'bearish';
  readonly low: number;
  readonly high: number;
  /** Close of the third bar. */
  readonly createdAt: number;
  /** Close of the bar that filled it; `null` until then. */
  readonly filledAt: number | null;
  /** 0 to 100, never falling. */
  readonly fillPct: number;
  readonly status: 'open' | 'partial' | 'filled';
};

type Extremes = { readonly openAt: number; readonly high: number; readonly low: number };

/** Fair value gaps of one timeframe. JSON-able; one gap a bar at most, within the lookback. */
export type GapsState = {
  readonly timeframe: Timeframe;
  /** The last one or two bars in a row. */
  recent: Extremes[];
  /** Gaps that are not filled, oldest first. */
  gaps: FairValueGap[];
};

/** Something that happened to a gap at a closed bar. */
export type GapChange = {
  readonly change: 'created' | 'filled' | 'expired';
  readonly gap: FairValueGap;
};

/** Gaps that have seen nothing. */
export const gapsInit = (timeframe: Timeframe): GapsState => ({ timeframe, recent: [], gaps: [] });

/** A gap after a closed bar: how deep price has been in it, from the side it enters by (IND-81). */
function afterBar(gap: FairValueGap, bar: Extremes, closeAt: number): FairValueGap {
  const depth = gap.type === 'bullish' ? gap.high - bar.low : bar.high - gap.low;
  const fillPct = Math.min(100, Math.max(gap.fillPct, (100 * depth) / (gap.high - gap.low)));
  if (fillPct === gap.fillPct) return gap;
  if (fillPct >= 100) return { ...gap, fillPct: 100, status: 'filled', filledAt: closeAt };
  return { ...gap, fillPct, status: 'partial' };
}

/** The gap between the first and the third of three bars (IND-80), if there is one of `least` ticks. */
function gapBetween(
  first: Extremes,
  third: Extremes,
  least: number,
): Pick<FairValueGap, 'type' | 'low' | 'high'> | undefined {
  if (third.low - first.high >= least) return { type: 'bullish', low: first.high, high: third.low };
  if (first.low - third.high >= least) return { type: 'bearish', low: third.high, high: first.low };
  return undefined;
}

/** The gap that ends with `bar`, if there is one. */
function newGap(
  state: GapsState,
  bar: Extremes,
  atr: number | undefined,
): FairValueGap | undefined {
  const [first, second] = state.recent;
  if (first === undefined || second === undefined || atr === undefined) return undefined;
  const found = gapBetween(first, bar, Math.max(2, 0.1 * atr));
  if (found === undefined) return undefined;
  return {
    ...found,
    fvgId: `${state.timeframe}-${found.type}-${bar.openAt}`,
    timeframe: state.timeframe,
    createdAt: bar.openAt + TIMEFRAMES[state.timeframe],
    filledAt: null,
    fillPct: 0,
    status: 'open',
  };
}

/**
 * Takes the next closed bar, in place: fills, expiries, then a new gap (IND-80, IND-81).
 *
 * Bars come in order. A bucket without trades, or with trades known to be missing, counts as missing: price
 * that jumped over it left no imbalance that anybody saw. No gap is made before the ATR is ready.
 *
 * @returns What changed, in the order it happened.
 */
export function gapsNext(state: GapsState, bar: Bar, context: BarContext): GapChange[] {
  const length = TIMEFRAMES[state.timeframe];
  const closeAt = bar.openAt + length;
  const changes: GapChange[] = [];
  const kept: FairValueGap[] = [];
  for (const gap of state.gaps) {
    const after = hasTraded(bar) ? afterBar(gap, bar, closeAt) : gap;
    if (after.status === 'filled') changes.push({ change: 'filled', gap: after });
    else if (closeAt - after.createdAt > GAP_LOOKBACK[state.timeframe])
      changes.push({ change: 'expired', gap: after });
    else kept.push(after);
  }
  state.gaps = kept;
  const last = state.recent.at(-1);
  if (last !== undefined && last.openAt + length !== bar.openAt) state.recent = [];
  if (!hasTraded(bar) || bar.incomplete) {
    state.recent = [];
    return changes;
  }
  const gap = newGap(state, bar, atrTicks(context));
  if (gap !== undefined) {
    state.gaps.push(gap);
    changes.push({ change: 'created', gap });
  }
  const { openAt, high, low } = bar;
  state.recent = [...state.recent, { openAt, high, low }].slice(-2);
  return changes;
}

/** The gaps that are open or partly filled, oldest first. */
export const liveGaps = ({ gaps }: GapsState): readonly FairValueGap[] => gaps;

/** True for a gap that counts for scores: less than half filled (IND-82). */
export const isGapScored = ({ fillPct, status }: FairValueGap): boolean =>
  status !== 'filled' && fillPct < SCORED_BELOW;
