import type { HeldLease } from '@tradewind/adapters/ledger/lease';
import { pause } from './feed-loop.ts';
import type { WorkerPorts } from './ports.ts';

/** EXE-62: whoever lost the lease knows it within this. */
const RENEW_EVERY_MS = 4_000;

/**
 * Renews the lease until it is lost, or until a renewal has not been confirmed for as long as the
 * lease lasts: then another may hold it, whatever the network says.
 */
export async function keepLease(
  ports: Pick<WorkerPorts, 'clock' | 'log' | 'workerLeaseMs'>,
  lease: Pick<HeldLease, 'renew'>,
  { signal, onLost }: { readonly signal: AbortSignal; readonly onLost: (why: string) => void },
): Promise<void> {
  const { clock, log, workerLeaseMs } = ports;
  const every = Math.min(workerLeaseMs / 3, RENEW_EVERY_MS);
  let confirmedAt = clock.wallNow();
  const watchdog = setInterval(() => {
    if (clock.wallNow() - confirmedAt > workerLeaseMs - every / 2)
      onLost('it could not be renewed');
  }, every / 4);
  try {
    for (;;) {
      await pause(every, signal);
      if (signal.aborted) return;
      const askedAt = clock.wallNow();
      try {
        if (await lease.renew()) confirmedAt = askedAt;
        else onLost('another worker holds it');
      } catch (error) {
        log.warn('the lease could not be renewed yet', { error });
      }
    }
  } finally {
    clearInterval(watchdog);
  }
}
