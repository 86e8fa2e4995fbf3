import { finite } from './guard.ts';
import { wilderInit, wilderNext, type WilderState } from './wilder.ts';

/** Prices of one bar that a range needs, in quote currency. */
export type BarRange = { readonly high: number; readonly low: number; readonly close: number };

/** Running state of an ATR. JSON-able. */
export type AtrState = {
  /** The last close; `null` before the first bar. */
  previous: number | null;
  readonly ranges: WilderState;
};

/** An ATR that has seen nothing. @throws RangeError unless `period` is an integer >= 1. */
export const atrInit = (period: number): AtrState => ({
  previous: null,
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
  finite('high', bar.high);
  finite('low', bar.low);
  finite('close', bar.close);
  const { previous } = state;
  state.previous = bar.close;
  if (previous === null) return undefined;
  return wilderNext(state.ranges, Math.max(bar.high, previous) - Math.min(bar.low, previous));
}
