/** Submissions that are looked back on. */
export const LATENCIES_KEPT = 20;
/** Fewer than this say nothing of what is usual. */
const LEAST = 10;
/** From the request to the venue's answer: slower than this in one of twenty, somebody should know (EXE-31). */
export const SLOW_SUBMIT_MS = 1_000;

/** The last submissions with a new one, oldest first; wall milliseconds from the request to the venue's answer. */
export const withLatency = (recent: readonly number[], ms: number): readonly number[] =>
  [...recent, ms].slice(-LATENCIES_KEPT);

/** What 95 % of the last submissions stayed within, where that is too slow; `null` where it is not, or not known. */
export function slowSubmits(recent: readonly number[]): number | null {
  if (recent.length < LEAST) return null;
  const p95 = recent.toSorted((a, b) => a - b)[Math.ceil(0.95 * recent.length) - 1] ?? 0;
  return p95 <= SLOW_SUBMIT_MS ? null : p95;
}
