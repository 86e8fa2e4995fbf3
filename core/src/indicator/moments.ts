import { barCount, refuse } from './guard.ts';

/**
 * Mean and spread of the last `period` values, without subtracting any. JSON-able.
 *
 * Like the ring of a simple moving average: before `slot` the values of this block, from it on the
 * moments of the last block from each slot to its end.
 */
export type MomentsState = {
  readonly period: number;
  readonly means: number[];
  readonly spreads: number[];
  /** Where the next value goes. */
  slot: number;
  blockMean: number;
  blockSpread: number;
  /** Mean of the window, once it is full. */
  mean: number;
  /** Sum of squared distances from that mean, >= 0: over `period` it is the population variance. */
  spread: number;
};

/** Moments of nothing yet. @throws RangeError unless `period` is an integer >= 1. */
export const momentsInit = (period: number): MomentsState => ({
  period: barCount('period', period),
  means: [],
  spreads: [],
  slot: 0,
  blockMean: 0,
  blockSpread: 0,
  mean: 0,
  spread: 0,
});

function closeBlock(state: MomentsState): void {
  const { period, means, spreads } = state;
  state.mean = state.blockMean;
  state.spread = state.blockSpread;
  let mean = 0;
  let spread = 0;
  for (let at = period - 1; at >= 0; at -= 1) {
    const value = means[at] ?? 0;
    const apart = value - mean;
    mean += apart / (period - at);
    spread += apart * (value - mean);
    means[at] = mean;
    spreads[at] = spread;
  }
  state.slot = 0;
  state.blockMean = 0;
  state.blockSpread = 0;
}

/** Joins the end of the last block with this block (Chan, Golub & LeVeque 1979). */
function join(state: MomentsState, count: number): void {
  const { period, means, spreads, blockMean, blockSpread } = state;
  const before = means[count] ?? 0;
  const apart = blockMean - before;
  const share = count / period;
  state.mean = before + apart * share;
  state.spread = (spreads[count] ?? 0) + blockSpread + apart * apart * share * (period - count);
}

/**
 * Feeds one value, updating `state` in place: `mean` and `spread` are those of the last `period` values.
 *
 * Within a block Welford's update (1962), between blocks a join of moments: no term is ever taken away,
 * so nothing cancels, and a value leaves no trace once it is out of the window (IND-02).
 *
 * @returns Whether the window is full.
 * @throws RangeError when `value` is not finite.
 */
export function momentsNext(state: MomentsState, value: number): boolean {
  if (!Number.isFinite(value)) refuse('value', value);
  const { period, means, slot } = state;
  const full = means.length === period;
  if (full) means[slot] = value;
  else {
    means.push(value);
    state.spreads.push(0);
  }
  const count = slot + 1;
  const apart = value - state.blockMean;
  const mean = state.blockMean + apart / count;
  state.blockMean = mean;
  state.blockSpread += apart * (value - mean);
  if (count === period) {
    closeBlock(state);
    return true;
  }
  state.slot = count;
  if (full) join(state, count);
  return full;
}
