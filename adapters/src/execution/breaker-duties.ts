import { accountName, bookMarket, type BookDoc } from '@tradewind/contracts/documents/book';
import { breakerDoc, type BreakerDoc } from '@tradewind/contracts/documents/breaker';
import { marketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { seconds } from '@tradewind/core/lib/time';
import { BREAKER, stepBreaker } from '@tradewind/core/risk/breaker';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { BreakerChange } from '../resilience/breaker-store.ts';
import type { Venue } from '../venue/venue.ts';
import type { ExecutionPorts } from './ports.ts';

type DutyPorts = Pick<ExecutionPorts, 'store' | 'queue' | 'clock' | 'log' | 'settings'>;

/** An id that no order ever has: its cancellation asks the trading service whether it is there, and nothing else. */
const PROBE_ID = 'tw-breaker-probe';

/**
 * What follows from a change at once: a breaker that closes has the book compared with the venue now and
 * not within half a minute (RSK-89); one that only a person can close pages somebody.
 */
export async function onBreakerChange(
  {
    store,
    queue,
    clock,
  }: Pick<DutyPorts, 'store' | 'queue'> & {
    readonly clock: Pick<DutyPorts['clock'], 'wallNow'>;
  },
  { after }: BreakerChange,
): Promise<void> {
  const now = clock.wallNow();
  if (after.status === 'CLOSED')
    await queue.enqueue(
      'syncOrdersAgain',
      { scheduledAt: now },
      { id: `breaker-${after.name}-${after.changedAt}` },
    );
  if (after.status === 'OPEN' && after.probeAt === null)
    await raiseAlert(store, {
      rule: 'venue_stopped',
      severity: 'CRITICAL',
      message: `${after.venue} refuses our key (${after.lastError ?? 'unknown'}). Nothing is sent there until the key is mended and safety is reset.`,
      details: { breaker: after.name, code: after.lastError ?? 'unknown' },
      bookId: null,
      symbol: null,
      label: after.venue,
      now,
    });
}

/** Breakers of a venue's function groups; a halted symbol's is nobody's outage. */
async function groupBreakers({ store }: DutyPorts, venue: string): Promise<readonly BreakerDoc[]> {
  const all = await store.query(
    store.firestore.collection(paths.breakers).where('venue', '==', venue),
    breakerDoc,
  );
  return all.filter(({ group }) => !group.startsWith('symbol-'));
}

/**
 * Looks after a venue's breakers, once in each pass of order sync: an outage longer than a minute is told
 * once, and a trading service that nobody calls any more is asked whether it is back.
 *
 * @returns false when one of them was not closed as the pass began.
 */
export async function tendBreakers(
  ports: DutyPorts,
  { venue, book }: { readonly venue: Venue; readonly book: BookDoc },
): Promise<boolean> {
  const breakers = await groupBreakers(ports, accountName(book));
  const away = breakers.filter(({ status }) => status !== 'CLOSED');
  await tellOutage(ports, away);
  const isAway = (wanted: string): boolean => away.some(({ group }) => group === wanted);
  if (isAway('account')) await probe(async () => (await venue.openOrders()).ok);
  if (isAway('trading')) {
    const [market] = await ports.store.query(
      ports.store.firestore
        .collection(paths.markets)
        .where('venue', '==', book.venue)
        .where('market', '==', bookMarket(book))
        .limit(1),
      marketDoc,
    );
    if (market !== undefined)
      await probe(async () => (await venue.cancel(market.symbol, PROBE_ID)).kind !== 'failed');
  }
  return away.length === 0;
}

/** Asks until the breaker has its successes or the venue fails; its guard lets it pass when a probe is due. */
async function probe(ask: () => Promise<boolean>): Promise<void> {
  for (let count = 0; count < BREAKER.successes; count += 1) if (!(await ask())) return;
}

/** Tells people of breakers that have been open for a minute: once for an outage, which usually takes all groups along. */
async function tellOutage(ports: DutyPorts, away: readonly BreakerDoc[]): Promise<void> {
  let isTold = away.some(({ alertedAt }) => alertedAt !== null);
  for (const breaker of away) {
    if (!(await isOursToTell(ports, breaker))) continue;
    if (!isTold) await raiseOutage(ports, breaker);
    isTold = true;
  }
}

/** Notes on a breaker that its opening is told; false where that is not due, or somebody else did. */
async function isOursToTell(
  { store, clock, settings }: DutyPorts,
  known: BreakerDoc,
): Promise<boolean> {
  const now = clock.wallNow();
  const afterMs = settings.breakerOpenMs ?? BREAKER.openMs;
  if (known.alertedAt !== null || known.openedAt === null || now - known.openedAt < afterMs)
    return false;
  return store.transact(async (tx) => {
    const path = paths.breaker(known.name);
    const breaker = await tx.get(path, breakerDoc);
    if (breaker?.openedAt !== known.openedAt || breaker.alertedAt !== null) return false;
    tx.set(path, breakerDoc, { ...breaker, alertedAt: now });
    return true;
  });
}

async function raiseOutage({ store, clock }: DutyPorts, known: BreakerDoc): Promise<void> {
  const now = clock.wallNow();
  const age = Math.round((now - (known.openedAt ?? now)) / seconds(1));
  await raiseAlert(store, {
    rule: 'breaker_open',
    severity: 'CRITICAL',
    message: `${known.venue} (${known.group}) has not been reachable for ${age} s: ${known.lastError ?? 'unknown'}. Entries are blocked, exits wait in the queue; it goes on by itself when the venue is back.`,
    details: { breaker: known.name, failures: String(known.failures) },
    bookId: null,
    symbol: null,
    label: known.venue,
    now,
  });
}

/** Lets entries in again, after every book of the venue was compared with it (RSK-89). */
export async function resumeVenue(ports: DutyPorts, venue: string): Promise<void> {
  const { store, log } = ports;
  for (const { name, recoveringSince } of await groupBreakers(ports, venue)) {
    if (recoveringSince === null) continue;
    await store.transact(async (tx) => {
      const breaker = await tx.get(paths.breaker(name), breakerDoc);
      if (breaker?.recoveringSince !== recoveringSince || breaker.status !== 'CLOSED') return;
      tx.set(paths.breaker(name), breakerDoc, { ...breaker, recoveringSince: null });
    });
    log.info('orders are compared: entries may go again', { breaker: name });
  }
}

/**
 * A person says that what stopped the venues is mended: their open breakers may probe at once.
 *
 * @returns how many there were.
 */
export async function resetBreakers(
  ports: DutyPorts,
  venues: ReadonlySet<string>,
): Promise<number> {
  const { store, clock } = ports;
  let tried = 0;
  for (const venue of venues)
    for (const { name } of await groupBreakers(ports, venue))
      tried += await store.transact(async (tx) => {
        const breaker = await tx.get(paths.breaker(name), breakerDoc);
        if (breaker === undefined) return 0;
        const next = stepBreaker(breaker, { kind: 'reset' }, { now: clock.wallNow() });
        if (next === breaker) return 0;
        tx.set(paths.breaker(name), breakerDoc, { ...breaker, ...next });
        return 1;
      });
  return tried;
}
