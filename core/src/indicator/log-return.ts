/** Running state of returns from close to close. JSON-able. */
export type LogReturnState = {
  /** The last close; 0 before the first. */
  previous: number;
};

/** Returns that have seen nothing. */
export const logReturnInit = (): LogReturnState => ({ previous: 0 });

/**
 * Feeds one close, updating `state` in place: ln(close / close before).
 *
 * @returns `undefined` of the first close.
 * @throws RangeError unless `close` is finite and > 0.
 */
export function logReturnNext(state: LogReturnState, close: number): number | undefined {
  if (!(Number.isFinite(close) && close > 0))
    throw new RangeError(`Invariant: close is a finite number > 0, was ${close}`);
  const { previous } = state;
  state.previous = close;
  return previous === 0 ? undefined : Math.log(close / previous);
}
