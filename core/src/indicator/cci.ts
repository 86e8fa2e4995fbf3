import { finiteRange, type BarRange } from './guard.ts';
import { smaInit, smaNext, type SmaState } from './sma.ts';

/** Running state of a CCI. JSON-able. */
export type CciState = {
  /** Typical prices of the last `period` bars, in no particular order. */
  readonly prices: number[];
  /** Where the next one goes. */
  slot: number;
  readonly average: SmaState;
};

/** Scales most values into ±100 (Lambert 1980). */
const SCALE = 0.015;

/** A CCI that has seen nothing. @throws RangeError unless `period` is an integer >= 1. */
export const cciInit = (period: number): CciState => ({
  prices: [],
  slot: 0,
  average: smaInit(period),
});

/**
 * Feeds one bar, updating `state` in place: Lambert's commodity channel index (IND-19; TA-Lib `CCI`).
 *
 *   (typical - mean) / (0.015 * mean distance from that mean), typical = (high + low + close) / 3
 *
 * Distances from a mean that moves have no running sum: each bar costs one pass over the window.
 *
 * @returns `undefined` until `period` bars were fed, and where all typical prices of the window are one,
 *   where TA-Lib says 0.
 * @throws RangeError when a price is not finite.
 */
export function cciNext(state: CciState, bar: BarRange): number | undefined {
  finiteRange(bar);
  const { prices, slot } = state;
  const { period } = state.average;
  const typical = (bar.high + bar.low + bar.close) / 3;
  if (prices.length < period) prices.push(typical);
  else prices[slot] = typical;
  state.slot = slot + 1 === period ? 0 : slot + 1;
  const mean = smaNext(state.average, typical);
  if (mean === undefined) return undefined;
  let distance = 0;
  let flat = true;
  for (const price of prices) {
    distance += Math.abs(price - mean);
    if (price !== typical) flat = false;
  }
  // The mean of equal prices may miss them by a rounding, which is no distance.
  return flat || distance === 0 ? undefined : ((typical - mean) * period) / (SCALE * distance);
}
