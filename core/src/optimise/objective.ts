import { unreachable } from '../lib/result.ts';
import type { Statistics } from '../backtest/statistics.ts';

export const OBJECTIVES = [
  'return',
  'sharpe',
  'sortino',
  'calmar',
  'profit-factor',
  'grade',
] as const;
/** What a search makes as large as it can. */
export type Objective = (typeof OBJECTIVES)[number];

/** A profit factor without any loss is infinite; this stands for it, so that it can be compared and stored. */
const LOSSLESS = 1_000;

function valueOf(objective: Objective, { figures, grade }: Judged): number | null {
  switch (objective) {
    case 'return':
      return figures.totalReturnPct;
    case 'sharpe':
      return figures.sharpe;
    case 'sortino':
      return figures.sortino;
    case 'calmar':
      return figures.calmar;
    case 'profit-factor':
      return figures.profitFactor ?? (figures.winning > 0 ? LOSSLESS : null);
    case 'grade':
      return grade?.points ?? null;
    default:
      return unreachable(objective);
  }
}

/** What a score is made of. */
export type Judged = Pick<Statistics, 'figures' | 'grade'>;

/**
 * How good a backtest was; more is better. `null` where it cannot be told: fewer than `minTrades` trades, or the
 * objective is not defined for it, as Calmar is not below 30 days.
 */
export function scoreOf(objective: Objective, judged: Judged, minTrades: number): number | null {
  if (judged.figures.totalTrades < minTrades) return null;
  const value = valueOf(objective, judged);
  return value !== null && Number.isFinite(value) ? value : null;
}
