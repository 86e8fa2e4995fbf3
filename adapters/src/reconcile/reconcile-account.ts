import type { BookDoc, PositionDoc } from '@tradewind/contracts/documents/book';
import type { ReconciliationDoc } from '@tradewind/contracts/documents/reconciliation';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Qty } from '@tradewind/core/lib/units';
import { compare, type Comparison } from '@tradewind/core/order/reconcile/diff';
import type { Discrepancy } from '@tradewind/core/order/reconcile/discrepancy';
import { differing, linesOf, type Line } from '@tradewind/core/order/reconcile/lines';
import type { VenueSnapshot } from '@tradewind/core/order/reconcile/snapshot';
import { EXTERNAL } from '@tradewind/core/portfolio/external';
import type { ExecutionPorts } from '../execution/ports.ts';
import { withLease } from '../ledger/lease.ts';
import type { AccountOrder, Venue } from '../venue/venue.ts';
import { homeOf, readAccounts, type Account } from './accounts.ts';
import { unmark } from './amend.ts';
import { carryOut, type Tally } from './carry-out.ts';
import { recordHealth } from './health.ts';
import { lookAtLedger, type LedgerLook } from './ledger-look.ts';
import { isOf, openRecords, resolveGone, sightingsOf } from './records.ts';
import { readCarefully, readFills, readHoldings } from './venue-look.ts';

/** What one comparison of an account came to (EXE-54). */
export type AccountPass = Omit<Tally, 'ignored'> & {
  readonly bookIds: readonly string[];
  /** Differences that were found. */
  readonly mismatches: number;
  /** Critical ones that are still open. */
  readonly criticals: number;
  readonly durationMs: number;
  /** Everything was read, and nothing differs. */
  readonly clean: boolean;
};

export type PassOptions = {
  /** Compares figures, documents and orders too, which needs more reads; without it quantities alone. */
  readonly full?: boolean;
};

/** Long enough for a pass with retries; it ends by itself should its holder vanish. */
const LEASE_MS = 60_000;

/**
 * Holdings that this desk can neither trade nor value, by line and quantity, so that they do not cost a careful look
 * each time. Forgotten when the process ends: they are then looked at once more.
 */
const ignored = new Map<string, Qty>();

const isIgnored = (home: BookDoc, { key, venue, local }: Line): boolean =>
  local === 0n && ignored.get(`${home.bookId}/${key}`) === venue;

/**
 * Compares every account with the ledger and puts right what differs (05, section 11). One process at a time does it
 * for an account; where another is at it, that account is left out.
 *
 * One account's failure does not keep the others from being compared; it is in `failures` and in the books' health.
 */
export async function reconcileAccounts(
  ports: ExecutionPorts,
  options: PassOptions = {},
): Promise<readonly AccountPass[]> {
  const { accounts, failures } = await readAccounts(ports);
  for (const { book, error } of failures)
    if (book.status === 'RUNNING')
      await recordHealth(ports, book.bookId, { kind: 'failed', cause: error.message });
  const passes: AccountPass[] = [];
  for (const account of accounts) {
    const pass = await reconcileAccount(ports, account, options);
    if (pass !== null) passes.push(pass);
  }
  return passes;
}

/**
 * One account; `null` where another process is at it, or nothing is traded on it. The lease is for what changes
 * something: a look that finds nothing needs none.
 */
export async function reconcileAccount(
  ports: ExecutionPorts,
  account: Account,
  options: PassOptions = {},
): Promise<AccountPass | null> {
  const { clock, log } = ports;
  const startedAt = clock.wallNow();
  const bookIds = account.books.map(({ bookId }) => bookId);
  const outcome = await comparePass(ports, account, options).catch((error: unknown) =>
    failed(error instanceof Error ? error : new Error(String(error))),
  );
  if (outcome === null) return null;
  const pass = { ...outcome, bookIds, durationMs: clock.wallNow() - startedAt };
  await tellHealth(ports, account, pass);
  if (pass.mismatches > 0 || pass.failures.length > 0) log.info('positions.synced', { ...pass });
  return pass;
}

type Outcome = Omit<AccountPass, 'bookIds' | 'durationMs'> & { readonly openCriticals: Counts };
type Counts = ReadonlyMap<string, number>;

const NOTHING = { opened: 0, closed: 0, updated: 0, mismatches: 0, criticals: 0 } as const;

const failed = (error: Error): Outcome => ({
  ...NOTHING,
  failures: [error],
  clean: false,
  openCriticals: new Map(),
});

async function tellHealth(
  ports: ExecutionPorts,
  { books }: Account,
  { failures, openCriticals }: Outcome,
): Promise<void> {
  const [failure] = failures;
  for (const { bookId, status } of books)
    if (failure !== undefined && status === 'RUNNING')
      await recordHealth(ports, bookId, { kind: 'failed', cause: failure.message });
    else if (failure === undefined)
      await recordHealth(ports, bookId, {
        kind: 'compared',
        criticals: openCriticals.get(bookId) ?? 0,
      });
}

const isIdle = (account: Account, look: LedgerLook): boolean =>
  account.books.every(({ status }) => status !== 'RUNNING') &&
  look.positions.length === 0 &&
  look.orders.length === 0;

