import { logReturnInit, logReturnNext, type LogReturnState } from './log-return.ts';
import { momentsInit, momentsNext, type MomentsState } from './moments.ts';

/** Running state of a realised volatility. JSON-able. */
export type RealisedVolatilityState = {
  readonly returns: LogReturnState;
  readonly window: MomentsState;
};

/** Minutes of a day. */
const MINUTES = 1_440;

/** A volatility that has seen nothing. @throws RangeError unless `period` is an integer >= 1. */
export const realisedVolatilityInit = (period: number): RealisedVolatilityState => ({
  returns: logReturnInit(),
  window: momentsInit(period),
});

/**
 * Feeds the close of a one-minute bar, updating `state` in place (IND-20): what risk calls `volatility`
 * (IND-23).
 *
 *   standard deviation (of the population, as everywhere here) of the last `period` log returns * √1440,
 *   at most 1
 *
 * @returns 0 to 1, where 0.5 is a daily move of 50 %; `undefined` until `period + 1` closes were fed.
 * @throws RangeError unless `close` is finite and > 0.
 */
export function realisedVolatilityNext(
  { returns, window }: RealisedVolatilityState,
  close: number,
): number | undefined {
  const change = logReturnNext(returns, close);
  if (change === undefined || !momentsNext(window, change)) return undefined;
  return Math.min(1, Math.sqrt((window.spread / window.period) * MINUTES));
}
