declare const unit: unique symbol;

/** Milliseconds since 1970-01-01 UTC. */
export type EpochMs = number & { readonly [unit]: 'EpochMs' };
/** Length of time in milliseconds. */
export type DurationMs = number & { readonly [unit]: 'DurationMs' };

/** @throws RangeError unless `ms` is a safe integer >= 0. */
export function epochMs(ms: number): EpochMs {
  if (!Number.isSafeInteger(ms) || ms < 0)
    throw new RangeError(`Invariant: a time is a whole number of milliseconds >= 0, was ${ms}`);
  return ms as EpochMs;
}

/** @throws RangeError unless `ms` is finite. May be negative: an age from the future. */
export function durationMs(ms: number): DurationMs {
  if (!Number.isFinite(ms)) throw new RangeError(`Invariant: a duration is finite, was ${ms}`);
  return ms as DurationMs;
}

export const seconds = (n: number): DurationMs => durationMs(n * 1_000);
export const minutes = (n: number): DurationMs => durationMs(n * 60_000);

/** `now - at`; negative when `at` lies in the future. */
export const ageMs = (at: EpochMs, now: EpochMs): DurationMs => durationMs(now - at);

/** The instant `by` after `at`. */
export const later = (at: EpochMs, by: DurationMs): EpochMs => epochMs(at + by);

/** Start of the bucket of length `size` that holds `at`, aligned to the UTC epoch (MD-42). */
export const bucketStart = (at: EpochMs, size: DurationMs): EpochMs => epochMs(at - (at % size));

/** 00:00 UTC of the day of `at` (ARC-20). */
export const dayStart = (at: EpochMs): EpochMs => bucketStart(at, durationMs(86_400_000));

/**
 * The market's clock (ARC-29): `origin + (wall - startedAt) * speed`.
 *
 * In production origin equals startedAt and speed is 1, so it is the wall clock. In a replay it
 * runs at the feed's pace. It governs bars, ages of market data, cooldowns and day boundaries;
 * never signatures, deadlines, leases or latency figures.
 */
export type MarketClock = {
  readonly origin: EpochMs;
  readonly startedAt: EpochMs;
  readonly speed: number;
};

/** Market time at wall time `wallNow`, in whole milliseconds. */
export const marketNow = (clock: MarketClock, wallNow: EpochMs): EpochMs =>
  epochMs(Math.floor(clock.origin + (wallNow - clock.startedAt) * clock.speed));

/** The clock of production: market time is wall time. */
export const wallClock: MarketClock = { origin: epochMs(0), startedAt: epochMs(0), speed: 1 };
