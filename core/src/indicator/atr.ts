import { finiteRange, type BarRange } from './guard.ts';
import { wilderInit, wilderNext, type WilderState } from './wilder.ts';

/** Running state of an ATR. JSON-able. */
export type AtrState = {
  /** 1 once there is a close to stretch a range to. */
  started: number;
  /** The last close. */
  previous: number;
  readonly ranges: WilderState;
};

/** An ATR that has seen nothing. @throws RangeError unless `period` is an integer >= 1. */
export const atrInit = (period: number): AtrState => ({
  started: 0,
  previous: 0,
  ranges: wilderInit(period),
});

/**
 * Feeds one bar, updating `state` in place: Wilder's average true range (IND-14; TA-Lib `ATR`).
 *
 *   true range = the bar's range, stretched to the close before it
 *
 * The first bar has no close before it and only gives one, as in TA-Lib.
 *
 * @returns Quote currency, >= 0; `undefined` until `period + 1` bars were fed.
 * @throws RangeError when a price is not finite.
 */
export function atrNext(state: AtrState, bar: BarRange): number | undefined {
  finiteRange(bar);
  const { previous } = state;
  state.previous = bar.close;
  if (state.started === 0) {
    state.started = 1;
    return undefined;
  }
  const top = bar.high > previous ? bar.high : previous;
  const bottom = bar.low < previous ? bar.low : previous;
  return wilderNext(state.ranges, top - bottom);
}
