import { atrInit, atrNext, type AtrState } from './atr.ts';
import type { BarRange } from './guard.ts';
import { smaInit, smaNext, type SmaState } from './sma.ts';

/** Lengths in bars: of the ATR, and of the average close that it is measured in. */
export type AtrPercentPeriods = { readonly atr: number; readonly average: number };

/** Running state of an ATR in percent. JSON-able. */
export type AtrPercentState = { readonly atr: AtrState; readonly average: SmaState };

/** An ATR % that has seen nothing. @throws RangeError unless both periods are integers >= 1. */
export const atrPercentInit = ({ atr, average }: AtrPercentPeriods): AtrPercentState => ({
  atr: atrInit(atr),
  average: smaInit(average),
});

/**
 * Feeds one bar, updating `state` in place (IND-15): 100 * ATR / mean close.
 *
 * @returns Percent; `undefined` until `atr + 1` and `average` bars were fed, and where the mean is 0.
 * @throws RangeError when a price is not finite.
 */
export function atrPercentNext(state: AtrPercentState, bar: BarRange): number | undefined {
  const range = atrNext(state.atr, bar);
  const mean = smaNext(state.average, bar.close);
  return range === undefined || mean === undefined || mean === 0 ? undefined : (100 * range) / mean;
}
