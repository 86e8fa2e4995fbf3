import type { EquityPoint, Sample } from './sample.ts';
import { mean, sum } from './statistics-trades.ts';

const DAY_MS = 86_400_000;
const DAYS_PER_YEAR = 365;
const HOURS_PER_YEAR = 24 * DAYS_PER_YEAR;
/** Shorter spans have too few days for daily returns, and are not annualised. */
export const DAILY_FROM_DAYS = 30;

/** What can be told of equity over time. `null` = not defined for this span. */
export type ReturnStatistics = {
  readonly annualReturnPct: number | null;
  readonly volatilityPct: number | null;
  readonly sharpe: number | null;
  readonly sortino: number | null;
  readonly calmar: number | null;
};

/** Whether Sharpe, Sortino and volatility were reckoned from daily returns, or from hourly ones of a short span. */
export type ReturnBasis = 'daily' | 'hourly';

/** Relative change from point to point, beginning at `initial`; ends where equity is used up. */
export function returnsOf(initial: number, points: readonly EquityPoint[]): readonly number[] {
  const returns: number[] = [];
  let before = initial;
  for (const { equity } of points) {
    if (!(before > 0)) break;
    returns.push(equity / before - 1);
    before = equity;
  }
  return returns;
}

/** Returns that differ by less than this differ in the last digits of floats only. */
const ROUNDING = 1e-12;

/** Sample standard deviation; `null` for fewer than two values. */
export function deviation(values: readonly number[]): number | null {
  const average = mean(values);
  if (average === null || values.length < 2) return null;
  const squares = sum(values.map((value) => (value - average) ** 2));
  return Math.sqrt(squares / (values.length - 1));
}

/** `mean / spread`, annualised; `null` where there is no spread. */
function perRisk(
  returns: readonly number[],
  spread: number | null,
  periodsPerYear: number,
): number | null {
  const average = mean(returns);
  if (average === null || spread === null) return null;
  if (spread <= ROUNDING) return null;
  return (average / spread) * Math.sqrt(periodsPerYear);
}

/** Root mean square of what fell short of zero, over all periods (Sortino). */
const downsideOf = (returns: readonly number[]): number =>
  Math.sqrt(mean(returns.map((value) => Math.min(0, value) ** 2)) ?? 0);

/** Yearly growth that gives the same end, percent; `null` for spans too short to say, or when all is lost. */
function annualReturnPct({ initialBalance, finalBalance, from, to }: Sample): number | null {
  const days = (to - from) / DAY_MS;
  if (days < DAILY_FROM_DAYS || !(initialBalance > 0) || !(finalBalance > 0)) return null;
  return ((finalBalance / initialBalance) ** (DAYS_PER_YEAR / days) - 1) * 100;
}

/** Daily returns from 30 days on, hourly ones before (06, section 13). */
export const basisOf = ({ from, to }: Sample): ReturnBasis =>
  to - from < DAILY_FROM_DAYS * DAY_MS ? 'hourly' : 'daily';

/** Statistics of the equity curve. Crypto trades every day: a year has 365; the risk-free rate is taken as 0. */
export function returnStatistics(sample: Sample): ReturnStatistics {
  const isDaily = basisOf(sample) === 'daily';
  const periods = isDaily ? DAYS_PER_YEAR : HOURS_PER_YEAR;
  const returns = returnsOf(sample.initialBalance, isDaily ? sample.daily : sample.hourly);
  const spread = deviation(returns);
  const annual = annualReturnPct(sample);
  const { maxPct } = sample.drawdown;
  return {
    annualReturnPct: annual,
    volatilityPct: spread === null ? null : spread * Math.sqrt(periods) * 100,
    sharpe: perRisk(returns, spread, periods),
    sortino: perRisk(returns, downsideOf(returns), periods),
    calmar: annual === null || !(maxPct > 0) ? null : annual / maxPct,
  };
}
