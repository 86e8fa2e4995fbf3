import { withLease, type HeldLease } from '@tradewind/adapters/ledger/lease';
import type { WorkerPorts } from './ports.ts';
import { startSession, type Session, type SessionStatus } from './session.ts';
import { pause, stream } from './stream.ts';

const TICK_MS = 1_000;
/** EXE-62: whoever lost the lease knows it within this. */
const RENEW_EVERY_MS = 4_000;
const RESTART_PAUSE_MS = 1_000;

export type WorkerStatus =
  { readonly role: 'standby' } | ({ readonly role: 'active' } & SessionStatus);

/** A running worker, to be asked how it is. */
export type Worker = { readonly status: () => WorkerStatus; readonly done: Promise<void> };

/**
 * Renews the lease until it is lost, or until a renewal has not been confirmed for as long as the
 * lease lasts: then another may hold it, whatever the network says.
 */
async function keepLease(
  ports: WorkerPorts,
  lease: HeldLease,
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

/** Acts as the holder of the lease, until told to end, or until the lease or the ledger is lost. */
async function act(
  ports: WorkerPorts,
  lease: HeldLease,
  options: { readonly shutdown: AbortSignal; readonly onSession: (session: Session) => void },
): Promise<void> {
  const lost = new AbortController();
  const lose = (why: string): void => {
    if (lost.signal.aborted) return;
    ports.log.error('the worker stops acting', { why });
    lost.abort(why);
  };
  const ending = AbortSignal.any([options.shutdown, lost.signal]);
  const keeping = keepLease(ports, lease, { signal: ending, onLost: lose });
  let ticking: NodeJS.Timeout | undefined;
  try {
    const session = await startSession(ports, (error) => {
      lose(`Firestore ended a listener: ${error.message}`);
    });
    options.onSession(session);
    lost.signal.addEventListener('abort', session.abandon);
    ticking = setInterval(session.tick, TICK_MS);
    session.tick();
    await stream(ports, session, ending);
    clearInterval(ticking);
    if (!lost.signal.aborted) await session.finish();
  } finally {
    clearInterval(ticking);
    lost.abort('over');
    await keeping;
  }
}

/**
 * Runs until `shutdown` aborts: waits for the lease `worker-0`, acts while it holds it, and waits
 * again when it lost it (ARC-03). A standby publishes nothing (MD-27).
 */
export function runWorker(ports: WorkerPorts, shutdown: AbortSignal): Worker {
  const { store, clock, log, actor, workerLeaseMs } = ports;
  let session: Session | undefined;
  let isWaiting = false;
  const turn = async (): Promise<void> => {
    const request = { name: 'worker-0', owner: actor, ms: workerLeaseMs, clock };
    const result = await withLease(store, request, async (lease) => {
      log.info('the worker is active', { term: lease.token });
      const onSession = (started: Session): void => void (session = started);
      await act(ports, lease, { shutdown, onSession });
    }).finally(() => {
      session = undefined;
    });
    const saysSo = !result.held && !isWaiting;
    isWaiting = !result.held;
    if (result.held) return;
    const waitMs = Math.max(100, Math.min(result.until - clock.wallNow() + 50, workerLeaseMs / 3));
    if (saysSo) log.info('another worker is active; this one waits');
    await pause(waitMs, shutdown);
  };
  const run = async (): Promise<void> => {
    while (!shutdown.aborted)
      try {
        await turn();
      } catch (error) {
        log.error('the worker failed and starts again', { error });
        await pause(RESTART_PAUSE_MS, shutdown);
      }
  };
  return {
    status: () =>
      session === undefined ? { role: 'standby' } : { role: 'active', ...session.status() },
    done: run(),
  };
}
