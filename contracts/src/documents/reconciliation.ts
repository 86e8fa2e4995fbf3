import { DISCREPANCY_TYPES } from '@tradewind/core/order/reconcile/discrepancy';
import * as z from 'zod';
import { id, time } from '../wire.ts';
import { severity } from './system.ts';

/**
 * `books/{b}/reconciliations/{id}`: one difference between venue and ledger, from its first sight to its end (EXE-50).
 *
 * The id is a hash of what differed, so that a repeated pass finds the record and writes nothing twice.
 */
export const reconciliationDoc = z.strictObject({
  reconciliationId: id,
  bookId: id,
  /** D1 to D13 of the table in docs/reconciliation.md; `BALANCE` for cash that nothing explains (EXE-55). */
  type: z.enum([...DISCREPANCY_TYPES, 'BALANCE']),
  /** What was compared, such as `spot/BTC`, `futures/BTC-USDT/LONG` or an order's id. */
  key: z.string(),
  status: z.enum(['OPEN', 'RESOLVED']),
  severity,
  symbol: z.string().nullable(),
  positionId: z.string().nullable(),
  /** A sentence for people. */
  cause: z.string(),
  /** What proves it: fills, orders, reads with their times. */
  evidence: z.array(z.string()).max(100),
  /** What the ledger held, by field. */
  before: z.record(z.string(), z.string()),
  /** What the venue holds, and the ledger after the action. */
  after: z.record(z.string(), z.string()),
  /** What is done about it. */
  action: z.string(),
  /** What came of the action; `null` while it is open. */
  outcome: z.string().nullable(),
  /** Wall time of the first sight. */
  at: time,
  /** Wall time of the last sight, and how many there were. */
  seenAt: time,
  seen: z.int().positive(),
  resolvedAt: time.nullable(),
});
export type ReconciliationDoc = z.infer<typeof reconciliationDoc>;
