import {
  intentDoc,
  orderDoc,
  signalDoc,
  type IntentDoc,
} from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { endUnsent } from './claim-intent.ts';
import type { Item } from './item.ts';
import { pendingSignals, workingIntents } from './ledger-queries.ts';
import type { ExecutionPorts } from './ports.ts';

/** Read at once; a stop goes on until nothing is left. */
const PAGE = 300;

/** Ends everything of a book that waits to be decided or sent (EXE-29). */
export async function cancelPending(
  ports: ExecutionPorts,
  bookId: string,
): Promise<readonly Item[]> {
  const signals = await cancelSignals(ports, bookId);
  const intents = await ports.store.query(workingIntents(ports.store, bookId), intentDoc);
  const items: Item[] = [];
  // Most of them may rest at the venue: those are not waiting, and there may be hundreds.
  for (const { intentId } of intents.filter(isWaiting)) {
    const ended = await endWaiting(ports, { bookId, intentId });
    if (ended !== null) items.push({ item: ended, result: 'not sent any more', ok: true });
  }
  if (signals > 0)
    items.push({ item: `${signals} undecided signals`, result: 'cancelled', ok: true });
  return items;
}

/** Nobody has taken it to send it. */
const isWaiting = ({ status }: IntentDoc): boolean => status === 'APPROVED' || status === 'QUEUED';

/** Its name for people, when there was something to end. */
function endWaiting(
  ports: ExecutionPorts,
  { bookId, intentId }: { readonly bookId: string; readonly intentId: string },
): Promise<string | null> {
  return ports.store.transact(async (tx) => {
    const intent = await tx.get(paths.intent(bookId, intentId), intentDoc);
    if (intent?.status !== 'APPROVED' && intent?.status !== 'QUEUED') return null;
    const order = await tx.get(paths.order(bookId, intent.orderId), orderDoc);
    await endUnsent(ports, tx, { intent, order, reason: 'emergency_stop' });
    return `intent ${intent.side} ${intent.symbol}`;
  });
}

async function cancelSignals({ store, clock }: ExecutionPorts, bookId: string): Promise<number> {
  let cancelled = 0;
  for (;;) {
    const found = await store.queryEach(pendingSignals(store, bookId, PAGE), signalDoc);
    if (found.length === 0) return cancelled;
    for (const { path, ok } of found) {
      if (!ok) await store.setAside(path, { executionStatus: 'CANCELLED' });
    }
    cancelled += await store.transact(async (tx) => {
      const readable = found.filter(({ ok }) => ok).map(({ id }) => paths.signal(bookId, id));
      const signals = await tx.getMany(readable, signalDoc);
      const pending = signals
        .filter((signal) => signal !== undefined)
        .filter(({ executionStatus }) => executionStatus === 'PENDING');
      for (const signal of pending)
        tx.set(paths.signal(bookId, signal.signalId), signalDoc, {
          ...signal,
          executionStatus: 'CANCELLED',
          rejectionReason: 'emergency_stop',
          rejections: ['emergency_stop: cancelled by the emergency stop'],
          updatedAt: clock.wallNow(),
        });
      return pending.length;
    });
  }
}
