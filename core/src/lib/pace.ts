import type { EpochMs } from './time.ts';

/** At most `most` within any stretch of `withinMs` milliseconds. */
export type Pace = { readonly most: number; readonly withinMs: number };

export type Admission =
  | { readonly admitted: true; readonly recent: readonly EpochMs[] }
  /** In how many milliseconds the next one is admitted, if nothing else is until then. */
  | { readonly admitted: false; readonly retryAfterMs: number };

/**
 * Whether one more at `now` keeps the pace. `recent` holds the times of those that were admitted, oldest first; what
 * comes back is to be remembered in its stead, and never holds more than `most`. A time from the future counts too.
 */
export function admit(recent: readonly EpochMs[], now: EpochMs, pace: Pace): Admission {
  const counting = recent.filter((at) => now - at < pace.withinMs);
  const oldest = counting[counting.length - pace.most];
  return oldest === undefined
    ? { admitted: true, recent: [...counting, now] }
    : { admitted: false, retryAfterMs: oldest + pace.withinMs - now };
}
