/** How values are distributed: the mean and percentiles, each in the values' own unit. */
export type Spread = {
  readonly mean: number;
  readonly p5: number;
  readonly p25: number;
  readonly p50: number;
  readonly p75: number;
  readonly p95: number;
};

/** The value that a share of all lie below, between neighbours in proportion. `sorted` goes upwards and is not empty. */
function quantileOf(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? NaN;
  const high = sorted[Math.ceil(at)] ?? NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** @throws RangeError when there are no values. */
export function spreadOf(values: Float64Array): Spread {
  if (values.length === 0) throw new RangeError('Invariant: a distribution has values');
  const sorted = values.toSorted();
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    p5: quantileOf(sorted, 0.05),
    p25: quantileOf(sorted, 0.25),
    p50: quantileOf(sorted, 0.5),
    p75: quantileOf(sorted, 0.75),
    p95: quantileOf(sorted, 0.95),
  };
}
