import { barCount, finiteRange, type BarRange } from './guard.ts';

/** Running state of an ADX. JSON-able. */
export type AdxState = {
  readonly period: number;
  /** Bars fed so far, counted up to two periods. */
  seen: number;
  /** The last bar. */
  high: number;
  low: number;
  close: number;
  /** Smoothed sums of upward moves, downward moves and true ranges. */
  plus: number;
  minus: number;
  range: number;
  /** The sum of the seed while warming up, the ADX after. */
  strength: number;
};

/** What an ADX says of one bar; all 0 to 100. */
export type Adx = {
  /** Strength of the trend, whichever its direction. */
  readonly adx: number;
  readonly plusDi: number;
  readonly minusDi: number;
};

/** An ADX that has seen nothing. @throws RangeError unless `period` is an integer >= 1. */
export const adxInit = (period: number): AdxState => ({
  period: barCount('period', period),
  seen: 0,
  high: 0,
  low: 0,
  close: 0,
  plus: 0,
  minus: 0,
  range: 0,
  strength: 0,
});

/** Adds the moves of `bar` to the smoothed sums, which fade by one part in `period` once `fading`. */
function move(state: AdxState, bar: BarRange, fading: boolean): void {
  const up = bar.high - state.high;
  const down = state.low - bar.low;
  const top = bar.high > state.close ? bar.high : state.close;
  const bottom = bar.low < state.close ? bar.low : state.close;
  const fade = fading ? state.period : Infinity;
  // Of an inside bar and of a tie neither counts (Wilder 1978); some libraries count both of a tie.
  state.plus += (up > down && up > 0 ? up : 0) - state.plus / fade;
  state.minus += (down > up && down > 0 ? down : 0) - state.minus / fade;
  state.range += top - bottom - state.range / fade;
}

/**
 * Feeds one bar, updating `state` in place: Wilder's average directional index (IND-16; TA-Lib `ADX`,
 * `PLUS_DI`, `MINUS_DI`).
 *
 *   ±DI = 100 * smoothed ±moves / smoothed true range
 *   DX  = 100 * |+DI - -DI| / (+DI + -DI)
 *   ADX = Wilder's mean of DX, seeded with the mean of its first `period` values
 *
 * A market that has not moved has no DX: both DI are 0, and the ADX stays what it was (as in TA-Lib),
 * which is 0 if nothing ever moved.
 *
 * @returns `undefined` until `2 * period` bars were fed; the seed has faded after about ten periods.
 * @throws RangeError when a price is not finite.
 */
export function adxNext(state: AdxState, bar: BarRange): Adx | undefined {
  finiteRange(bar);
  const { period, seen } = state;
  if (seen < 2 * period) state.seen = seen + 1;
  if (seen > 0) move(state, bar, seen >= period);
  state.high = bar.high;
  state.low = bar.low;
  state.close = bar.close;
  if (seen < period) return undefined;
  const { plus, minus, range } = state;
  const moves = plus + minus;
  if (seen < 2 * period) {
    if (moves > 0) state.strength += (100 * Math.abs(plus - minus)) / moves;
    if (seen + 1 < 2 * period) return undefined;
    state.strength /= period;
  } else if (moves > 0) {
    const dx = (100 * Math.abs(plus - minus)) / moves;
    state.strength = (state.strength * (period - 1) + dx) / period;
  }
  const scale = range > 0 ? 100 / range : 0;
  return { adx: state.strength, plusDi: plus * scale, minusDi: minus * scale };
}
