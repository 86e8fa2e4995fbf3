import { momentsInit, momentsNext, type MomentsState } from './moments.ts';

/** Settings of Bollinger bands: bars of the window, and standard deviations from its mean to a band. */
export type BollingerSettings = { readonly period: number; readonly deviations: number };

/** Running state of Bollinger bands. JSON-able. */
export type BollingerState = { readonly deviations: number; readonly window: MomentsState };

/** What Bollinger bands say of one close. */
export type Bollinger = {
  /** Quote currency, as `middle` and `lower`. */
  readonly upper: number;
  readonly middle: number;
  readonly lower: number;
  /** Where the close lies: 0 on the lower band, 1 on the upper; `undefined` where they are one. */
  readonly percentB: number | undefined;
  /** Distance of the bands as a share of the middle; `undefined` where that is 0. */
  readonly bandwidth: number | undefined;
};

/** Bands that have seen nothing. @throws RangeError unless `period` is an integer >= 1 and `deviations` > 0. */
export function bollingerInit({ period, deviations }: BollingerSettings): BollingerState {
  if (!(Number.isFinite(deviations) && deviations > 0))
    throw new RangeError(`Invariant: deviations is a finite number > 0, was ${deviations}`);
  return { deviations, window: momentsInit(period) };
}

/**
 * Feeds one close, updating `state` in place (IND-17; Bollinger 2001, TA-Lib `BBANDS`).
 *
 *   middle ± deviations * σ, with σ the population standard deviation of the window
 *
 * TA-Lib takes σ from Σx² - (Σx)², which loses digits at large prices; this does not.
 *
 * @returns `undefined` until `period` closes were fed.
 * @throws RangeError when `close` is not finite.
 */
export function bollingerNext(state: BollingerState, close: number): Bollinger | undefined {
  const { window } = state;
  if (!momentsNext(window, close)) return undefined;
  const middle = window.mean;
  const reach = state.deviations * Math.sqrt(window.spread / window.period);
  const upper = middle + reach;
  const lower = middle - reach;
  const width = upper - lower;
  return {
    upper,
    middle,
    lower,
    percentB: width === 0 ? undefined : (close - lower) / width,
    bandwidth: middle === 0 ? undefined : width / middle,
  };
}
