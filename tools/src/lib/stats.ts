/** Median and 95th percentile, in whole tenths. */
export type Spread = { readonly p50: number; readonly p95: number; readonly n: number };

/** Nearest-rank percentile of `values`. `undefined` when there are none. */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

/** Spread of `values`, rounded to tenths; `null` when there are none. */
export function spread(values: readonly number[]): Spread | null {
  const p50 = percentile(values, 0.5);
  const p95 = percentile(values, 0.95);
  if (p50 === undefined || p95 === undefined) return null;
  const tenth = (x: number): number => Math.round(x * 10) / 10;
  return { p50: tenth(p50), p95: tenth(p95), n: values.length };
}
