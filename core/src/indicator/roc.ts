import { barCount, refuse } from './guard.ts';

/** Running state of a rate of change. JSON-able. */
export type RocState = {
  readonly period: number;
  /** The last `period` values. */
  readonly ring: number[];
  /** Where the oldest of them is. */
  slot: number;
};

/** A rate of change that has seen nothing. @throws RangeError unless `period` is an integer >= 1. */
export const rocInit = (period: number): RocState => ({
  period: barCount('period', period),
  ring: [],
  slot: 0,
});

/**
 * Feeds one value, a price or (IND-19) a volume, updating `state` in place (TA-Lib `ROC`).
 *
 *   100 * (value - value `period` ago) / value `period` ago
 *
 * @returns Percent; `undefined` until `period + 1` values were fed, and when the old value is 0, where
 *   TA-Lib says 0.
 * @throws RangeError when `value` is not finite.
 */
export function rocNext(state: RocState, value: number): number | undefined {
  if (!Number.isFinite(value)) refuse('value', value);
  const { period, ring, slot } = state;
  if (ring.length < period) {
    ring.push(value);
    return undefined;
  }
  const old = ring[slot] ?? 0;
  ring[slot] = value;
  state.slot = slot + 1 === period ? 0 : slot + 1;
  return old === 0 ? undefined : (100 * (value - old)) / old;
}
