import type { Histogram } from './profile-histogram.ts';

/** Rows that a profile should have at least, where its grain allows, and has at most (IND-60, IND-64). */
export const ROWS = { min: 40, max: 200 } as const;
/** Grains that a row of the wanted size holds at least, so that it can be met within an eighth. */
const GRAINS_PER_ROW = 4;

/** Ticks of the row that an ATR asks for: a tenth of it, at least one (IND-60). */
const wantedRow = (atrTicks: number): number => Math.max(1, atrTicks / 10);

/** The grain to collect in: the largest power of two that leaves four of them to a row of ATR / 10. */
export const grainFor = (atrTicks: number): number =>
  2 ** Math.floor(Math.log2(Math.max(1, wantedRow(atrTicks) / GRAINS_PER_ROW)));

/** The lowest and the highest price with volume, in ticks; `undefined` while there is none. */
export function priceRange({
  grain,
  from,
  volumes,
}: Histogram): { readonly low: number; readonly high: number } | undefined {
  const first = volumes.findIndex((volume) => volume !== 0);
  if (first < 0) return undefined;
  const last = volumes.findLastIndex((volume) => volume !== 0);
  return { low: (from + first) * grain, high: (from + last) * grain };
}

/** What a row size follows from; prices in ticks. */
export type RowSizeInput = {
  /** `undefined` until ready: then the range alone decides. */
  readonly atr: number | undefined;
  readonly low: number;
  readonly high: number;
  /** The row size must be a multiple of it. */
  readonly grain: number;
  /** The row size so far; 0 for none. It stays while it will do, so that rows keep their prices. */
  readonly former: number;
};

/**
 * Ticks of a row: ATR / 10 rounded to whole grains, moved so that the range comes to 40 to 200 rows (IND-60).
 *
 * The former size is kept while it is within a factor of two of what is asked for.
 */
export function rowSizeFor({ atr, low, high, grain, former }: RowSizeInput): number {
  const count = (row: number) => Math.floor(high / row) - Math.floor(low / row) + 1;
  const span = high - low + 1;
  const grains = (ticks: number) => Math.max(1, Math.round(ticks / grain)) * grain;
  const wanted = grains(atr === undefined ? span / 100 : wantedRow(atr));
  const enough = Math.max(grain, Math.floor(span / ROWS.min / grain) * grain);
  const least = Math.ceil(span / (ROWS.max - 1) / grain) * grain;
  const best = Math.max(least, Math.min(wanted, enough));
  const fits = former > 0 && former % grain === 0 && count(former) <= ROWS.max;
  return fits && former >= best / 2 && former <= best * 2 && former <= Math.max(best, enough)
    ? former
    : best;
}

/** Volume by row, from the lowest row with volume to the highest; row `i` starts at `from + i × rowSize` ticks. */
export type Rows = { readonly from: number; readonly volumes: number[] };

/** Gathers a histogram into rows. @param rowSize Ticks, a multiple of its grain. */
export function rowsOf(histogram: Histogram, rowSize: number): Rows {
  const range = priceRange(histogram);
  if (range === undefined) return { from: 0, volumes: [] };
  const first = Math.floor(range.low / rowSize);
  const volumes = Array.from({ length: Math.floor(range.high / rowSize) - first + 1 }, () => 0);
  histogram.volumes.forEach((volume, i) => {
    if (volume === 0) return;
    const row = Math.floor(((histogram.from + i) * histogram.grain) / rowSize) - first;
    volumes[row] = (volumes[row] ?? 0) + volume;
  });
  return { from: first * rowSize, volumes };
}
