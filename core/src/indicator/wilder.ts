import { barCount, refuse } from './guard.ts';

/** Running state of Wilder's smoothing. JSON-able. */
export type WilderState = {
  readonly period: number;
  /** Values fed so far, counted up to `period`. */
  seen: number;
  /** The sum of the seed while `seen < period`, the average after. */
  value: number;
};

/** A smoothing that has seen nothing. @throws RangeError unless `period` is an integer >= 1. */
export const wilderInit = (period: number): WilderState => ({
  period: barCount('period', period),
  seen: 0,
  value: 0,
});

/**
 * Feeds one value, updating `state` in place (Wilder 1978).
 *
 *   first: the mean of the first `period` values
 *   then:  (average * (period - 1) + value) / period
 *
 * @returns `undefined` until `period` values were fed.
 * @throws RangeError when `value` is not finite.
 */
export function wilderNext(state: WilderState, value: number): number | undefined {
  if (!Number.isFinite(value)) refuse('value', value);
  const { period } = state;
  if (state.seen === period) return (state.value = (state.value * (period - 1) + value) / period);
  state.seen += 1;
  state.value += value;
  if (state.seen < period) return undefined;
  return (state.value /= period);
}
