import { extremesInit, extremesNext, type ExtremesState } from './extremes.ts';
import { finiteRange, type BarRange } from './guard.ts';

/** Running state of a Williams %R. JSON-able. */
export type WilliamsRState = ExtremesState;

/** A Williams %R that has seen nothing. @throws RangeError unless `period` is an integer >= 1. */
export const williamsRInit = (period: number): WilliamsRState => extremesInit(period);

/**
 * Feeds one bar, updating `state` in place (IND-19; TA-Lib `WILLR`).
 *
 *   -100 * (highest high - close) / (highest high - lowest low) of the last `period` bars
 *
 * @returns -100 (at the lowest) to 0 (at the highest); `undefined` until `period` bars were fed, and in
 *   a window without any range, where TA-Lib says 0 ("at its highest").
 * @throws RangeError when a price is not finite.
 */
export function williamsRNext(state: WilliamsRState, bar: BarRange): number | undefined {
  finiteRange(bar);
  if (!extremesNext(state, bar.high, bar.low)) return undefined;
  const range = state.highest - state.lowest;
  return range === 0 ? undefined : (100 * (bar.close - state.highest)) / range;
}
