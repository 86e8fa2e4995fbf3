import { barCount, refuse } from './guard.ts';

/** Running state of an exponential moving average. JSON-able. */
export type EmaState = {
  readonly period: number;
  /** What a new value weighs: 2 / (period + 1). */
  readonly weight: number;
  /** Values fed so far, counted up to three periods. */
  seen: number;
  /** The sum of the seed while `seen < period`, the average after. */
  value: number;
};

/** An average that has seen nothing. @throws RangeError unless `period` is an integer >= 1. */
export const emaInit = (period: number): EmaState => ({
  period: barCount('period', period),
  weight: 2 / (period + 1),
  seen: 0,
  value: 0,
});

/** Whether the seed has faded: three periods were fed (IND-11), and it weighs less than 0.3 % of one value. */
export const emaConverged = ({ seen, period }: EmaState): boolean => seen >= 3 * period;

/** The seed and the count up to convergence, kept out of the way of the many values after. */
function settle(state: EmaState, value: number): number | undefined {
  state.seen += 1;
  if (state.seen > state.period) return (state.value += (value - state.value) * state.weight);
  state.value += value;
  if (state.seen < state.period) return undefined;
  return (state.value /= state.period);
}

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
  if (!Number.isFinite(value)) refuse('value', value);
  if (state.seen < 3 * state.period) return settle(state, value);
  return (state.value += (value - state.value) * state.weight);
}
