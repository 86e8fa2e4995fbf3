import { finite } from './guard.ts';
import { wilderInit, wilderNext, type WilderState } from './wilder.ts';

/** Running state of an RSI. JSON-able. */
export type RsiState = {
  /** The last close; `null` before the first. */
  previous: number | null;
  readonly gains: WilderState;
  readonly losses: WilderState;
};

/** An RSI that has seen nothing. @throws RangeError unless `period` is an integer >= 1. */
export const rsiInit = (period: number): RsiState => ({
  previous: null,
  gains: wilderInit(period),
  losses: wilderInit(period),
});

/**
 * Feeds one close, updating `state` in place: Wilder's relative strength index (IND-12; TA-Lib `RSI`).
 *
 *   100 * gain / (gain + loss), of the smoothed rises and falls from close to close
 *
 * Only rises give 100, only falls 0. A market that has not moved at all gives 50, where TA-Lib says 0:
 * no movement is no sign of weakness.
 *
 * @returns 0 to 100; `undefined` until `period + 1` closes were fed.
 * @throws RangeError when `close` is not finite.
 */
export function rsiNext(state: RsiState, close: number): number | undefined {
  finite('close', close);
  const { previous } = state;
  state.previous = close;
  if (previous === null) return undefined;
  const gain = wilderNext(state.gains, Math.max(0, close - previous));
  const loss = wilderNext(state.losses, Math.max(0, previous - close));
  if (gain === undefined || loss === undefined) return undefined;
  const movement = gain + loss;
  return movement === 0 ? 50 : (100 * gain) / movement;
}
