import type { EntryCandidate } from '../order/gate-context.ts';
import { blocked, idle, passed, warned, type RiskCheck } from './check.ts';

/** What a strategy has come to so far, as far as the gate asks. */
export type TraderResults = {
  readonly trades: number;
  readonly sharpe: number | null;
  /** Of the last twenty trades, 0 to 1; `null` or left out for fewer. */
  readonly recentWinRate?: number | null;
};

const MIN_TRADES = 30;
/** A full book is through with a strategy that has lost over so many trades. */
const BLOCK_TRADES = 100;

const OFF = idle('sharpe');

/**
 * Check 7: the strategy's Sharpe ratio (RSK-17, RSK-46). It warns: a new strategy has none. A full book blocks one
 * below 0 after a hundred trades (RSK-49).
 */
export const checkSharpe: RiskCheck<EntryCandidate> = ({ signal, context }) => {
  const { limits, results, book } = context;
  if (limits.minSharpe === null || results === null || results.trades < MIN_TRADES) return OFF;
  const { sharpe, trades } = results;
  const measured = { check: 'sharpe', value: sharpe, limit: limits.minSharpe };
  if (book.mode === 'full' && trades >= BLOCK_TRADES && !(sharpe !== null && sharpe >= 0))
    return blocked(
      measured,
      'drawdown',
      `${signal.strategyId} has a Sharpe ratio of ${sharpe?.toFixed(2) ?? 'no known value'} after ${trades} trades.`,
    );
  return sharpe !== null && sharpe >= limits.minSharpe ? passed(measured) : warned(measured);
};
