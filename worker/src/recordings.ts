import { finishSession, isDue } from '@tradewind/adapters/archive/finish-session';
import { raiseAlert } from '@tradewind/adapters/alerts/raise-alert';
import type { DataSessionDoc } from '@tradewind/contracts/documents/market';
import type { WorkerPorts } from './ports.ts';

/** Trades of the last moments are on their way, and so are other shards' files. */
const GRACE_MS = 5_000;
const SHARED_GRACE_MS = 90_000;
/** Pause after a report that failed. */
const RETRY_MS = 30_000;

/** Ends recordings whose time is over, and completes their reports (MD-91). One shard does it for all. */
export function createRecordings(ports: WorkerPorts, sessions: () => readonly DataSessionDoc[]) {
  const { store, clock, log, archive, shards } = ports;
  const graceMs = shards.count > 1 ? SHARED_GRACE_MS : GRACE_MS;
  const dueSince = new Map<string, number>();
  const warned = new Set<string>();
  let finishing = false;
  let retryAt = 0;

  const warn = async ({ sessionId, name }: DataSessionDoc): Promise<void> => {
    if (warned.has(sessionId)) return;
    warned.add(sessionId);
    await raiseAlert(store, {
      rule: 'recording_without_archive',
      severity: 'WARNING',
      message: `${name} cannot be recorded: this worker has no archive. Set TRADEWIND_ARCHIVE and start it again.`,
      details: { sessionId },
      bookId: null,
      symbol: null,
      label: sessionId,
      now: clock.wallNow(),
    });
  };
  const finish = async (session: DataSessionDoc): Promise<void> => {
    if (archive === null) return;
    const now = { wallNow: clock.wallNow(), marketNow: clock.marketNow() };
    const { status, name } = await finishSession({ store, archive }, session, now);
    dueSince.delete(session.sessionId);
    log.info('a recording has ended', { name, status });
  };
  const look = async (): Promise<void> => {
    const now = clock.wallNow();
    for (const session of sessions()) {
      if (archive === null) await warn(session);
      if (archive === null || !isDue(session, clock.marketNow())) continue;
      const since = dueSince.get(session.sessionId) ?? now;
      dueSince.set(session.sessionId, since);
      if (now - since >= graceMs) await finish(session);
    }
  };
  return {
    /** Called once a second. */
    tick: (): void => {
      if (finishing || clock.wallNow() < retryAt) return;
      finishing = true;
      look()
        .catch((error: unknown) => {
          retryAt = clock.wallNow() + RETRY_MS;
          log.warn('a recording could not be finished yet', { error });
        })
        .finally(() => {
          finishing = false;
        });
    },
  };
}
