import { refuse } from './guard.ts';
import { wilderInit, wilderNext, type WilderState } from './wilder.ts';

/** Running state of an RSI. JSON-able. */
export type RsiState = {
  /** 1 once there is a close to compare with. */
  started: number;
  /** The last close. */
  previous: number;
  readonly gains: WilderState;
  readonly losses: WilderState;
};

/** An RSI that has seen nothing. @throws RangeError unless `period` is an integer >= 1. */
export const rsiInit = (period: number): RsiState => ({
  started: 0,
  previous: 0,
  gains: wilderInit(period),
  losses: wilderInit(period),
});

/** Share of the rises in all movement, in percent; 50 without any movement (IND-12). */
export function relativeStrength(gain: number, loss: number): number {
  const movement = gain + loss;
  return movement === 0 ? 50 : (100 * gain) / movement;
}

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
  if (!Number.isFinite(close)) refuse('close', close);
  const change = close - state.previous;
  state.previous = close;
  if (state.started === 0) {
    state.started = 1;
    return undefined;
  }
  const gain = wilderNext(state.gains, change > 0 ? change : 0);
  const loss = wilderNext(state.losses, change < 0 ? -change : 0);
  return gain === undefined || loss === undefined ? undefined : relativeStrength(gain, loss);
}
