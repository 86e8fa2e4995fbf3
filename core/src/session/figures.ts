import { dayStart, type EpochMs } from '../lib/time.ts';
import { addMoney, sumMoney, toNumber, ZERO_MONEY, type Money } from '../lib/units.ts';

/** What of a round trip counts here. */
export type ClosedTrade = { readonly netPnl: Money; readonly closedAt: EpochMs };

/** What a session came to (STR-91), from its closed round trips alone. */
export type SessionFigures = {
  readonly currentBalance: Money;
  readonly totalPnl: Money;
  readonly totalTrades: number;
  readonly winningTrades: number;
  /** A trade of exactly nothing is neither won nor lost. */
  readonly losingTrades: number;
  /** 0 to 1; `null` before the first trade. */
  readonly winRate: number | null;
  /** Deepest fall of the balance from its peak, as a share of that peak. */
  readonly maxDrawdown: number;
  /** Mean of daily returns over their sample deviation, times √365; `null` under two days or without deviation. */
  readonly sharpe: number | null;
};

const DAYS_OF_YEAR = 365;

const deepestFall = (balances: readonly number[]): number => {
  let peak = -Infinity;
  let deepest = 0;
  for (const balance of balances) {
    peak = Math.max(peak, balance);
    deepest = Math.max(deepest, (peak - balance) / peak);
  }
  return deepest;
};

/** Balances at the ends of the days from the first to the last, days without a trade included. */
function dailyCloses(
  trades: readonly ClosedTrade[],
  initialBalance: Money,
  span: { readonly from: EpochMs; readonly to: EpochMs },
): number[] {
  const DAY_MS = 86_400_000;
  const first = dayStart(span.from);
  const closes: number[] = [toNumber(initialBalance)];
  let balance = initialBalance;
  let next = 0;
  for (let day: number = first; day <= span.to; day += DAY_MS) {
    for (let trade = trades[next]; trade !== undefined; trade = trades[next]) {
      if (trade.closedAt >= day + DAY_MS) break;
      balance = addMoney(balance, trade.netPnl);
      next += 1;
    }
    closes.push(toNumber(balance));
  }
  return closes;
}

function sharpeOf(closes: readonly number[]): number | null {
  const returns = closes.slice(1).map((close, i) => close / (closes[i] ?? NaN) - 1);
  if (returns.length < 2) return null;
  const mean = returns.reduce((sum, r) => sum + r, 0) / returns.length;
  const variance = returns.reduce((sum, r) => sum + (r - mean) ** 2, 0) / (returns.length - 1);
  const sharpe = (mean / Math.sqrt(variance)) * Math.sqrt(DAYS_OF_YEAR);
  return Number.isFinite(sharpe) ? sharpe : null;
}

/**
 * Adds up a session.
 *
 * @param trades - Round trips that closed in it, in any order.
 * @param initialBalance - Positive.
 * @param span - From its start to now or its end, market time.
 */
export function sessionFigures(
  trades: readonly ClosedTrade[],
  initialBalance: Money,
  span: { readonly from: EpochMs; readonly to: EpochMs },
): SessionFigures {
  const inOrder = trades.toSorted((a, b) => a.closedAt - b.closedAt);
  const totalPnl = sumMoney(inOrder.map(({ netPnl }) => netPnl));
  let balance = initialBalance;
  const balances = inOrder.map(({ netPnl }) => toNumber((balance = addMoney(balance, netPnl))));
  const winningTrades = inOrder.filter(({ netPnl }) => netPnl > ZERO_MONEY).length;
  return {
    currentBalance: addMoney(initialBalance, totalPnl),
    totalPnl,
    totalTrades: inOrder.length,
    winningTrades,
    losingTrades: inOrder.filter(({ netPnl }) => netPnl < ZERO_MONEY).length,
    winRate: inOrder.length === 0 ? null : winningTrades / inOrder.length,
    maxDrawdown: deepestFall([toNumber(initialBalance), ...balances]),
    sharpe: sharpeOf(dailyCloses(inOrder, initialBalance, span)),
  };
}
