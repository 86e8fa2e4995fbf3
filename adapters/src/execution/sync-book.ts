import { riskStateDoc, type BookDoc } from '@tradewind/contracts/documents/book';
import {
  intentDoc,
  orderDoc,
  signalDoc,
  type IntentDoc,
  type OrderDoc,
} from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { applyReport } from '@tradewind/core/order/apply-report';
import type { OrderReport } from '@tradewind/core/order/order';
import { ok } from '@tradewind/core/lib/result';
import { LOST_AFTER_MS, planSync, type SyncAction } from '@tradewind/core/order/reconcile';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { Venue } from '../venue/venue.ts';
import { alertStrangers } from './alert-strangers.ts';
import { tendBreakers } from './breaker-duties.ts';
import { cancelAtVenue } from './cancel-at-venue.ts';
import { endUnsent } from './claim-intent.ts';
import { pendingSignals, workingIntents, workingOrders } from './ledger-queries.ts';
import type { ExecutionPorts } from './ports.ts';
import { protectAfter } from './protect-position.ts';
import { isEntry } from './records.ts';
import { recordReport } from './record-report.ts';
import { runGate } from './run-gate.ts';
import { lookupFailure, resultFailure, withRetries } from './venue-calls.ts';

/** What one pass over one book came to. */
export type BookSync = {
  readonly bookId: string;
  readonly lookedUp: number;
  /** Orders that the venue knew better. */
  readonly repaired: number;
  readonly enqueued: number;
  /** What failed; everything else was still done. */
  readonly failures: readonly Error[];
  /** Every order that has not ended was compared, and none is unclear. */
  readonly clean: boolean;
};

/** EXE-13: an entry that rests longer is cancelled. */
const ENTRY_RESTS_MS = 30_000;

const NOTHING = { lookedUp: 0, repaired: 0, enqueued: 0, failures: [], clean: true } as const;

type Pass = {
  readonly ports: ExecutionPorts;
  readonly book: BookDoc;
  readonly venue: Venue;
  readonly intents: ReadonlyMap<string, IntentDoc>;
  readonly orders: ReadonlyMap<string, OrderDoc>;
  /** Open orders of the account by client order id. */
  readonly listed: ReadonlyMap<string, OrderReport>;
  /** Entries may not stay at the venue now. */
  readonly stopped: boolean;
};

type Done = 'lookedUp' | 'repaired' | 'enqueued' | 'unclear' | 'nothing';

/** Compares the orders of one book with the venue and repairs what differs. */
export async function syncBook(ports: ExecutionPorts, book: BookDoc): Promise<BookSync> {
  const { bookId } = book;
  const { store, clock } = ports;
  await wakeGate(ports, bookId);
  const [intents, orders, risk] = await Promise.all([
    store.query(workingIntents(store, bookId), intentDoc),
    store.query(workingOrders(store, bookId), orderDoc),
    store.get(paths.riskState(bookId), riskStateDoc),
  ]);
  const isIdle = intents.length === 0 && orders.length === 0 && book.status !== 'RUNNING';
  if (isIdle) return { ...NOTHING, bookId };

  const venue = await ports.venueOf(book);
  await tendBreakers(ports, { venue, book });
  const listing = await withRetries(ports, () => venue.openOrders(), resultFailure);
  const reports = listing.ok ? listing.value : [];
  await alertStrangers(ports, book, reports);
  const pass: Pass = {
    ports,
    book,
    venue,
    intents: new Map(intents.map((intent) => [intent.intentId, intent])),
    orders: new Map(orders.map((order) => [order.orderId, order])),
    listed: new Map(reports.map((report) => [report.clientOrderId, report])),
    stopped: risk?.emergencyStop === true,
  };
  const plan = planSync({
    intents,
    orders,
    wallNow: clock.wallNow(),
    marketNow: clock.marketNow(),
    lostAfterMs: lostAfterMs(ports),
  });
  if (listing.ok) return perform(pass, plan);
  // A venue that does not answer is not asked order by order; what needs no answer is still done.
  const { code, message } = listing.error;
  const failure = new Error(`${code}: open orders could not be read: ${message}`);
  const done = await perform(
    pass,
    plan.filter(({ kind }) => kind !== 'lookup'),
  );
  return { ...done, failures: [failure, ...done.failures], clean: false };
}

async function perform(pass: Pass, plan: readonly SyncAction[]): Promise<BookSync> {
  const count: Record<Done, number> = {
    lookedUp: 0,
    repaired: 0,
    enqueued: 0,
    unclear: 0,
    nothing: 0,
  };
  const failures: Error[] = [];
  for (const action of plan) {
    try {
      count[await act(pass, action)] += 1;
    } catch (error) {
      failures.push(error instanceof Error ? error : new Error(String(error)));
    }
  }
  const { lookedUp, repaired, enqueued, unclear } = count;
  const clean = failures.length === 0 && unclear === 0 && enqueued === 0;
  return {
    bookId: pass.book.bookId,
    lookedUp: lookedUp + repaired,
    repaired,
    enqueued,
    failures,
    clean,
  };
}

const lostAfterMs = ({ settings }: ExecutionPorts): number => settings.lostAfterMs ?? LOST_AFTER_MS;

/** A signal whose trigger was lost is decided now. */
async function wakeGate(ports: ExecutionPorts, bookId: string): Promise<void> {
  const waiting = await ports.store.queryEach(pendingSignals(ports.store, bookId, 100), signalDoc);
  const due = ports.clock.wallNow() - lostAfterMs(ports);
  if (waiting.some((found) => !found.ok || found.value.createdAt < due))
    await runGate(ports, bookId);
}

