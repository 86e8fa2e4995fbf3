import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { intentDoc, signalDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';

/**
 * Wakes the gate of a signal's book. When there is nothing left to decide, somebody else has decided
 * this signal, or an earlier delivery that may have died before its order was put on the queue: then
 * it is put there again, which changes nothing if it waits there already (EXE-01).
 */
export async function handleDecideSignals(
  ports: ExecutionPorts,
  { bookId, signalId }: { readonly bookId: string; readonly signalId: string },
): Promise<void> {
  const run = await runGate(ports, bookId);
  if (run.decided > 0) ports.log.info('signals decided', { bookId, ...run });
  if (run.decided > 0 || run.busy) return;
  const signal = await ports.store.get(paths.signal(bookId, signalId), signalDoc);
  if (signal === undefined || signal.intentId === null) return;
  const { intentId } = signal;
  const intent = await ports.store.get(paths.intent(bookId, intentId), intentDoc);
  if (intent?.status === 'APPROVED')
    await ports.queue.enqueue('executeIntent', { bookId, intentId }, { id: intentId });
}
