import { DISCREPANCY_TYPES } from '@tradewind/core/order/reconcile/discrepancy';
import * as z from 'zod';
import { id, money, time } from '../wire.ts';
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

/** `books/{b}/risk/balance`: how the account's cash compares with that of its books (EXE-55); kept by its oldest book. */
export const balanceStateDoc = z.strictObject({
  /** What the account holds in quote beyond the books' cash, as last taken for granted. */
  gap: money,
  /** Another gap that one read showed, and when (wall time); a second read has to confirm it. */
  pending: z.strictObject({ gap: money, at: time }).nullable(),
  /** The venue's time up to which deposits and withdrawals were read. */
  flowsAt: time,
});
export type BalanceStateDoc = z.infer<typeof balanceStateDoc>;

/** `books/{b}/backups/{id}`: what a book held before it was rebuilt (EXE-63); it can be put back. */
export const backupDoc = z.strictObject({
  backupId: id,
  bookId: id,
  /** `WRITTEN` complete and not used; `SWITCHING` the rebuilt documents are being written; then either end. */
  status: z.enum(['WRITTEN', 'SWITCHING', 'DONE', 'RESTORED']),
  documents: z.int().nonnegative(),
  at: time,
  updatedAt: time,
});
export type BackupDoc = z.infer<typeof backupDoc>;

/** `books/{b}/backups/{id}/documents/{n}`: one document as it was stored, whatever its shape. */
export const backedUpDoc = z.strictObject({
  path: z.string(),
  data: z.record(z.string(), z.unknown()),
});
