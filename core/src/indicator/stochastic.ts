import { extremesInit, extremesNext, type ExtremesState } from './extremes.ts';
import { finiteRange, type BarRange } from './guard.ts';
import { smaInit, smaNext, type SmaState } from './sma.ts';

/** Lengths of a stochastic in bars. `smooth` 1 is the fast one (14/1/3), 3 the slow one (14/3/3). */
export type StochasticPeriods = {
  readonly period: number;
  readonly smooth: number;
  readonly signal: number;
};

/** Running state of a stochastic. JSON-able. */
export type StochasticState = {
  readonly window: ExtremesState;
  readonly smooth: SmaState;
  readonly signal: SmaState;
};

/** What a stochastic says of one bar; both 0 to 100. */
export type Stochastic = { readonly k: number; readonly d: number };

/** A stochastic that has seen nothing. @throws RangeError unless the periods are integers >= 1. */
export const stochasticInit = ({ period, smooth, signal }: StochasticPeriods): StochasticState => ({
  window: extremesInit(period),
  smooth: smaInit(smooth),
  signal: smaInit(signal),
});

/**
 * Feeds one bar, updating `state` in place (IND-18; Lane; TA-Lib `STOCHF` with `smooth` 1, `STOCH` with 3).
 *
 *   raw %K = 100 * (close - lowest low) / (highest high - lowest low) of the last `period` bars
 *   %K     = mean of the last `smooth` raw ones
 *   %D     = mean of the last `signal` %K
 *
 * In a window without any range a close is neither high nor low: such a bar has no value and none of the
 * means takes it in. (TA-Lib says 0, which reads as "at its lowest".)
 *
 * @returns `undefined` until `period + smooth + signal - 2` bars were fed, and without a range.
 * @throws RangeError when a price is not finite.
 */
export function stochasticNext(state: StochasticState, bar: BarRange): Stochastic | undefined {
  finiteRange(bar);
  const { window } = state;
  if (!extremesNext(window, bar.high, bar.low)) return undefined;
  const range = window.highest - window.lowest;
  if (range === 0) return undefined;
  const k = smaNext(state.smooth, (100 * (bar.close - window.lowest)) / range);
  if (k === undefined) return undefined;
  const d = smaNext(state.signal, k);
  return d === undefined ? undefined : { k, d };
}
