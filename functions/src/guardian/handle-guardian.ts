import { raiseAlert, resolveAlert } from '@tradewind/adapters/alerts/raise-alert';
import { guardBook, type Guarded } from '@tradewind/adapters/execution/guard-book';
import { urgentVenue, type ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { reduceOnly } from '@tradewind/adapters/execution/reduce-only';
import { bookDoc, type BookDoc } from '@tradewind/contracts/documents/book';
import { heartbeatDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';

/** Three times the cadence, wall clock (ARC-40). */
const MAX_AGE_MS = 180_000;

/** The same desk, through an account that can open nothing. */
const guarded = (ports: ExecutionPorts): ExecutionPorts => {
  const venueOf = async (book: BookDoc) => reduceOnly(await urgentVenue(ports, book));
  return { ...ports, venueOf, urgentVenueOf: venueOf };
};

/** Tells once that a part of the desk has fallen silent while positions are open, and once that it is back. */
async function watchBeats({ store, clock }: ExecutionPorts, positions: number): Promise<void> {
  const beats = await store.query(store.firestore.collection(paths.heartbeats), heartbeatDoc);
  const now = clock.wallNow();
  for (const { component, status, beatAt, maxAgeMs } of beats) {
    if (component !== 'cycle' && !component.startsWith('worker')) continue;
    const key = { rule: 'heartbeat_lost', bookId: null, symbol: null, label: component, now };
    const isSilent = status !== 'STOPPED' && now - beatAt > maxAgeMs;
    if (!isSilent) await resolveAlert(store, key);
    else if (positions > 0)
      await raiseAlert(store, {
        ...key,
        severity: 'CRITICAL',
        message: `${component} has not been heard of for ${Math.round((now - beatAt) / 1_000)} s while ${positions} positions are open. Their stops rest at the venue. Start it again.`,
        details: { component, status },
      });
  }
}

async function tell({ store, clock, log }: ExecutionPorts, book: BookDoc, found: Guarded) {
  const { failures, ...counts } = found;
  const { bookId, name } = book;
  const key = { rule: 'guardian_failed', bookId, symbol: null, now: clock.wallNow() };
  log.info('guardian', { bookId, ...counts, failures: failures.length });
  if (failures.length === 0) await resolveAlert(store, key);
  else
    await raiseAlert(store, {
      ...key,
      severity: 'CRITICAL',
      message: `The protection of ${name} could not be verified: ${failures.map(({ message }) => message).join('; ')}`,
      details: {},
    });
}

/**
 * One look of the guardian at the whole desk: every open position of every book has its stop at the venue, and cycle
 * and worker are alive. What is not so is repaired and told.
 *
 * @param startedAt - when this process began, wall clock.
 */
export async function handleGuardian(ports: ExecutionPorts, startedAt: EpochMs): Promise<void> {
  const { store, clock } = ports;
  const safe = guarded(ports);
  const books = await store.query(store.firestore.collection(paths.books), bookDoc);
  let positions = 0;
  for (const book of books) {
    const found = await guardBook(safe, book);
    positions += found.positions;
    await tell(ports, book, found);
  }
  await watchBeats(ports, positions);
  await store.set(paths.heartbeat('guardian'), heartbeatDoc, {
    component: 'guardian',
    status: 'LIVE',
    detail: `${positions} open positions in ${books.length} books`,
    startedAt,
    beatAt: clock.wallNow(),
    maxAgeMs: MAX_AGE_MS,
    version: process.env['K_REVISION'] ?? 'local',
  });
}
