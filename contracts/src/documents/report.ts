import * as z from 'zod';
import { id, money, price, qty, symbol, time } from '../wire.ts';
import { targetRange } from './book.ts';

const count = z.int().nonnegative();
const extreme = z.strictObject({ symbol, netPnl: money }).nullable();

/** `books/{b}/reports/{yyyy-mm-dd}`: a book's week, by its Monday (PF-93). Create-only. */
export const weeklyReportDoc = z.strictObject({
  bookId: id,
  reportId: id,
  name: z.string(),
  quote: z.string(),
  /** Market time: from a Monday's 00:00 UTC to the next. */
  from: time,
  to: time,
  /** Wall time. */
  madeAt: time,
  /** Why the figures of the book stand still (PF-35); `null` = they do not. */
  frozen: z.string().nullable(),
  /** Worth at the end; `null` = nobody wrote it down within the hour. */
  value: money.nullable(),
  /** What was put in: the first balance and deposits less withdrawals. */
  baseline: money,
  /** Of the baseline; `null` = not known. */
  totalReturnPct: z.number().nullable(),
  /** Of the week, without deposits and withdrawals. */
  weekReturnPct: z.number().nullable(),
  week: z.strictObject({
    trades: count,
    wins: count,
    losses: count,
    net: money,
    best: extreme,
    worst: extreme,
  }),
  /** What is open when the report is made, at prices of then; `null` = there was no young one. */
  positions: z.array(
    z.strictObject({
      symbol,
      side: z.enum(['LONG', 'SHORT']),
      strategyId: id,
      quantity: qty,
      averageEntry: price,
      price: price.nullable(),
      unrealizedPnl: money.nullable(),
      heldMs: z.number(),
    }),
  ),
  /** Of the month, if it went on like this: a projection, not an expectation (PF-91). */
  projectionPct: z.number().nullable(),
  target: targetRange.nullable(),
  againstTarget: z.enum(['below', 'within', 'above']).nullable(),
  /** To every paper book of the same kind of account, of this week, percentage points. */
  paperGaps: z.array(
    z.strictObject({ bookId: id, name: z.string(), paperPct: z.number(), gapPct: z.number() }),
  ),
  /** How often an exit of the dump detector was followed by a further 1 % within ten minutes (PF-73). */
  dumps: z.strictObject({
    exits: count,
    judged: count,
    right: count,
    precisionPct: z.number().nullable(),
  }),
  /** Orders that the venue has not confirmed, by the last check of the ledger: in no figure (PF-34). */
  unverified: z.strictObject({ count, quote: money }).nullable(),
});
export type WeeklyReportDoc = z.infer<typeof weeklyReportDoc>;
