import type { Clock } from '@tradewind/adapters/clock/clock';
import type { Store } from '@tradewind/adapters/ledger/store';
import type { CommandReply } from '@tradewind/contracts/callables';
import { leaseDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { later, seconds } from '@tradewind/core/lib/time';

const PAUSE = seconds(5);

/** Runs one pass, at most once per 5 s over all users (EXE-46). */
export async function handleSyncOrdersNow(
  { store, clock, actor }: { readonly store: Store; readonly clock: Clock; readonly actor: string },
  syncOrders: () => Promise<unknown>,
): Promise<CommandReply> {
  const path = paths.lease('sync-orders-now');
  const now = clock.wallNow();
  const free = await store.transact(async (tx) => {
    const last = await tx.get(path, leaseDoc);
    if (last !== undefined && last.expiresAt > now) return false;
    tx.set(path, leaseDoc, {
      owner: actor,
      token: (last?.token ?? 0) + 1,
      expiresAt: later(now, PAUSE),
    });
    return true;
  });
  if (!free)
    return {
      ok: false,
      code: 'too_soon',
      message: 'Orders were compared with the venue less than 5 seconds ago. Try again shortly.',
    };
  try {
    await syncOrders();
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const advice = 'What could be compared was; see the alerts for the rest.';
    return { ok: false, code: 'sync_failed', message: `${cause} ${advice}` };
  }
  return { ok: true, code: 'synced', message: 'All open orders were compared with the venue.' };
}
