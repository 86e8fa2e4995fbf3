import {
  histogramCoarsen,
  histogramInit,
  histogramMerge,
  histogramSpread,
  histogramTotal,
  histogramTrim,
  MAX_GRAINS,
  type Histogram,
} from './profile-histogram.ts';
import type { Bar } from '../market/bar.ts';
import { grainFor, priceRange, rowSizeFor } from './profile-rows.ts';

/** Bars of its timeframe that a profile looks back on (IND-60). */
export const PROFILE_BARS = 60;

/** Volume by price of one bucket, and how many of its lots were spread over a range for want of trades. */
export type Collected = {
  readonly openAt: number;
  readonly histogram: Histogram;
  estimated: number;
};

/** A profile over a ring of bars. JSON-able. */
export type FrameState = {
  /** Ring of the last {@link PROFILE_BARS} bars. */
  readonly bars: Collected[];
  /** Where the next bar goes. */
  slot: number;
  /** Sum of the ring. */
  total: Histogram;
  /** Ticks of the grain that new bars are collected in. */
  grain: number;
  /** Ticks of a row; 0 before there is volume. */
  rowSize: number;
  /** Close of the last bar; `null` before the first. */
  asOf: number | null;
};

export const frameInit = (): FrameState => ({
  bars: [],
  slot: 0,
  total: histogramInit(1),
  grain: 1,
  rowSize: 0,
  asOf: null,
});

/** An empty bucket. @param grain Ticks, a power of two. */
export const collect = (openAt: number, grain: number): Collected => ({
  openAt,
  histogram: histogramInit(grain),
  estimated: 0,
});

/** Adds what a finer bucket holds, in place. */
export function collectInto(into: Collected, other: Collected): void {
  histogramMerge(into.histogram, other.histogram, 1);
  into.estimated += other.estimated;
}

/** Spreads over the bar's range what it has more than was collected: history comes without trades. */
export function complete(collected: Collected, bar: Bar): void {
  const missing = bar.volume - histogramTotal(collected.histogram);
  if (missing <= 0) return;
  histogramSpread(collected.histogram, bar, missing);
  collected.estimated += missing;
}

/** Sums the ring anew in the finest grain that it allows. */
function rebuild(frame: FrameState): void {
  frame.total = histogramInit(frame.grain);
  for (const { histogram } of frame.bars) histogramMerge(frame.total, histogram, 1);
}

/** True once the bars that made the sum so coarse have left, and a finer one would hold the range. */
function isTooCoarse({ total, bars, grain }: FrameState): boolean {
  if (total.grain <= grain) return false;
  if (bars.some(({ histogram }) => histogram.grain >= total.grain)) return false;
  return total.volumes.length * 2 <= MAX_GRAINS / 2;
}

/**
 * Takes a closed bar into the profile and the oldest out of it, in place.
 *
 * @param atr Ticks; `undefined` until ready.
 */
export function frameClose(frame: FrameState, collected: Collected, atr: number | undefined): void {
  if (atr !== undefined) frame.grain = grainFor(atr);
  histogramCoarsen(collected.histogram, frame.grain);
  histogramTrim(collected.histogram);
  const leaving = frame.bars[frame.slot];
  frame.bars[frame.slot] = collected;
  frame.slot = (frame.slot + 1) % PROFILE_BARS;
  histogramMerge(frame.total, collected.histogram, 1);
  if (leaving !== undefined) histogramMerge(frame.total, leaving.histogram, -1);
  histogramTrim(frame.total);
  if (isTooCoarse(frame)) rebuild(frame);
  frame.rowSize = nextRowSize(frame.total, frame.rowSize, atr);
}

/** The row size for what a histogram now holds; the former while it is empty. */
export function nextRowSize(total: Histogram, former: number, atr: number | undefined): number {
  const range = priceRange(total);
  return range === undefined ? former : rowSizeFor({ ...range, grain: total.grain, atr, former });
}
