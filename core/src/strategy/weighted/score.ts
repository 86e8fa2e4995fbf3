/** What one signal of a bot says, and how much it counts. */
export type ScorePart = {
  /** -1 to 1, positive = buy pressure (ARC-22); `null` until its indicators are ready. */
  readonly score: number | null;
  /** 0 to 1. */
  readonly weight: number;
};

/** The parts taken together. */
export type Combined = {
  /** -1 to 1, positive = buy pressure. */
  readonly score: number;
  /** Share of the enabled weight that pulls the way of the score, 0 to 1. */
  readonly agreement: number;
};

/** RSI points from a threshold to a full score. */
const RSI_SPAN = 30;
/** What a reading on the threshold itself is worth. */
const RSI_LEAST = 0.1;

const clamp = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x));

/** Cuts what floats add in the last digits, so that a score typed as 0.3 is on the limit 0.3. */
const tidy = (x: number): number => Math.round(x * 1e12) / 1e12;

const depth = (points: number): number => tidy(clamp(points / RSI_SPAN, RSI_LEAST, 1));

/** Oversold is buy pressure, by depth; between the thresholds there is none (IND-25). */
export function rsiScore(
  rsi: number,
  limits: { readonly buyThreshold: number; readonly sellThreshold: number },
): number {
  if (rsi <= limits.buyThreshold) return depth(limits.buyThreshold - rsi);
  if (rsi >= limits.sellThreshold) return -depth(rsi - limits.sellThreshold);
  return 0;
}

/** How far `fast` is above `slow`, in percent of `slow`; `undefined` where `slow` is not positive (IND-07). */
export const separationPct = (fast: number, slow: number): number | undefined =>
  slow > 0 ? (100 * (fast - slow)) / slow : undefined;

/** A fast average above the slow one is buy pressure; 1 % apart is 0.76 (IND-26). */
export const maScore = (separation: number): number => Math.tanh(separation);

/** The histogram in units of `atr`, both in quote currency; a market without range has no pressure (IND-27). */
export const macdScore = (histogram: number, atr: number): number =>
  atr > 0 ? Math.tanh((2 * histogram) / atr) : 0;

/**
 * Adds up weight times score of the enabled parts (IND-28).
 *
 * Weights that sum to less than 1 are not scaled up: a bot that trusts its signals less trades less.
 *
 * @returns `null` when a part is not ready (IND-31), or when there is none.
 */
export function combine(parts: readonly ScorePart[]): Combined | null {
  let sum = 0;
  let total = 0;
  for (const part of parts) {
    if (part.score === null) return null;
    sum += part.score * part.weight;
    total += part.weight;
  }
  if (parts.length === 0) return null;
  const score = clamp(tidy(sum), -1, 1);
  let agreeing = 0;
  for (const part of parts)
    if (Math.sign(part.score ?? 0) === Math.sign(score)) agreeing += part.weight;
  return { score, agreement: score === 0 || total === 0 ? 0 : tidy(agreeing / total) };
}

/**
 * How sure a bot is, 0 to 1: the strength of its score against the HOT limit, times the share of the
 * weight that agrees with it, times the quality of the data (IND-29, MD-11). A signal at rest does not agree.
 */
export const confidenceOf = (
  { score, agreement }: Combined,
  hotLimit: number,
  dataQuality: number,
): number => tidy(clamp(Math.abs(score) / hotLimit, 0, 1) * agreement * clamp(dataQuality, 0, 1));
