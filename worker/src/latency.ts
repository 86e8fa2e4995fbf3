/** Width of a bin and how many there are: 0.1 ms up to 409.6 ms; what takes longer is in the last one. */
const BIN_MS = 0.1;
const BINS = 4_096;
/** The last minute, in slices of ten seconds. */
const SLICE_MS = 10_000;
const SLICES = 6;

/** Milliseconds below which half and 99 % of the last minute's samples lie; `null` without samples. */
export type Percentiles = {
  readonly count: number;
  readonly p50: number | null;
  readonly p99: number | null;
  readonly max: number | null;
};

type Slice = { from: number; count: number; max: number; readonly bins: Uint32Array };

function percentile(bins: Uint32Array, count: number, share: number): number | null {
  if (count === 0) return null;
  const rank = Math.ceil(count * share);
  let seen = 0;
  for (let bin = 0; bin < BINS; bin += 1) {
    seen += bins[bin] ?? 0;
    if (seen >= rank) return Math.round((bin + 1) * BIN_MS * 10) / 10;
  }
  return BINS * BIN_MS;
}

/** How long things took during the last minute. Adding a sample costs a few nanoseconds and no memory. */
export function createLatency() {
  const slices = Array.from({ length: SLICES }, (): Slice => ({
    from: -Infinity,
    count: 0,
    max: 0,
    bins: new Uint32Array(BINS),
  }));
  return {
    /** @param now Milliseconds of a clock that only goes forward. */
    add: (ms: number, now: number): void => {
      const from = now - (now % SLICE_MS);
      const slice = slices[(from / SLICE_MS) % SLICES];
      if (slice === undefined) return;
      if (slice.from !== from) {
        [slice.from, slice.count, slice.max] = [from, 0, 0];
        slice.bins.fill(0);
      }
      const bin = Math.min(BINS - 1, Math.max(0, Math.floor(ms / BIN_MS)));
      slice.bins[bin] = (slice.bins[bin] ?? 0) + 1;
      slice.count += 1;
      slice.max = Math.max(slice.max, ms);
    },
    read: (now: number): Percentiles => {
      const bins = new Uint32Array(BINS);
      const recent = slices.filter(({ from }) => now - from < SLICES * SLICE_MS);
      for (const slice of recent)
        for (let bin = 0; bin < BINS; bin += 1)
          bins[bin] = (bins[bin] ?? 0) + (slice.bins[bin] ?? 0);
      const count = recent.reduce((sum, slice) => sum + slice.count, 0);
      const max = count === 0 ? null : Math.max(...recent.map((slice) => slice.max));
      return { count, p50: percentile(bins, count, 0.5), p99: percentile(bins, count, 0.99), max };
    },
  };
}
export type Latency = ReturnType<typeof createLatency>;
