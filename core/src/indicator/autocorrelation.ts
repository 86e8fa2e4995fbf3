import { logReturnInit, logReturnNext, type LogReturnState } from './log-return.ts';
import { momentsInit, momentsNext, type MomentsState } from './moments.ts';

/** Running state of an autocorrelation. JSON-able. */
export type AutocorrelationState = {
  readonly returns: LogReturnState;
  /** 1 once there is a return to pair with. */
  started: number;
  /** The last return. */
  previous: number;
  /** Of the last `period` returns. */
  readonly window: MomentsState;
  /** Of the sums of two neighbouring returns. */
  readonly pairs: MomentsState;
};

/** An autocorrelation that has seen nothing. @throws RangeError unless `period` is an integer >= 1. */
export const autocorrelationInit = (period: number): AutocorrelationState => ({
  returns: logReturnInit(),
  started: 0,
  previous: 0,
  window: momentsInit(period),
  pairs: momentsInit(period),
});

/** Returns of two doubles are good to about 1e-16: a deviation up to this is rounding, not movement. */
const ROUNDING = 1e-14;

/**
 * Feeds one close, updating `state` in place: Pearson's correlation of the last `period` log returns with
 * the return before each (IND-21).
 *
 *   cov(x, y) = (var(x + y) - var(x) - var(y)) / 2
 *
 * so two windows suffice: that of x is the window of y one bar ago.
 *
 * @returns -1 (each move is taken back) to 1 (moves go on); `undefined` until `period + 2` closes were
 *   fed, and where the returns do not vary.
 * @throws RangeError unless `close` is finite and > 0.
 */
export function autocorrelationNext(
  state: AutocorrelationState,
  close: number,
): number | undefined {
  const change = logReturnNext(state.returns, close);
  if (change === undefined) return undefined;
  const { window, pairs, previous, started } = state;
  const spreadBefore = window.spread;
  momentsNext(window, change);
  state.previous = change;
  state.started = 1;
  if (started === 0 || !momentsNext(pairs, previous + change)) return undefined;
  const least = window.period * ROUNDING * ROUNDING;
  if (window.spread <= least || spreadBefore <= least) return undefined;
  const common = (pairs.spread - spreadBefore - window.spread) / 2;
  return Math.max(-1, Math.min(1, common / Math.sqrt(spreadBefore * window.spread)));
}
