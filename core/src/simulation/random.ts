/** State of the generator: a 32-bit integer, so that it can be stored and resumed. */
export type Seed = number;

/** A draw and the state that follows it. */
export type Draw = { readonly value: number; readonly seed: Seed };

/** Uniform on [0, 1). The mulberry32 generator: 32-bit state, passes gjrand and PractRand small tests. */
export function uniform(seed: Seed): Draw {
  const next = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(next ^ (next >>> 15), 1 | next);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return { value: ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296, seed: next };
}

/** Standard normal (Box and Muller, one of the pair). */
export function normal(seed: Seed): Draw {
  const radius = uniform(seed);
  const angle = uniform(radius.seed);
  const value = Math.sqrt(-2 * Math.log(1 - radius.value)) * Math.cos(2 * Math.PI * angle.value);
  return { value, seed: angle.seed };
}

/** Exponential with mean 1. */
export function exponential(seed: Seed): Draw {
  const draw = uniform(seed);
  return { value: -Math.log(1 - draw.value), seed: draw.seed };
}

/**
 * How long an order takes to reach the book, in whole milliseconds; no draw is taken where there is no latency.
 *
 * @param latencyMs - Drawn uniformly from `min` to `max`.
 */
export function drawLatency(
  seed: Seed,
  { min, max }: { readonly min: number; readonly max: number },
): { readonly ms: number; readonly seed: Seed } {
  if (max <= 0) return { ms: 0, seed };
  const draw = uniform(seed);
  return { ms: Math.round(min + draw.value * (max - min)), seed: draw.seed };
}

/** A well mixed seed from a seed and a name, so that each market has a generator of its own. */
export function seedFor(seed: Seed, name: string): Seed {
  let hash = (seed ^ 0x811c9dc5) | 0;
  for (const char of name) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return uniform(hash).seed ^ hash;
}
