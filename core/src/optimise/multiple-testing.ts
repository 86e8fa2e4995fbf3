import { mean, sum } from '../backtest/statistics-trades.ts';
import { deviation } from '../backtest/statistics-returns.ts';
import { normalCdf, normalQuantile } from './normal.ts';

/** Euler and Mascheroni's constant. */
const GAMMA = 0.5772156649015329;

/** The shape of a series of returns. */
type ReturnShape = {
  readonly count: number;
  /** Mean over deviation of one period, not annualised. */
  readonly sharpe: number;
  readonly skewness: number;
  /** 3 for a normal distribution. */
  readonly kurtosis: number;
};

/** `null` for fewer than three returns, or where they are all the same. */
export function shapeOf(returns: readonly number[]): ReturnShape | null {
  const average = mean(returns);
  const spread = deviation(returns);
  if (average === null || spread === null || returns.length < 3 || !(spread > 1e-12)) return null;
  const moment = (power: number): number =>
    sum(returns.map((each) => (each - average) ** power)) / returns.length;
  const variance = moment(2);
  return {
    count: returns.length,
    sharpe: average / spread,
    skewness: moment(3) / variance ** 1.5,
    kurtosis: moment(4) / variance ** 2,
  };
}

/**
 * Probability that the true Sharpe ratio of one period lies above `benchmark` (Bailey and López de Prado 2012, "The
 * Sharpe ratio efficient frontier"): fewer, skewed and fat-tailed returns prove less.
 */
export function probabilisticSharpe(
  { count, sharpe, skewness, kurtosis }: ReturnShape,
  benchmark: number,
): number {
  const variance = 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe ** 2;
  return normalCdf(
    ((sharpe - benchmark) * Math.sqrt(count - 1)) / Math.sqrt(Math.max(variance, 1e-12)),
  );
}

/**
 * The best Sharpe ratio to expect of `trials` strategies without any skill whose ratios have this deviation (Bailey and
 * López de Prado 2014, "The deflated Sharpe ratio"); 0 for one alone.
 */
export function expectedBestSharpe(trials: number, sharpeDeviation: number): number {
  if (trials < 2) return 0;
  return (
    sharpeDeviation *
    ((1 - GAMMA) * normalQuantile(1 - 1 / trials) +
      GAMMA * normalQuantile(1 - 1 / (trials * Math.E)))
  );
}

/** How much of the best result is owed to having tried so many. Sharpe ratios are of one period, not annualised. */
export type Deflation = {
  readonly trials: number;
  /** Periods that ratios are of: days, or hours of a short span. */
  readonly periods: number;
  readonly bestSharpe: number;
  /** What the best of as many without skill is expected to reach that differ from each other as these do. */
  readonly expectedBestSharpe: number;
  /** The same where each goes its own way, so that only the number of periods says how far apart they lie. */
  readonly expectedBestOfIndependent: number;
  /** Probability that the best is better than the first of these: above 0.95 it is taken for more than luck. */
  readonly deflatedSharpe: number;
  /** Probability that one strategy without skill, tried alone, reaches the best's ratio. */
  readonly pAlone: number;
  /** The same for the best of all that were tried, held for independent (Bonferroni). */
  readonly pBonferroni: number;
  /** How many combinations stand at 5 % when each is corrected for all (Holm 1979). */
  readonly significantByHolm: number;
};

/** p-values corrected for their number, step by step (Holm 1979), in the order given. */
export function holm(pValues: readonly number[]): readonly number[] {
  const order = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const corrected = new Array<number>(pValues.length).fill(1);
  let highest = 0;
  order.forEach(({ p, index }, rank) => {
    highest = Math.max(highest, Math.min(1, p * (pValues.length - rank)));
    corrected[index] = highest;
  });
  return corrected;
}

/**
 * Corrects the best of many for their number.
 *
 * @param best returns of the best combination
 * @param all returns of the same periods of every combination that was tried, the best among them
 * @returns `null` where the best has too few different periods to judge
 */
export function deflate(
  best: readonly number[],
  all: readonly (readonly number[])[],
): Deflation | null {
  const shape = shapeOf(best);
  if (shape === null) return null;
  // One that never traded was tried as well: it has no ratio, and proves nothing.
  const shapes = all.map(shapeOf);
  const sharpes = shapes.map((each) => each?.sharpe ?? 0);
  const expected = expectedBestSharpe(all.length, deviation(sharpes) ?? 0);
  const pValues = shapes.map((each) => (each === null ? 1 : 1 - probabilisticSharpe(each, 0)));
  const pAlone = 1 - probabilisticSharpe(shape, 0);
  return {
    trials: all.length,
    periods: shape.count,
    bestSharpe: shape.sharpe,
    expectedBestSharpe: expected,
    expectedBestOfIndependent: expectedBestSharpe(all.length, 1 / Math.sqrt(shape.count - 1)),
    deflatedSharpe: probabilisticSharpe(shape, expected),
    pAlone,
    pBonferroni: Math.min(1, pAlone * all.length),
    significantByHolm: holm(pValues).filter((p) => p <= 0.05).length,
  };
}
