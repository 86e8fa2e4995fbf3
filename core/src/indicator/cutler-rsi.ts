import { refuse } from './guard.ts';
import { relativeStrength } from './rsi.ts';
import { smaInit, smaNext, type SmaState } from './sma.ts';

/** Running state of Cutler's RSI. JSON-able. */
export type CutlerRsiState = {
  /** 1 once there is a close to compare with. */
  started: number;
  /** The last close. */
  previous: number;
  readonly gains: SmaState;
  readonly losses: SmaState;
};

/** An RSI that has seen nothing. @throws RangeError unless `period` is an integer >= 1. */
export const cutlerRsiInit = (period: number): CutlerRsiState => ({
  started: 0,
  previous: 0,
  gains: smaInit(period),
  losses: smaInit(period),
});

/**
 * Feeds one close, updating `state` in place: Cutler's RSI (IND-12), which takes plain means of the last
 * `period` rises and falls where Wilder smooths. It forgets: what it says does not depend on where it began.
 *
 * @returns 0 to 100, 50 where nothing moved; `undefined` until `period + 1` closes were fed.
 * @throws RangeError when `close` is not finite.
 */
export function cutlerRsiNext(state: CutlerRsiState, close: number): number | undefined {
  if (!Number.isFinite(close)) refuse('close', close);
  const change = close - state.previous;
  state.previous = close;
  if (state.started === 0) {
    state.started = 1;
    return undefined;
  }
  const gain = smaNext(state.gains, change > 0 ? change : 0);
  const loss = smaNext(state.losses, change < 0 ? -change : 0);
  return gain === undefined || loss === undefined ? undefined : relativeStrength(gain, loss);
}