async function act(pass: Pass, action: SyncAction): Promise<Done> {
  switch (action.kind) {
    case 'lookup':
      return lookUp(pass, action.orderId);
    case 'enqueueIntent':
    case 'markUnknown':
      return enqueue(pass, action.intentId);
    case 'expireIntent':
      return expire(pass, action.intentId);
    case 'alertStuck':
      return alertOrder(pass, action.orderId, {
        rule: 'stuckOrder',
        severity: 'WARNING',
        words: `has not changed for ${seconds(action.ageMs)} s`,
      });
    case 'alertUnknown':
      return alertOrder(pass, action.orderId, {
        rule: 'order_unknown',
        severity: action.severity,
        words: `has been unclear for ${seconds(action.ageMs)} s; if the venue does not show it, a person has to decide`,
      });
  }
}

const seconds = (ms: number): number => Math.round(ms / 1_000);

async function lookUp(pass: Pass, orderId: string): Promise<Done> {
  const { ports, venue, book } = pass;
  const order = pass.orders.get(orderId);
  if (order === undefined) return 'nothing';
  const listed = pass.listed.get(orderId);
  const lookup =
    listed === undefined
      ? await withRetries(ports, () => venue.lookup(order.symbol, orderId), lookupFailure)
      : ({ kind: 'found', report: listed } as const);
  switch (lookup.kind) {
    case 'failed':
      throw new Error(`${lookup.error.code}: order ${orderId}: ${lookup.error.message}`);
    case 'absent':
      return judgeAbsent(pass, order);
    case 'found': {
      const at = ports.clock.wallNow();
      const { report } = lookup;
      const input = { bookId: book.bookId, orderId, report, fills: [], venue, at };
      const recorded = isKnown(order, report) ? ok({ order }) : await recordReport(ports, input);
      if (!recorded.ok) return 'unclear';
      const next = await cancelOverdue(pass, recorded.value.order);
      await protectAfter(ports, { before: order, after: next });
      return recorded.value.order.version > order.version ? 'repaired' : 'lookedUp';
    }
  }
}

/** Orders that rest, stops above all, say the same in every pass: nothing is read to book that. */
function isKnown(order: OrderDoc, report: OrderReport): boolean {
  const after = applyReport(order, report);
  return after.ok && after.value === order;
}

/**
 * The venue does not show an order that may have been sent: whoever executes intents proves it. One
 * that the venue once acknowledged cannot vanish: that is for a person.
 */
function judgeAbsent(pass: Pass, order: OrderDoc): Promise<Done> {
  if (order.venueOrderId !== null)
    return alertOrder(pass, order.orderId, {
      rule: 'order_vanished',
      severity: 'CRITICAL',
      words: 'was acknowledged by the venue, which now does not know it',
    });
  return enqueue(pass, order.intentId);
}

async function enqueue({ ports, book, intents }: Pass, intentId: string): Promise<Done> {
  const now = ports.clock.wallNow();
  const claimedUntil = intents.get(intentId)?.claimedUntil ?? null;
  // Somebody is looking after it right now.
  if (claimedUntil !== null && claimedUntil > now) return 'unclear';
  await ports.queue.enqueue(
    'executeIntent',
    { bookId: book.bookId, intentId },
    // Another id in each pass: the platform remembers ids of tasks that have run.
    { id: `${intentId}-s${Math.floor(now / lostAfterMs(ports))}` },
  );
  return 'enqueued';
}

/** Ends an entry that nobody claimed in time. */
function expire({ ports, book }: Pass, intentId: string): Promise<Done> {
  return ports.store.transact<Done>(async (tx) => {
    const intent = await tx.get(paths.intent(book.bookId, intentId), intentDoc);
    if (intent?.status !== 'APPROVED' && intent?.status !== 'QUEUED') return 'nothing';
    const order = await tx.get(paths.order(book.bookId, intent.orderId), orderDoc);
    await endUnsent(ports, tx, { intent, order, reason: 'expired before it was sent' });
    return 'nothing';
  });
}

/**
 * Cancels entries that rest too long (EXE-13) or that the emergency stop should have met, and what somebody
 * began to cancel and did not come to an end with. The order as it is then.
 */
async function cancelOverdue(pass: Pass, order: OrderDoc): Promise<OrderDoc> {
  const { ports, venue } = pass;
  if (order.status !== 'CANCELLING' && !isOverdue(pass, order)) return order;
  const cancelled = await cancelAtVenue(ports, venue, order);
  return cancelled.kind === 'recorded' ? cancelled.order : order;
}

function isOverdue({ ports, stopped }: Pass, order: OrderDoc): boolean {
  const { status, marks, updatedAt } = order;
  if (!isEntry(order) || (status !== 'ACKNOWLEDGED' && status !== 'PARTIAL')) return false;
  return stopped || ports.clock.wallNow() - (marks.ackAt ?? updatedAt) > ENTRY_RESTS_MS;
}

async function alertOrder(
  { ports, book, orders }: Pass,
  orderId: string,
  alert: {
    readonly rule: string;
    readonly severity: 'WARNING' | 'CRITICAL';
    readonly words: string;
  },
): Promise<Done> {
  const order = orders.get(orderId);
  await raiseAlert(ports.store, {
    rule: alert.rule,
    severity: alert.severity,
    message: `Order ${orderId} (${order?.side ?? ''} ${order?.symbol ?? ''}) ${alert.words}.`,
    details: { orderId, status: order?.status ?? 'unknown' },
    bookId: book.bookId,
    symbol: order?.symbol ?? null,
    label: orderId,
    now: ports.clock.wallNow(),
  });
  return 'unclear';
}
