import { barCount } from './guard.ts';

/**
 * Highest high and lowest low of the last `period` bars. JSON-able.
 *
 * Before `slot` the bars of this block; from it on, each slot the extreme of the last block from there
 * to its end.
 */
export type ExtremesState = {
  readonly period: number;
  readonly highs: number[];
  readonly lows: number[];
  /** Where the next bar goes. */
  slot: number;
  blockHigh: number;
  blockLow: number;
  /** Of the window, once it is full. */
  highest: number;
  lowest: number;
};

/** A window without bars. @throws RangeError unless `period` is an integer >= 1. */
export const extremesInit = (period: number): ExtremesState => ({
  period: barCount('period', period),
  highs: [],
  lows: [],
  slot: 0,
  blockHigh: 0,
  blockLow: 0,
  highest: 0,
  lowest: 0,
});

function closeBlock(state: ExtremesState): void {
  const { period, highs, lows } = state;
  for (let at = period - 2; at >= 0; at -= 1) {
    highs[at] = Math.max(highs[at] ?? 0, highs[at + 1] ?? 0);
    lows[at] = Math.min(lows[at] ?? 0, lows[at + 1] ?? 0);
  }
  state.highest = state.blockHigh;
  state.lowest = state.blockLow;
  state.slot = 0;
}

/**
 * Feeds one bar, updating `state` in place: `highest` and `lowest` are those of the last `period` bars.
 *
 * The algorithm of van Herk (1992), and Gil & Werman (1993): three comparisons per bar whatever the
 * period, as a monotonic deque, in arrays that never grow.
 *
 * @returns Whether the window is full.
 */
export function extremesNext(state: ExtremesState, high: number, low: number): boolean {
  const { period, highs, lows, slot } = state;
  const full = highs.length === period;
  if (full) {
    highs[slot] = high;
    lows[slot] = low;
  } else {
    highs.push(high);
    lows.push(low);
  }
  state.blockHigh = slot === 0 || high > state.blockHigh ? high : state.blockHigh;
  state.blockLow = slot === 0 || low < state.blockLow ? low : state.blockLow;
  const count = slot + 1;
  if (count === period) {
    closeBlock(state);
    return true;
  }
  state.slot = count;
  if (!full) return false;
  const highBefore = highs[count] ?? 0;
  const lowBefore = lows[count] ?? 0;
  state.highest = highBefore > state.blockHigh ? highBefore : state.blockHigh;
  state.lowest = lowBefore < state.blockLow ? lowBefore : state.blockLow;
  return true;
}
