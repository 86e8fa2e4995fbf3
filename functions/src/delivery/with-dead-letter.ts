import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { deadLetterDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { hashId } from '@tradewind/core/lib/ids';
import { alertOfLetter } from '../dead-letters/letter-alerts.ts';

/** One delivery of a task. */
export type Delivery = {
  readonly topic: string;
  readonly payload: unknown;
  /** 0 for the first delivery. */
  readonly retryCount: number;
  readonly maxAttempts: number;
};

/**
 * Runs `body`. A failure goes back to the platform, which delivers the task again; that of the last
 * attempt is written down first, replayable, with an alert (ARC-52, ARC-55).
 */
export async function withDeadLetter<T>(
  ports: ExecutionPorts,
  delivery: Delivery,
  body: () => Promise<T>,
): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (delivery.retryCount + 1 >= delivery.maxAttempts) await bury(ports, delivery, error);
    throw error;
  }
}

async function bury(
  { store, clock }: ExecutionPorts,
  { topic, payload, retryCount }: Delivery,
  failure: unknown,
): Promise<void> {
  const now = clock.wallNow();
  const text = JSON.stringify(payload ?? null);
  const error = failure instanceof Error ? failure.message : String(failure);
  const deadLetterId = hashId('deadLetter', topic, text);
  const path = paths.deadLetter(deadLetterId);
  const letter = { deadLetterId, topic, payload: text, error, lastAt: now };
  await store.transact(async (tx) => {
    const known = await tx.get(path, deadLetterDoc);
    tx.set(path, deadLetterDoc, {
      ...letter,
      attempts: (known?.attempts ?? 0) + retryCount + 1,
      firstAt: known?.firstAt ?? now,
      replayedAt: null,
      discardedAt: null,
    });
  });
  await alertOfLetter(store, letter);
}
