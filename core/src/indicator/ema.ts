import { barCount, finite } from './guard.ts';

/** Running state of an exponential moving average. JSON-able. */
export type EmaState = {
  readonly period: number;
  /** Values fed so far, counted up to `period`. */
  seen: number;
  /** The sum of the seed while `seen < period`, the average after. */
  value: number;
};

/** An average that has seen nothing. @throws RangeError unless `period` is an integer >= 1. */
export const emaInit = (period: number): EmaState => ({
  period: barCount('period', period),
  seen: 0,
  value: 0,
});

/**
 * Feeds one value, updating `state` in place (IND-11; TA-Lib `EMA`).
 *
 *   first: the mean of the first `period` values
 *   then:  ema += (value - ema) * 2 / (period + 1)
 *
 * @returns `undefined` until `period` values were fed.
 * @throws RangeError when `value` is not finite.
 */
export function emaNext(state: EmaState, value: number): number | undefined {
  finite('value', value);
  if (state.seen === state.period) {
    state.value += ((value - state.value) * 2) / (state.period + 1);
    return state.value;
  }
  state.seen += 1;
  state.value += value;
  if (state.seen < state.period) return undefined;
  state.value /= state.period;
  return state.value;
}
