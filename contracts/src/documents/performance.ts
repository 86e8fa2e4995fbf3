import * as z from 'zod';
import { id, money, time } from '../wire.ts';

const results = z.record(z.string(), money);

/** `books/{b}/performance/{scope}`: what the round trips of one scope add up to (PF-90). */
export const performanceDoc = z.strictObject({
  bookId: id,
  scope: z.string(),
  sums: z.strictObject({
    trades: z.int().nonnegative(),
    wins: z.int().nonnegative(),
    losses: z.int().nonnegative(),
    flats: z.int().nonnegative(),
    gained: money,
    lost: money,
    won: money,
    missed: money,
    net: money,
    fees: money,
    turnover: money,
    heldMs: z.number().nonnegative(),
    recent: z.string().max(100),
    days: results,
    hours: results,
    lastAt: time.nullable(),
  }),
  figures: z.strictObject({
    winRate: z.number().nullable(),
    averageWin: z.number().nullable(),
    averageLoss: z.number().nullable(),
    profitFactor: z.number().nullable(),
    expectancy: z.number().nullable(),
    sharpe: z.number().nullable(),
    sharpeBasis: z.enum(['daily', 'hourly']),
    sortino: z.number().nullable(),
    maxDrawdownPct: z.number(),
    averageHoldMs: z.number().nullable(),
    feeShare: z.number().nullable(),
    returnPct: z.number().nullable(),
    returnOnTurnoverPct: z.number().nullable(),
    grade: z
      .strictObject({ letter: z.enum(['A', 'B', 'C', 'D', 'F']), points: z.number() })
      .nullable(),
  }),
  /** Trades that were counted last, so that one which is told twice counts once. */
  counted: z.array(z.string()).max(200),
  /** When all trades were last counted anew, wall clock; `null` = not yet. */
  recomputedAt: time.nullable(),
  updatedAt: time,
});
export type PerformanceDoc = z.infer<typeof performanceDoc>;
