/** Difference of the venue's clock from ours that warns, and that blocks signed requests and entries (MD-25). */
export const SKEW_WARN_MS = 1_000;
export const SKEW_BLOCK_MS = 5_000;

/** One reading of the venue's time, on our wall clock. */
export type SkewReading = {
  readonly askedAt: number;
  readonly answeredAt: number;
  /** What the venue said. */
  readonly venueTime: number;
};

/** How far the venue's clock is ahead of ours: its time less the middle of the round trip, milliseconds. */
export const skewMs = ({ askedAt, answeredAt, venueTime }: SkewReading): number =>
  venueTime - (askedAt + answeredAt) / 2;

/** What a skew means. One that is not a number blocks: it is not known to be small. */
export function judgeSkew(skew: number): 'ok' | 'warn' | 'block' {
  const size = Math.abs(skew);
  if (size <= SKEW_WARN_MS) return 'ok';
  return size <= SKEW_BLOCK_MS ? 'warn' : 'block';
}
