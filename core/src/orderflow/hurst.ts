import { refuse } from '../indicator/guard.ts';

/** Log returns that the exponent is fitted to, and how many it needs (IND-85). */
const RETURNS = { most: 256, least: 128 } as const;
/** Block sizes with the R/S that independent returns are expected to show at each. */
const BLOCKS = [8, 16, 32, 64].map((size) => ({ size, expected: expectedRescaledRange(size) }));

/**
 * Expected rescaled range of `size` independent normal returns (Anis and Lloyd 1976, with the factor
 * (n - 1/2) / n of Peters, as in Weron 2002).
 *
 *   (n - 1/2) / n × Γ((n-1)/2) / (√π Γ(n/2)) × Σ √((n-i)/i), i = 1 … n-1
 *
 * @param size Even, >= 4.
 */
export function expectedRescaledRange(size: number): number {
  // Γ((n-1)/2) / (√π Γ(n/2)) for even n, from Γ(1/2) = √π and Γ(x + 1) = x Γ(x).
  let gammas = 1;
  for (let k = 1; k < size / 2; k++) gammas *= (k - 0.5) / k;
  let sum = 0;
  for (let i = 1; i < size; i++) sum += Math.sqrt((size - i) / i);
  return ((size - 0.5) / size) * gammas * sum;
}

/** The last log returns of a series of closed bars. JSON-able. */
export type HurstState = {
  /** Ring of the last 256. */
  readonly returns: number[];
  /** Where the next one goes: the oldest once the ring is full. */
  slot: number;
  /** The last close; `null` before the first bar. */
  last: number | null;
};

/** Directional persistence (IND-85, IND-86). */
export type Hurst = {
  /** 0 to 1: above 0.6 persistent, around 0.5 random, below 0.45 mean reverting. */
  readonly hurst: number;
  /** False when 0.5 only means that nothing can be said: no signal. */
  readonly sufficient: boolean;
};

const UNKNOWN: Hurst = { hurst: 0.5, sufficient: false };

export const hurstInit = (): HurstState => ({ returns: [], slot: 0, last: null });

/** R/S of `size` returns from `start` on, oldest first; `undefined` when they do not vary. */
function rescaledRange({ returns }: HurstState, start: number, size: number): number | undefined {
  const at = (i: number) => returns[(start + i) % returns.length] ?? 0;
  let sum = 0;
  for (let i = 0; i < size; i++) sum += at(i);
  const mean = sum / size;
  let squares = 0;
  let walked = 0;
  let highest = 0;
  let lowest = 0;
  for (let i = 0; i < size; i++) {
    const deviation = at(i) - mean;
    squares += deviation * deviation;
    walked += deviation;
    if (walked > highest) highest = walked;
    if (walked < lowest) lowest = walked;
  }
  // The sample's deviation: the factor (n - 1/2) / n in what is expected belongs to it.
  const deviation = Math.sqrt(squares / (size - 1));
  // Equal returns differ by rounding alone: below this, nothing varied.
  return deviation > 1e-12 ? (highest - lowest) / deviation : undefined;
}

/** Mean R/S over the full blocks of one size, the newest returns in the last; `undefined` when none varies. */
function meanRescaledRange(state: HurstState, size: number): number | undefined {
  const count = state.returns.length;
  const blocks = Math.floor(count / size);
  const oldest = count < RETURNS.most ? 0 : state.slot;
  let sum = 0;
  let used = 0;
  for (let block = 0; block < blocks; block++) {
    const start = oldest + (count - blocks * size) + block * size;
    const ranged = rescaledRange(state, start, size);
    if (ranged === undefined) continue;
    sum += ranged;
    used += 1;
  }
  return used === 0 ? undefined : sum / used;
}

/** Slope of the least-squares line; `undefined` for fewer than two points. */
function slope(points: readonly { readonly x: number; readonly y: number }[]): number | undefined {
  if (points.length < 2) return undefined;
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length;
  const covered = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  return covered / points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
}

/**
 * The Hurst exponent of the returns so far by rescaled range with the Anis-Lloyd correction (IND-85).
 *
 * Non-overlapping full blocks of 8, 16, 32 and 64 returns; each size with its own mean R/S, and left out when
 * no block of it varies; H = 0.5 + the slope of log(R/S) - log(expected R/S) on log(size), within 0 and 1.
 * About a thousand steps, whatever the history: meant for closed bars.
 */
export function hurstOf(state: HurstState): Hurst {
  if (state.returns.length < RETURNS.least) return UNKNOWN;
  const points = BLOCKS.flatMap(({ size, expected }) => {
    const ranged = meanRescaledRange(state, size);
    return ranged === undefined || ranged <= 0
      ? []
      : [{ x: Math.log(size), y: Math.log(ranged) - Math.log(expected) }];
  });
  const fitted = slope(points);
  if (fitted === undefined) return UNKNOWN;
  return { hurst: Math.min(1, Math.max(0, 0.5 + fitted)), sufficient: true };
}

/**
 * Feeds the close of the next closed bar, in place, in order from the oldest.
 *
 * @param close > 0, in any unit: only its ratio to the one before counts.
 * @throws RangeError when `close` is not a finite number > 0.
 */
export function hurstNext(state: HurstState, close: number): Hurst {
  if (!Number.isFinite(close)) refuse('close', close);
  if (close <= 0) throw new RangeError(`Invariant: a close is > 0 for its logarithm, was ${close}`);
  const { last } = state;
  state.last = close;
  if (last === null) return UNKNOWN;
  state.returns[state.slot] = Math.log(close / last);
  state.slot = (state.slot + 1) % RETURNS.most;
  return hurstOf(state);
}
