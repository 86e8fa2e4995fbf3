/**
 * Volume by price: `volumes[i]` lots were traded at prices of the grain `from + i`, which is
 * `[(from + i) × grain, (from + i + 1) × grain)` in ticks. JSON-able.
 *
 * A grain is a power of two ticks, so any two histograms can be added exactly: the finer one's grains lie
 * whole inside the coarser one's (docs/adr/0018).
 */
export type Histogram = {
  /** Ticks, a power of two. */
  grain: number;
  /** The first grain; 0 while empty. */
  from: number;
  /** Lots. */
  volumes: number[];
};

/** Grains that a histogram may span; beyond it doubles its grain. Always enough for 200 rows of five. */
export const MAX_GRAINS = 1_024;
/** Room that a histogram gets when it grows, so that growing is rare. */
const MARGIN = 16;

/** An empty histogram. @param grain Ticks, a power of two. */
export const histogramInit = (grain: number): Histogram => ({ grain, from: 0, volumes: [] });

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

/** Brings `histogram` to a grain that is `factor` times as coarse, in place. */
function coarsen(histogram: Histogram, factor: number): void {
  const { from, volumes } = histogram;
  const first = Math.floor(from / factor);
  const coarse = zeros(
    volumes.length === 0 ? 0 : Math.floor((from + volumes.length - 1) / factor) - first + 1,
  );
  volumes.forEach((volume, i) => {
    const row = Math.floor((from + i) / factor) - first;
    coarse[row] = (coarse[row] ?? 0) + volume;
  });
  histogram.grain *= factor;
  histogram.from = first;
  histogram.volumes = coarse;
}

/** Makes room for `row`, and some to spare; false when that would be too wide. */
function reach(histogram: Histogram, row: number): boolean {
  const { from, volumes } = histogram;
  if (volumes.length === 0) {
    histogram.from = Math.max(0, row - MARGIN);
    histogram.volumes = zeros(row - histogram.from + MARGIN);
    return true;
  }
  const top = Math.max(from + volumes.length - 1, row);
  if (top - Math.min(from, row) >= MAX_GRAINS) return false;
  if (row < from) {
    histogram.from = Math.max(0, top - MAX_GRAINS + 1, row - MARGIN);
    histogram.volumes = [...zeros(from - histogram.from), ...volumes];
  } else {
    const length = Math.min(MAX_GRAINS, row - from + MARGIN);
    while (volumes.length < length) volumes.push(0);
  }
  return true;
}

/**
 * Adds `size` lots at a price, in place: one division and one addition, but for the rare call that
 * has to grow.
 *
 * @param price Ticks, >= 0.
 */
export function histogramAdd(histogram: Histogram, price: number, size: number): void {
  let row = Math.floor(price / histogram.grain);
  let at = row - histogram.from;
  if (at < 0 || at >= histogram.volumes.length) {
    while (!reach(histogram, row)) {
      histogramTrim(histogram);
      if (reach(histogram, row)) break;
      coarsen(histogram, 2);
      row = Math.floor(price / histogram.grain);
    }
    at = row - histogram.from;
  }
  histogram.volumes[at] = (histogram.volumes[at] ?? 0) + size;
}

/** Coarsens `histogram` to at least `grain` ticks, in place. @param grain A power of two. */
export function histogramCoarsen(histogram: Histogram, grain: number): void {
  if (grain > histogram.grain) coarsen(histogram, grain / histogram.grain);
}

/** Drops empty grains at both ends, in place. */
export function histogramTrim(histogram: Histogram): void {
  const first = histogram.volumes.findIndex((volume) => volume !== 0);
  const last = histogram.volumes.findLastIndex((volume) => volume !== 0);
  histogram.volumes = first < 0 ? [] : histogram.volumes.slice(first, last + 1);
  histogram.from = first < 0 ? 0 : histogram.from + first;
}

/** Adds (`sign` 1) or takes away (-1) the volumes of `other`, in place and exactly. */
export function histogramMerge(into: Histogram, other: Histogram, sign: 1 | -1): void {
  histogramCoarsen(into, other.grain);
  other.volumes.forEach((volume, i) => {
    if (volume !== 0) histogramAdd(into, (other.from + i) * other.grain, sign * volume);
  });
}

/** Lots in all. */
export const histogramTotal = ({ volumes }: Histogram): number =>
  volumes.reduce((total, volume) => total + volume, 0);

/**
 * Adds volume of which only the range is known: evenly over its grains, the remainder at the close.
 *
 * It coarsens first where the range is wider than a histogram, so that the work is bounded.
 */
export function histogramSpread(
  histogram: Histogram,
  bar: { readonly low: number; readonly high: number; readonly close: number },
  volume: number,
): void {
  while ((bar.high - bar.low) / histogram.grain >= MAX_GRAINS / 2) coarsen(histogram, 2);
  const first = Math.floor(bar.low / histogram.grain);
  const last = Math.floor(bar.high / histogram.grain);
  const each = Math.floor(volume / (last - first + 1));
  if (each > 0)
    for (let row = first; row <= last; row++) histogramAdd(histogram, row * histogram.grain, each);
  histogramAdd(histogram, bar.close, volume - each * (last - first + 1));
}
