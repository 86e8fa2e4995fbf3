import {
  reconciliationDoc,
  type ReconciliationDoc,
} from '@tradewind/contracts/documents/reconciliation';
import { paths } from '@tradewind/contracts/paths';
import { hashId } from '@tradewind/core/lib/ids';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Discrepancy, Sighting } from '@tradewind/core/order/reconcile/discrepancy';
import type { Store, StoreTx } from '../ledger/store.ts';

/** A difference as it is recorded; cash is compared beside the thirteen kinds. */
export type Difference = Omit<Discrepancy, 'type' | 'action' | 'positions'> & {
  readonly type: ReconciliationDoc['type'];
  readonly positionId: string | null;
  readonly action: string;
};

const sameText = (
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): boolean => JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());

/** Differences of a book that are not settled. */
export const openRecords = (store: Store, bookId: string): Promise<ReconciliationDoc[]> =>
  store.query(
    store.firestore.collection(paths.reconciliations(bookId)).where('status', '==', 'OPEN'),
    reconciliationDoc,
  );

/** Open records as sights that a second read may confirm. */
export const sightingsOf = (records: readonly ReconciliationDoc[]): readonly Sighting[] =>
  records.flatMap(({ type, key, before, after, at }) =>
    type === 'BALANCE' ? [] : [{ type, key, before, after, at }],
  );

/**
 * The record of a difference: the open one of the very same, or the next free id of that name. The id hangs on what
 * differs alone, so that a pass that is repeated after a crash finds what it began.
 */
export async function recordIdOf(
  store: Store,
  bookId: string,
  difference: Pick<Difference, 'type' | 'key' | 'before' | 'after'>,
): Promise<string> {
  const { type, key, before, after } = difference;
  const sorted = (fields: Readonly<Record<string, string>>): string =>
    JSON.stringify(Object.entries(fields).sort());
  for (let episode = 0; ; episode += 1) {
    const parts = [bookId, type, key, sorted(before), sorted(after), String(episode)];
    const id = hashId('reconciliation', ...parts);
    const known = await store.get(paths.reconciliation(bookId, id), reconciliationDoc);
    if (known?.status !== 'RESOLVED') return id;
  }
}

/** The record after one more sight; written by whoever calls. */
export function seenAgain(
  known: ReconciliationDoc | undefined,
  { bookId, id, difference, now }: SeenAt,
): ReconciliationDoc {
  const { type, key, severity, symbol, positionId, cause, evidence, before, after, action } =
    difference;
  return {
    reconciliationId: id,
    bookId,
    type,
    key,
    status: 'OPEN',
    severity,
    symbol,
    positionId,
    cause,
    evidence: evidence.slice(0, 100),
    before: { ...before },
    after: { ...after },
    action,
    outcome: null,
    at: known?.at ?? now,
    seenAt: now,
    seen: (known?.seen ?? 0) + 1,
    resolvedAt: null,
  };
}

type SeenAt = {
  readonly bookId: string;
  readonly id: string;
  readonly difference: Difference;
  readonly now: EpochMs;
};

/** Writes one more sight of a difference that nothing is done about yet. */
export function recordSight(store: Store, seen: SeenAt): Promise<ReconciliationDoc> {
  const path = paths.reconciliation(seen.bookId, seen.id);
  return store.transact(async (tx) => {
    const known = await tx.get(path, reconciliationDoc);
    const record = seenAgain(known, seen);
    tx.set(path, reconciliationDoc, record);
    return record;
  });
}

/** Ends a record within the transaction that does something about it. */
export function resolveIn(
  tx: StoreTx,
  known: ReconciliationDoc | undefined,
  { outcome, ...seen }: SeenAt & { readonly outcome: string },
): void {
  tx.set(paths.reconciliation(seen.bookId, seen.id), reconciliationDoc, {
    ...seenAgain(known, seen),
    status: 'RESOLVED',
    outcome,
    resolvedAt: seen.now,
  });
}

/** Ends a record whose difference is gone without a doing of ours. */
export function resolveGone(
  store: Store,
  { bookId, reconciliationId }: Pick<ReconciliationDoc, 'bookId' | 'reconciliationId'>,
  { outcome, now }: { readonly outcome: string; readonly now: EpochMs },
): Promise<void> {
  const path = paths.reconciliation(bookId, reconciliationId);
  return store.transact(async (tx) => {
    const known = await tx.get(path, reconciliationDoc);
    if (known?.status !== 'OPEN') return;
    tx.set(path, reconciliationDoc, { ...known, status: 'RESOLVED', outcome, resolvedAt: now });
  });
}

/** Whether a record is of this difference. */
export const isOf = (
  record: ReconciliationDoc,
  { type, key, before, after }: Pick<Difference, 'type' | 'key' | 'before' | 'after'>,
): boolean =>
  record.type === type &&
  record.key === key &&
  sameText(record.before, before) &&
  sameText(record.after, after);
