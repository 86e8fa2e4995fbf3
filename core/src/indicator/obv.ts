import { refuse } from './guard.ts';

/** What an OBV needs of a bar: quote currency and base quantity. */
export type CloseVolume = { readonly close: number; readonly volume: number };

/** Running state of an OBV. JSON-able. */
export type ObvState = {
  /** 1 once there is a close to compare with. */
  started: number;
  /** The last close. */
  previous: number;
  volume: number;
  /** What `volume` lost to rounding so far. */
  lost: number;
};

/** An OBV that has seen nothing. */
export const obvInit = (): ObvState => ({ started: 0, previous: 0, volume: 0, lost: 0 });

/** Adds without losing digits however long the sum runs (Neumaier 1974). */
function add(state: ObvState, amount: number): void {
  const sum = state.volume + amount;
  state.lost +=
    Math.abs(state.volume) >= Math.abs(amount)
      ? state.volume - sum + amount
      : amount - sum + state.volume;
  state.volume = sum;
}

/**
 * Feeds one bar, updating `state` in place: on-balance volume (IND-19; Granville 1963, TA-Lib `OBV`).
 *
 *   + volume when the close rose, - volume when it fell, from the first bar's volume on
 *
 * Only its changes mean something: its level depends on where it began.
 *
 * @returns Base quantity, from the first bar on.
 * @throws RangeError when close or volume is not finite.
 */
export function obvNext(state: ObvState, { close, volume }: CloseVolume): number {
  if (!Number.isFinite(close)) refuse('close', close);
  if (!Number.isFinite(volume)) refuse('volume', volume);
  if (state.started === 0 || close > state.previous) add(state, volume);
  else if (close < state.previous) add(state, -volume);
  state.started = 1;
  state.previous = close;
  return state.volume + state.lost;
}
