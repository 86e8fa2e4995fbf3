import { beginRecovery } from '@tradewind/adapters/reconcile/health';
import { reconcileAccounts } from '@tradewind/adapters/reconcile/reconcile-account';
import type { LedgerView } from './ledger-watch.ts';
import type { WorkerPorts } from './ports.ts';

/** Wall milliseconds between two comparisons of what is held (05, section 11). */
const EVERY_MS = 10_000;
/** After a fill the venue is given this long to show it (EXE-49). */
const AFTER_FILL_MS = 1_000;

/** Compares positions with the venues, on behalf of all shards. */
export type PositionSync = {
  /** Once a second. A booking or a reconnect since the last call brings the next comparison forward (EXE-49, EXE-54). */
  readonly tick: (reconnects: number) => void;
};

/**
 * Entries of every book are off until the worker that begins has compared them once (EXE-60); what is open is watched
 * meanwhile, since protection waits for nothing.
 */
export async function startPositionSync(
  ports: WorkerPorts,
  ledger: Pick<LedgerView, 'books'>,
  reconcile: (ports: WorkerPorts) => Promise<unknown> = reconcileAccounts,
): Promise<PositionSync> {
  const { clock, log } = ports;
  const running = [...ledger.books.values()].filter(({ status }) => status === 'RUNNING');
  await Promise.all(running.map(({ bookId }) => beginRecovery(ports, bookId)));
  let dueAt = -Infinity;
  let isBusy = false;
  const compare = async (): Promise<void> => {
    isBusy = true;
    try {
      await reconcile(ports);
    } catch (error) {
      log.warn('positions could not be compared with the venue', { error });
    } finally {
      isBusy = false;
    }
  };
  let seen = 0;
  // Every booking moves its book's time of change.
  const news = (reconnects: number): number =>
    [...ledger.books.values()].reduce((sum, { updatedAt }) => sum + updatedAt, reconnects);
  return {
    tick: (reconnects) => {
      const now = clock.wallNow();
      const told = news(reconnects);
      if (told !== seen) dueAt = Math.min(dueAt, now + AFTER_FILL_MS);
      seen = told;
      if (isBusy || now < dueAt || ledger.books.size === 0) return;
      dueAt = now + EVERY_MS;
      void compare();
    },
  };
}
