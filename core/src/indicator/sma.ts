import { barCount, refuse } from './guard.ts';

/** Running state of a simple moving average. JSON-able. */
export type SmaState = {
  readonly period: number;
  /** Before `slot` the values of this block; from it on, each slot the sum of the last block from there to its end. */
  readonly ring: number[];
  /** Where the next value goes. */
  slot: number;
  /** Of the values of this block. */
  sum: number;
};

/** An average that has seen nothing. @throws RangeError unless `period` is an integer >= 1. */
export const smaInit = (period: number): SmaState => ({
  period: barCount('period', period),
  ring: [],
  slot: 0,
  sum: 0,
});

/** Turns the values of a full block into sums from each of them to the end. */
function closeBlock({ ring }: SmaState): void {
  let sum = 0;
  for (let at = ring.length - 1; at >= 0; at -= 1) {
    sum += ring[at] ?? 0;
    ring[at] = sum;
  }
}

/**
 * Feeds one value, updating `state` in place; the mean of the last `period` values (TA-Lib `SMA`).
 *
 *   the window = the end of the last block of `period` values + this block so far
 *
 * Both sums are only ever added to: nothing is subtracted, so that a rounding error leaves together
 * with the value that made it (IND-02). A block is summed once when it is full: one more addition per value.
 *
 * @returns `undefined` until `period` values were fed.
 * @throws RangeError when `value` is not finite.
 */
export function smaNext(state: SmaState, value: number): number | undefined {
  if (!Number.isFinite(value)) refuse('value', value);
  const { period, ring, slot } = state;
  const sum = state.sum + value;
  const next = slot + 1;
  const full = ring.length === period;
  if (full) ring[slot] = value;
  else ring.push(value);
  if (next === period) {
    closeBlock(state);
    state.slot = 0;
    state.sum = 0;
    return sum / period;
  }
  state.slot = next;
  state.sum = sum;
  return full ? (sum + (ring[next] ?? 0)) / period : undefined;
}
