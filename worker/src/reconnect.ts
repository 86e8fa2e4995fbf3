import { durationMs, type DurationMs } from '@tradewind/core/lib/time';

const FIRST_MS = 3_000;
const LONGEST_MS = 60_000;
const JITTER = 0.2;

/**
 * Pause before the attempt that follows `failures` failed ones: min(3 s × 2^n, 60 s), ± 20 %
 * (MD-21). Attempts never end.
 *
 * @param random In [0, 1): spreads many workers that lost one venue.
 */
export function reconnectDelay(failures: number, random: number): DurationMs {
  const exponent = Math.min(Math.max(failures - 1, 0), 10);
  const planned = Math.min(FIRST_MS * 2 ** exponent, LONGEST_MS);
  return durationMs(Math.round(planned * (1 - JITTER + 2 * JITTER * random)));
}

/** A connection that lasted this long was a good one: its successor starts counting anew. */
export const STABLE_AFTER_MS = 60_000;
/** So many failures in a row want a person's eyes; the worker goes on trying. */
export const ALERT_AFTER_FAILURES = 10;
