import type { Queue } from '@tradewind/adapters/queue/queue';
import type { EpochMs } from '@tradewind/core/lib/time';

const SECOND_PASS_MS = 30_000;

/**
 * Runs one pass of order sync and has a second one follow after 30 s (ARC-02). The second is put on
 * the queue first, so that a failing pass does not cancel it; a repeated delivery puts it there once.
 */
export async function handleSyncOrders(
  { queue }: { readonly queue: Queue },
  scheduledAt: EpochMs,
  syncOrders: () => Promise<unknown>,
): Promise<void> {
  await queue.enqueue(
    'syncOrdersAgain',
    { scheduledAt },
    { id: `sync-${scheduledAt}`, delayMs: SECOND_PASS_MS },
  );
  await syncOrders();
}
