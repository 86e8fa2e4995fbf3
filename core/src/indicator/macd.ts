import { emaInit, emaNext, type EmaState } from './ema.ts';
import { barCount, refuse } from './guard.ts';

/** Lengths of a MACD in bars. */
export type MacdPeriods = {
  readonly fast: number;
  readonly slow: number;
  readonly signal: number;
};

/** Running state of a MACD. JSON-able. */
export type MacdState = {
  /** Closes that the fast average still leaves out. */
  skip: number;
  readonly fast: EmaState;
  readonly slow: EmaState;
  readonly signal: EmaState;
};

/** What a MACD says of one close, in quote currency. */
export type Macd = {
  readonly line: number;
  readonly signal: number;
  readonly histogram: number;
};

/** A MACD that has seen nothing. @throws RangeError unless the periods are integers >= 1 and `fast < slow`. */
export function macdInit({ fast, slow, signal }: MacdPeriods): MacdState {
  if (barCount('fast', fast) >= barCount('slow', slow))
    throw new RangeError(`Invariant: fast (${fast}) is below slow (${slow})`);
  return {
    skip: slow - fast,
    fast: emaInit(fast),
    slow: emaInit(slow),
    signal: emaInit(barCount('signal', signal)),
  };
}

/**
 * Feeds one close, updating `state` in place (IND-13; TA-Lib `MACD`).
 *
 *   line      = EMA(fast) - EMA(slow), both seeded on the bar that completes the slow one
 *   signal    = EMA(signal) of the line, seeded with the mean of its first values
 *   histogram = line - signal
 *
 * @returns `undefined` until `slow + signal - 1` closes were fed.
 * @throws RangeError when `close` is not finite.
 */
export function macdNext(state: MacdState, close: number): Macd | undefined {
  if (!Number.isFinite(close)) refuse('close', close);
  const slow = emaNext(state.slow, close);
  if (state.skip > 0) {
    state.skip -= 1;
    return undefined;
  }
  const fast = emaNext(state.fast, close);
  if (fast === undefined || slow === undefined) return undefined;
  const line = fast - slow;
  const signal = emaNext(state.signal, line);
  return signal === undefined ? undefined : { line, signal, histogram: line - signal };
}
