/** A forming bar younger than this share of its length says nothing of its volume (MD-45). */
const MIN_ELAPSED = 0.2;

/** Share of a bar that is over at `now`, 0 to 1. */
export const elapsedShare = (openAt: number, lengthMs: number, now: number): number =>
  Math.min(1, Math.max(0, (now - openAt) / lengthMs));

/**
 * Volume that a forming bar would have at its end at this pace, to compare it with closed ones.
 * `undefined` before a fifth of it is over (MD-45).
 */
export const scaledVolume = (volume: number, elapsed: number): number | undefined =>
  elapsed >= MIN_ELAPSED ? volume / elapsed : undefined;
