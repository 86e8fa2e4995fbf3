import type { Sample } from './sample.ts';
import { mean, ratio, sum } from './statistics-trades.ts';

/** How much was traded and held. `null` = not defined. */
export type ActivityStatistics = {
  readonly timeInMarket: number;
  readonly averageExposure: number;
  readonly highestExposure: number;
  readonly tradedValue: number;
  readonly turnover: number | null;
  readonly returnOnDeployedPct: number | null;
  readonly returnOnTurnoverPct: number | null;
};

const percent = (share: number | null): number | null => (share === null ? null : share * 100);

/** Statistics of what was at work, and how often it was turned over (PF-33). */
export function activityStatistics(sample: Sample): ActivityStatistics {
  const { trades, from, to, initialBalance, finalBalance, exposure } = sample;
  const span = to - from;
  const bought = sum(trades.map(({ entryValue }) => entryValue));
  const tradedValue = bought + sum(trades.map(({ exitValue }) => exitValue));
  const deployed = sum(
    trades.map(({ entryValue, openedAt, closedAt }) => entryValue * (closedAt - openedAt)),
  );
  const averageEquity = mean(sample.daily.map(({ equity }) => equity)) ?? initialBalance;
  const pnl = finalBalance - initialBalance;
  return {
    timeInMarket: exposure.timeShare,
    averageExposure: exposure.average,
    highestExposure: exposure.highest,
    tradedValue,
    turnover: ratio(tradedValue, averageEquity),
    returnOnDeployedPct: percent(span > 0 ? ratio(pnl, deployed / span) : null),
    returnOnTurnoverPct: percent(ratio(pnl, bought)),
  };
}
