/** Which way a market goes (IND-90). */
export type Regime = 'RANGING' | 'UPTREND' | 'DOWNTREND';

/** Limits of a trend (STR-50, level 1). */
export type RegimeLimits = {
  readonly minAdx: number;
  readonly minAtrPct: number;
  readonly minHurst: number;
  readonly maxMeanReversion: number;
};
export const REGIME_LIMITS: RegimeLimits = {
  minAdx: 20,
  minAtrPct: 0.5,
  minHurst: 0.55,
  maxMeanReversion: 0.6,
};

/** What a regime is told from: values of one timeframe as of its last closed bar, `undefined` until ready. */
export type RegimeInput = {
  /** ADX(14), 0 to 100. */
  readonly adx: number | undefined;
  /** ATR(14) in percent of the mean close. */
  readonly atrPct: number | undefined;
  /** Hurst exponent, 0 to 1; `undefined` where insufficient. */
  readonly hurst: number | undefined;
  /** Mean-reversion strength, 0.3 to 0.9; `undefined` where insufficient. */
  readonly meanReversion: number | undefined;
  readonly ema20: number | undefined;
  readonly ema50: number | undefined;
  readonly ema200: number | undefined;
  /** The last close, in the unit of the averages. */
  readonly price: number;
};

/** A check that a trend has to pass. */
export type RegimeCheck = 'adx' | 'atrPct' | 'hurst' | 'meanReversion' | 'averages';

/** A regime with how strong it is, and what keeps a ranging market from being a trend. */
export type RegimeReading = {
  readonly regime: Regime;
  /** ADX, 0 to 100. */
  readonly strength: number;
  /** Checks that failed, in order; empty for a trend. */
  readonly failed: readonly RegimeCheck[];
};

/** 1 when the averages fan upwards under the price, -1 in the mirror, 0 otherwise. */
export function trendOf(price: number, [fast, middle, slow]: readonly [number, number, number]) {
  if (fast > middle && middle > slow && price > fast) return 1;
  return fast < middle && middle < slow && price < fast ? -1 : 0;
}

/**
 * Tells the regime (IND-90): a trend when ADX, ATR %, Hurst and mean reversion are within their limits and
 * EMA 20, 50, 200 and price are in order; ranging otherwise.
 *
 * @returns `undefined` until every input is ready.
 */
export function regimeOf(
  input: RegimeInput,
  limits: RegimeLimits = REGIME_LIMITS,
): RegimeReading | undefined {
  const { adx, atrPct, hurst, meanReversion, ema20, ema50, ema200, price } = input;
  if (adx === undefined || atrPct === undefined) return undefined;
  if (hurst === undefined || meanReversion === undefined) return undefined;
  if (ema20 === undefined || ema50 === undefined || ema200 === undefined) return undefined;
  const way = trendOf(price, [ema20, ema50, ema200]);
  const checks: readonly (readonly [RegimeCheck, boolean])[] = [
    ['adx', adx >= limits.minAdx],
    ['atrPct', atrPct >= limits.minAtrPct],
    ['hurst', hurst >= limits.minHurst],
    ['meanReversion', meanReversion <= limits.maxMeanReversion],
    ['averages', way !== 0],
  ];
  const failed = checks.filter(([, isMet]) => !isMet).map(([check]) => check);
  const trend = way > 0 ? 'UPTREND' : 'DOWNTREND';
  return { regime: failed.length === 0 ? trend : 'RANGING', strength: adx, failed };
}
