import { barCount, finite } from './guard.ts';

/** Running state of a simple moving average: a ring of the last `period` values. JSON-able. */
export type SmaState = {
  readonly period: number;
  readonly ring: number[];
  /** Where the next value goes. */
  slot: number;
  sum: number;
};

/** An average that has seen nothing. @throws RangeError unless `period` is an integer >= 1. */
export const smaInit = (period: number): SmaState => ({
  period: barCount('period', period),
  ring: [],
  slot: 0,
  sum: 0,
});

/**
 * Feeds one value, updating `state` in place; the mean of the last `period` values (TA-Lib `SMA`).
 *
 * The running sum is added up anew each time the ring is full, so that rounding errors never outlive
 * one window; per value that is still one addition.
 *
 * @returns `undefined` until `period` values were fed.
 * @throws RangeError when `value` is not finite.
 */
export function smaNext(state: SmaState, value: number): number | undefined {
  finite('value', value);
  state.sum += value - (state.ring[state.slot] ?? 0);
  state.ring[state.slot] = value;
  state.slot = (state.slot + 1) % state.period;
  if (state.slot === 0) state.sum = state.ring.reduce((sum, each) => sum + each, 0);
  return state.ring.length === state.period ? state.sum / state.period : undefined;
}
