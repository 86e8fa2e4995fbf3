import { configurationSchema } from '@tradewind/core/strategy/configurations/configuration';
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

/** How a strategy does against what its configuration expects (STR-72), as of the last trade that was looked at. */
const winRateRecord = z.strictObject({
  verdict: z.enum(['unknown', 'ok', 'warn', 'pause']),
  trades: z.int().nonnegative(),
  /** Percent of the last 50; `null` before there are as many. */
  winRatePct: z.number().min(0).max(100).nullable(),
  expectedPct: z.number().min(0).max(100),
});

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
  /** Name of the trading configuration, or of its document; `null` where its strategies take none (STR-72). */
  configId: id.nullable().default(null),
  /** The configuration as it was when the session started. */
  configuration: configurationSchema.nullable().default(null),
  /** Of its strategies that go by the configuration, by their ids. */
  winRates: z.record(id, winRateRecord).default({}),
  /** Close of the newest trade that its figures and win rates count; `null` before the first. */
  countedUntil: time.nullable().default(null),
  ...figures,
  createdBy: z.string(),
  updatedAt: time,
});
export type SessionDoc = z.infer<typeof sessionDoc>;
