import { setInit, setNext, type IndicatorSetState } from '../indicator/indicator-set.ts';
import { TIMEFRAMES, type Timeframe } from '../market/market.ts';
import type { EngineBar } from './bar.ts';

/** Bars of one timeframe under way, and the indicators on its closed ones. JSON-able. */
export type FrameState = {
  readonly timeframe: Timeframe;
  /** Bars of the base timeframe that make one of these. */
  readonly size: number;
  /** Joined so far; `null` before the first, and until a whole bar begins. */
  forming: EngineBar | null;
  /** How many base bars `forming` holds. */
  count: number;
  readonly set: IndicatorSetState;
  /** The last closed bar. */
  last: EngineBar | null;
};

/** @throws RangeError when `timeframe` is not a multiple of `base`, or a variant's name is wrong. */
export function frameInit(
  timeframe: Timeframe,
  base: Timeframe,
  variants: readonly string[],
): FrameState {
  const size = TIMEFRAMES[timeframe] / TIMEFRAMES[base];
  if (!Number.isInteger(size))
    throw new RangeError(`Invariant: bars of ${timeframe} are made of whole bars of ${base}`);
  return { timeframe, size, forming: null, count: 0, set: setInit(variants), last: null };
}

const sumOf = (a: number | null | undefined, b: number | null | undefined): number | null =>
  a === undefined || a === null || b === undefined || b === null ? null : a + b;

/** Two neighbours as one; an empty bar only repeats the price before it (MD-44). */
function joined(openAt: number, first: EngineBar, second: EngineBar): EngineBar {
  const early = first.volume > 0 || second.volume === 0 ? first : second;
  const late = second.volume > 0 || first.volume === 0 ? second : first;
  return {
    openAt,
    open: early.open,
    high: Math.max(early.high, late.high),
    low: Math.min(early.low, late.low),
    close: late.close,
    volume: first.volume + second.volume,
    buyVolume: sumOf(first.buyVolume, second.buyVolume),
    trades: first.trades + second.trades,
    buyTrades: sumOf(first.buyTrades, second.buyTrades),
    incomplete: first.incomplete || second.incomplete,
  };
}

/**
 * Takes a closed base bar into a timeframe, in place; the bar that it closes, if it closes one. A longer bar is
 * made only of all its base bars: where one is missing there is none (as `aggregate` does for documents).
 */
export function frameNext(frame: FrameState, bar: EngineBar): EngineBar | null {
  const { size } = frame;
  if (size === 1) return closed(frame, bar);
  const length = TIMEFRAMES[frame.timeframe];
  const baseLength = length / size;
  const openAt = bar.openAt - (bar.openAt % length);
  const isNext =
    frame.forming?.openAt === openAt && bar.openAt === openAt + frame.count * baseLength;
  if (isNext && frame.forming !== null) {
    frame.forming = joined(openAt, frame.forming, bar);
    frame.count += 1;
  } else if (bar.openAt === openAt) {
    frame.forming = bar;
    frame.count = 1;
  } else {
    frame.forming = null;
    frame.count = 0;
  }
  if (frame.forming === null || frame.count < size) return null;
  const whole = frame.forming;
  frame.forming = null;
  frame.count = 0;
  return closed(frame, whole);
}

function closed(frame: FrameState, bar: EngineBar): EngineBar {
  setNext(frame.set, bar, bar.openAt);
  frame.last = bar;
  return bar;
}
