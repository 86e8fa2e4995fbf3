import * as z from 'zod';
import { id, money, symbol, time } from '../wire.ts';
import { mode } from './book.ts';

/** Strategies that one session may run. */
export const MAX_SESSION_STRATEGIES = 30;

/** What a session came to, from the round trips that its strategies closed in it (STR-91). */
const figures = {
  totalPnl: money,
  totalTrades: z.int().nonnegative(),
  winningTrades: z.int().nonnegative(),
  losingTrades: z.int().nonnegative(),
  /** 0 to 1; `null` before the first trade. */
  winRate: z.number().min(0).max(1).nullable(),
  /** Deepest fall of the balance from its peak, 0 to 1 of the peak; a balance below nothing is more. */
  maxDrawdown: z.number().nonnegative(),
  /** Of daily returns, for a year of 365 days; `null` under two days, or when they do not differ. */
  sharpe: z.number().nullable(),
} as const;

/**
 * `sessions/{id}`: strategies that are started, paused and stopped together (STR-90).
 *
 * STOPPING: no entries any more, and positions still open; what decides exits goes on deciding them until then.
 */
export const sessionDoc = z.strictObject({
  sessionId: id,
  bookId: id,
  mode,
  type: z.enum(['live', 'paper', 'backtest']),
  symbols: z.array(symbol).min(1).max(100),
  strategyIds: z.array(id).min(1).max(MAX_SESSION_STRATEGIES),
  status: z.enum(['RUNNING', 'PAUSED', 'STOPPING', 'STOPPED', 'ERROR']),
  /** Why it could not start, in words; `null` for every session that did. */
  error: z.string().nullable(),
  /** Market clock, as the times of trades. */
  startTime: time,
  endTime: time.nullable(),
  initialBalance: money,
  /** `initialBalance` and what its closed trades brought. */
  currentBalance: money,
  leverage: z.number().min(1).max(200),
  ...figures,
  createdBy: z.string(),
  updatedAt: time,
});
export type SessionDoc = z.infer<typeof sessionDoc>;
