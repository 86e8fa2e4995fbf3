/** What makes a normal density's area 1. */
export const ROOT_TWO_PI = Math.sqrt(2 * Math.PI);

/** Beyond this the tail is below what a double next to 1 can tell. */
const FAR = 8.3;

/** Density of the standard normal distribution. */
const normalDensity = (x: number): number => Math.exp(-0.5 * x * x) / ROOT_TWO_PI;

/**
 * Distribution function of the standard normal, to about 1e-15 absolute (Marsaglia 2004, Journal of Statistical
 * Software 11: the series of Φ(x) - ½ in odd powers).
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > FAR) return 1;
  if (x < -FAR) return 0;
  let term = x;
  let sum = x;
  for (let odd = 3; sum + term !== sum; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return Math.min(1, Math.max(0, 0.5 + sum * normalDensity(x)));
}

/** Where Newton's steps from the middle would overshoot, the tail's own size tells where to begin. */
const firstGuess = (p: number): number => {
  const tail = Math.sqrt(-2 * Math.log(Math.min(p, 1 - p)));
  // Hastings' rational approximation (Abramowitz and Stegun 26.2.23), to 4.5e-4.
  const size =
    tail -
    (2.515517 + 0.802853 * tail + 0.010328 * tail ** 2) /
      (1 + 1.432788 * tail + 0.189269 * tail ** 2 + 0.001308 * tail ** 3);
  return p < 0.5 ? -size : size;
};

/**
 * The value that a standard normal stays below with probability `p`; infinite at 0 and 1.
 *
 * @throws RangeError unless 0 <= p <= 1.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1))
    throw new RangeError(`Invariant: a probability is within 0 and 1, was ${p}`);
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  let x = firstGuess(p);
  for (let step = 0; step < 2; step += 1) {
    const density = normalDensity(x);
    if (density > 0) x -= (normalCdf(x) - p) / density;
  }
  return x;
}
