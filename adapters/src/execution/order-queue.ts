import { queuedOrderDoc, type IntentDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { QueuedOrderDoc } from '@tradewind/contracts/documents/execution';
import type { StoreTx } from '../ledger/store.ts';
import type { ExecutionPorts } from './ports.ts';

/** The intent's place in the queue as people see it; what has never waited has none. */
export function writeQueued(
  tx: Pick<StoreTx, 'set'>,
  intent: IntentDoc,
  { status, now }: { readonly status: QueuedOrderDoc['status']; readonly now: EpochMs },
): void {
  const { queued } = intent;
  if (queued === undefined || queued === null) return;
  tx.set(paths.queuedOrder(intent.bookId, intent.intentId), queuedOrderDoc, {
    intentId: intent.intentId,
    bookId: intent.bookId,
    strategyId: intent.strategyId,
    symbol: intent.symbol,
    action: intent.action,
    side: intent.side,
    type: intent.type,
    quantity: intent.quantity,
    limitPrice: intent.limitPrice,
    queuedAt: queued.at,
    retryCount: queued.retries,
    lastError: queued.lastError,
    status,
    processedAt: status === 'PENDING' ? null : now,
    updatedAt: now,
  });
}

/** The intent's place once it has to wait (again): the time of the first queuing stays (EXE-25). */
export const queuedAgain = (
  { queued }: IntentDoc,
  lastError: string,
  marketNow: EpochMs,
): NonNullable<IntentDoc['queued']> => ({
  at: queued?.at ?? marketNow,
  retries: queued === undefined || queued === null ? 0 : queued.retries + 1,
  lastError,
});

/** How many orders of a book wait. */
export async function queueSize({ store }: ExecutionPorts, bookId: string): Promise<number> {
  const waiting = store.firestore.collection(paths.intents(bookId)).where('status', '==', 'QUEUED');
  const counted = await waiting.count().get();
  return counted.data().count;
}