async function comparePass(
  ports: ExecutionPorts,
  account: Account,
  { full = false }: PassOptions,
): Promise<Outcome | null> {
  const before = await lookAtLedger(ports.store, account);
  if (isIdle(account, before)) return null;
  const records = (
    await Promise.all(account.books.map(({ bookId }) => openRecords(ports.store, bookId)))
  ).flat();
  const quotes = new Set(account.books.map(({ quote }) => quote));
  const holdings = await readHoldings(ports, account);
  if (!holdings.ok) return failed(new Error(`${holdings.error.code}: ${holdings.error.message}`));
  const suspects = differing(linesOf(before.snapshot, holdings.value, { quotes })).filter(
    (line) => !isIgnored(homeOf(account), line),
  );
  const needsCare = full || suspects.length > 0 || records.some(({ type }) => type !== 'BALANCE');
  if (!needsCare) return { ...NOTHING, failures: [], clean: true, openCriticals: new Map() };
  const { store, clock, actor } = ports;
  const lease = { name: `reconcile-${homeOf(account).bookId}`, owner: actor, ms: LEASE_MS, clock };
  const result = await withLease(store, lease, () =>
    compareCarefully(ports, account, { before, quotes, records, full }),
  );
  return result.held ? result.value : null;
}

async function compareCarefully(
  ports: ExecutionPorts,
  account: Account,
  {
    before,
    quotes,
    records,
    full,
  }: {
    readonly full: boolean;
    readonly before: LedgerLook;
    readonly quotes: ReadonlySet<string>;
    readonly records: readonly ReconciliationDoc[];
  },
): Promise<Outcome> {
  const { store } = ports;
  const read = await readCarefully(ports, account);
  if (!read.ok) return failed(new Error(`${read.error.code}: ${read.error.message}`));
  const after = await lookAtLedger(store, account);
  const lines = differing(linesOf(after.snapshot, read.value, { quotes }));
  const fills = await readFills(ports, account, { lines, look: after });
  if (!fills.ok) return failed(new Error(`${fills.error.code}: ${fills.error.message}`));
  const venue: VenueSnapshot = { ...read.value, fills: fills.value };
  const home = homeOf(account);
  const compared = compare({
    before: before.snapshot,
    after: after.snapshot,
    venue,
    quotes,
    sightings: sightingsOf(records),
    stops: full
      ? stopsOf({ venue: account.venue, now: read.value.at }, after, read.value.orders)
      : null,
  });
  const skip = new Set(lines.filter((line) => isIgnored(home, line)).map(({ key }) => key));
  const found = compared.found.filter(({ key }) => !skip.has(key));
  const tally = await carryOut(ports, account, { found, look: after });
  for (const key of tally.ignored) {
    const line = lines.find((each) => each.key === key);
    if (line !== undefined) ignored.set(`${home.bookId}/${key}`, line.venue);
  }
  await closeRecords(ports, { records, found, judged: compared.judged });
  const open = (
    await Promise.all(account.books.map(({ bookId }) => openRecords(store, bookId)))
  ).flat();
  const criticals = open.filter(({ severity }) => severity === 'CRITICAL');
  const openCriticals = new Map<string, number>();
  for (const { bookId } of criticals)
    openCriticals.set(bookId, (openCriticals.get(bookId) ?? 0) + 1);
  return {
    opened: tally.opened,
    closed: tally.closed,
    updated: tally.updated,
    mismatches: found.length,
    criticals: criticals.length,
    failures: tally.failures,
    clean: found.length === 0 && tally.failures.length === 0,
    openCriticals,
  };
}

/** Wall milliseconds that whoever opened a position is given to protect it, before it is found without (PF-49). */
const PROTECTED_WITHIN_MS = 10_000;

/** Stops that rest at the venue, and positions that should have one there and have not (D12, D13). */
function stopsOf(
  { venue, now }: { readonly venue: Venue; readonly now: EpochMs },
  { positions, orders }: LedgerLook,
  listed: readonly AccountOrder[],
): Comparison['stops'] {
  if (!venue.capabilities.stopOrders) return null;
  const open = new Set(listed.map(({ clientOrderId }) => clientOrderId));
  const isDue = ({ updatedAt, closeIntentId, status, stop }: PositionDoc) =>
    closeIntentId === null &&
    status === 'OPEN' &&
    updatedAt + PROTECTED_WITHIN_MS < now &&
    !(stop.venueStopOrderId !== null && open.has(stop.venueStopOrderId));
  return {
    resting: orders.filter(({ type, orderId }) => type === 'STOP' && open.has(orderId)),
    unprotected: positions.filter((it) => it.strategyId !== EXTERNAL && isDue(it)),
  };
}

/** Ends records of lines that were judged now and no longer differ as they did. */
async function closeRecords(
  ports: ExecutionPorts,
  {
    records,
    found,
    judged,
  }: {
    readonly records: readonly ReconciliationDoc[];
    readonly found: readonly Discrepancy[];
    readonly judged: ReadonlySet<string>;
  },
): Promise<void> {
  const now = ports.clock.wallNow();
  for (const record of records) {
    const { key, type, bookId, positionId } = record;
    const isFigure = !judged.has(key) && !key.startsWith('position/') && !key.startsWith('order/');
    if (type === 'BALANCE' || isFigure) continue;
    if (found.some((other) => isOf(record, other))) continue;
    const outcome = 'it is gone, or differs otherwise';
    await resolveGone(ports.store, record, { outcome, now });
    if (type === 'D6' && positionId !== null && !found.some((other) => other.key === key))
      await unmark(ports, { bookId, positionId });
  }
}
