import { ageMs, type DurationMs, type EpochMs } from '@tradewind/core/lib/time';

/** How old a shown figure is; anything not known to be young enough is stale (ARC-40, UI-02). */
export type Freshness =
  | { readonly kind: 'fresh'; readonly age: DurationMs }
  | { readonly kind: 'stale'; readonly age: DurationMs }
  | { readonly kind: 'unknown' };

/** Clocks of two machines may differ by this much before a time from the future is distrusted. */
const SKEW_MS = 5_000;

/** Judges a wall-clock time of writing against the wall clock. */
export function freshness(
  stamp: { readonly at: EpochMs; readonly maxAgeMs: number } | undefined,
  now: EpochMs,
): Freshness {
  if (stamp === undefined) return { kind: 'unknown' };
  const age = ageMs(stamp.at, now);
  const fresh = age >= -SKEW_MS && age <= stamp.maxAgeMs;
  return { kind: fresh ? 'fresh' : 'stale', age };
}
