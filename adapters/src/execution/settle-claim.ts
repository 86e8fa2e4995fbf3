import { positionDoc, riskStateDoc } from '@tradewind/contracts/documents/book';
import { intentDoc, orderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { clientOrderIdOf } from '@tradewind/core/lib/ids';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Qty } from '@tradewind/core/lib/units';
import type { IntentStatus } from '@tradewind/core/order/intent';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { StoreTx } from '../ledger/store.ts';
import type { VenueError } from '../venue/venue.ts';
import { claimEnd, type Claim } from './claim-intent.ts';
import { queuedAgain, writeQueued } from './order-queue.ts';
import type { ExecutionPorts } from './ports.ts';
import { advanceIntent, advanceOrder, isEntry, isStop, stepsToUnknown } from './records.ts';
import { without } from './release-position.ts';
import { countFailure, tellNews } from './trader-news.ts';

/** Why an order came to nothing. */
export type Failure = Pick<VenueError, 'code' | 'message'>;

/** Steps of an intent on its way to an end, whatever it is now. */
const TO_FAILED: Readonly<Partial<Record<IntentStatus, readonly IntentStatus[]>>> = {
  CLAIMED: ['FAILED'],
  SENT: ['FAILED'],
  UNKNOWN: ['FAILED'],
};

/** How an order ends that never was at the venue. */
type Ending = {
  readonly status: 'REJECTED' | 'NOT_SENT';
  readonly error: Failure;
  /** Without an alert: for what is as it should be, or is told by somebody else. */
  readonly quiet?: boolean;
};

/**
 * Ends an order that is not and never will be at the venue, its intent, and the lock of the position
 * it was to close; then raises an alert. Does nothing when the claim has passed to somebody else.
 */
export async function failOrder(
  ports: ExecutionPorts,
  claim: Claim,
  { status, error, quiet = false }: Ending,
): Promise<boolean> {
  const now = ports.clock.wallNow();
  const { bookId, intentId, orderId, positionId, strategyId } = claim.intent;
  const done = await ports.store.transact(async (tx) => {
    const path = positionId === null ? null : paths.position(bookId, positionId);
    const [intent, order, position, risk] = await Promise.all([
      tx.get(paths.intent(bookId, intentId), intentDoc),
      tx.get(paths.order(bookId, orderId), orderDoc),
      path === null ? undefined : tx.get(path, positionDoc),
      tx.get(paths.riskState(bookId), riskStateDoc),
    ]);
    const steps = intent === undefined ? undefined : TO_FAILED[intent.status];
    if (intent?.claimedBy !== claim.holder || order === undefined || steps === undefined)
      return null;
    const at = ports.clock.marketNow();
    const counted = quiet ? null : countFailure(risk, { strategyId, code: error.code, at });
    if (counted !== null) tx.set(paths.riskState(bookId), riskStateDoc, counted.risk);
    const failure = `${error.code}: ${error.message}`;
    writeQueued(tx, intent, { status: 'FAILED', now });
    const ended = { now, failure, claimedBy: null, claimedUntil: null };
    const failed = advanceIntent(intent, steps, ended);
    tx.set(paths.intent(bookId, intentId), intentDoc, failed);
    tx.set(
      paths.order(bookId, orderId),
      orderDoc,
      advanceOrder(unsent(order, status, now), status, {
        now,
        rejectionReason: error.message,
        errorCode: error.code,
        marks: { ...order.marks, doneAt: now },
      }),
    );
    const released =
      position === undefined ? undefined : without(position, { intentId, orderId }, now);
    if (path !== null && released !== undefined) tx.set(path, positionDoc, released);
    return counted?.told ?? [];
  });
  if (done !== null) await tellNews(ports, bookId, done);
  if (done !== null && !quiet) await tellFailure(ports, claim, { status, error });
  return done !== null;
}

async function tellFailure(
  { store, clock }: ExecutionPorts,
  { intent }: Claim,
  { status, error }: Ending,
): Promise<void> {
  const { bookId, orderId, symbol, side, strategyId, reduceOnly } = intent;
  await raiseAlert(store, {
    rule: status === 'REJECTED' ? 'order_rejected' : 'order_not_sent',
    severity: reduceOnly ? 'CRITICAL' : 'WARNING',
    message: `${side} ${symbol} came to nothing: ${error.message}`,
    details: { orderId, code: error.code, strategyId },
    bookId,
    symbol,
    label: orderId,
    now: clock.wallNow(),
  });
}

/** What was about to be sent and was not could have been sent, for all that the ledger knew: UNKNOWN comes between. */
const unsent = (order: Claim['order'], status: 'REJECTED' | 'NOT_SENT', now: EpochMs) =>
  status === 'NOT_SENT' && order.status === 'SUBMITTED'
    ? advanceOrder(order, 'UNKNOWN', { now })
    : order;

/** Runs `body` in a transaction while the claim is ours. False when it is not: stop acting on it. */
function whileOurs(
  ports: ExecutionPorts,
  claim: Claim,
  body: (
    docs: { readonly intent: Claim['intent']; readonly order: Claim['order'] },
    tx: StoreTx,
  ) => Claim | undefined | Promise<Claim | undefined>,
): Promise<Claim | undefined> {
  const { bookId, intentId, orderId } = claim.intent;
  return ports.store.transact(async (tx) => {
    const [intent, order] = await Promise.all([
      tx.get(paths.intent(bookId, intentId), intentDoc),
      tx.get(paths.order(bookId, orderId), orderDoc),
    ]);
    if (intent?.claimedBy !== claim.holder || order === undefined) return undefined;
    const next = await body({ intent, order }, tx);
    if (next === undefined) return undefined;
    tx.set(paths.intent(bookId, intentId), intentDoc, next.intent);
    tx.set(paths.order(bookId, orderId), orderDoc, next.order);
    if (next.intent.status === 'QUEUED')
      writeQueued(tx, next.intent, { status: 'PENDING', now: next.intent.updatedAt });
    return next;
  });
}

/** Order and intent become UNKNOWN: it may be at the venue. The claim is kept for the look-ups. */
export const markUnknown = (
  ports: ExecutionPorts,
  claim: Claim,
  error: Failure,
): Promise<Claim | undefined> =>
  whileOurs(ports, claim, ({ intent, order }) => {
    const now = ports.clock.wallNow();
    if (order.status !== 'SUBMITTED') return undefined;
    const claimedUntil = claimEnd(ports);
    return {
      holder: claim.holder,
      intent: advanceIntent(intent, stepsToUnknown(intent), { now, claimedUntil }),
      order: advanceOrder(order, 'UNKNOWN', { now, errorCode: error.code }),
    };
  });

/**
 * Gives back an intent whose order was definitely not sent, to be sent later. Its order is UNKNOWN
 * meanwhile, which costs nothing: the intent's QUEUED says that it may be sent without look-ups.
 */
export const queueIntent = (
  ports: ExecutionPorts,
  claim: Claim,
  error: Failure,
): Promise<Claim | undefined> =>
  whileOurs(ports, claim, ({ intent, order }) => {
    const now = ports.clock.wallNow();
    const free = { claimedBy: null, claimedUntil: null };
    if (order.status !== 'SUBMITTED') return undefined;
    const queued = queuedAgain(intent, error.message, ports.clock.marketNow());
    return {
      holder: claim.holder,
      intent:
        intent.status === 'UNKNOWN'
          ? advanceIntent(intent, [], { ...free, now })
          : advanceIntent(intent, ['QUEUED'], { ...free, now, queued }),
      order: advanceOrder(order, 'UNKNOWN', { now, errorCode: error.code }),
    };
  });

/**
 * Ends an entry's order that the venue found too far from the market, and puts its intent back with an order of its own
 * for one more quote (05, section 15). Undefined where it is no entry at a price, or had its second quote.
 */
export const requoteIntent = (
  ports: ExecutionPorts,
  claim: Claim,
  error: Failure,
): Promise<Claim | undefined> =>
  whileOurs(ports, claim, ({ intent, order }) => {
    const now = ports.clock.wallNow();
    const { requotes = 0, limitPrice, intentId, status } = intent;
    const mayTry = isEntry(intent) && limitPrice !== null && requotes === 0;
    if (!mayTry || status !== 'CLAIMED' || order.status !== 'SUBMITTED') return undefined;
    const queued = queuedAgain(intent, error.message, ports.clock.marketNow());
    const free = { claimedBy: null, claimedUntil: null };
    const back = advanceIntent(intent, ['QUEUED'], { ...free, now, queued });
    return {
      holder: claim.holder,
      intent: { ...back, requotes: 1, orderId: clientOrderIdOf(intentId, 1) },
      order: advanceOrder(order, 'REJECTED', {
        now,
        rejectionReason: error.message,
        errorCode: error.code,
        marks: { ...order.marks, doneAt: now },
      }),
    };
  });

/** Gives back the claim of an order that is still unclear, for a later look. */
export const releaseClaim = (ports: ExecutionPorts, claim: Claim): Promise<Claim | undefined> =>
  whileOurs(ports, claim, ({ intent, order }) => {
    const now = ports.clock.wallNow();
    const free = { now, claimedBy: null, claimedUntil: null };
    return { ...claim, intent: advanceIntent(intent, [], free), order };
  });

/** A claimed exit over `quantity` instead, before it is sent (EXE-27). */
export const resizeClaim = (
  ports: ExecutionPorts,
  claim: Claim,
  quantity: Qty,
): Promise<Claim | undefined> =>
  whileOurs(ports, claim, ({ intent, order }) => {
    const updatedAt = ports.clock.wallNow();
    if (order.status !== 'SUBMITTED') return undefined;
    return {
      holder: claim.holder,
      intent: { ...intent, quantity, updatedAt, version: intent.version + 1 },
      order: { ...order, quantity, updatedAt, version: order.version + 1 },
    };
  });

/** One order is looked at no more often than this, however many ask for a look. */
const LOOK_EVERY_MS = 5_000;

/**
 * Has somebody find out about an order that is unclear, in `delayMs` or a little later (EXE-20). Looks have a place in
 * time each: whoever takes an order over asks for one, and while a venue is away they would double with every look.
 */
export async function lookAgain(
  { queue, clock }: ExecutionPorts,
  { bookId, intentId }: Pick<Claim['intent'], 'bookId' | 'intentId'>,
  delayMs: number,
): Promise<void> {
  const now = clock.wallNow();
  const slot = Math.ceil((now + delayMs) / LOOK_EVERY_MS);
  const options = { id: `${intentId}-u${slot}`, delayMs: slot * LOOK_EVERY_MS - now };
  await queue.enqueue('executeIntent', { bookId, intentId }, options);
}

/** Leaves an order whose fate is unclear to whoever executes intents (EXE-20). */
export async function leaveUnclear(ports: ExecutionPorts, claim: Claim): Promise<void> {
  const released = await releaseClaim(ports, claim);
  if (released !== undefined) await lookAgain(ports, released.intent, LOOK_EVERY_MS);
}

/** Whether entries may leave; the commit depends on it (RSK-92). */
async function mayEnter(tx: StoreTx, bookId: string): Promise<boolean> {
  const path = paths.riskState(bookId);
  const risk = await tx.get(path, riskStateDoc);
  tx.guard(path);
  return risk !== undefined && !risk.emergencyStop && risk.executionEnabled;
}

/** Whether the position of a stop is still to be protected; the commit depends on it. */
async function mayProtect(tx: StoreTx, { bookId, positionId }: Claim['order']): Promise<boolean> {
  const path = paths.position(bookId, positionId);
  const position = await tx.get(path, positionDoc);
  if (position === undefined || position.status === 'CLOSED') return false;
  tx.guard(path);
  return position.closeIntentId === null;
}

/** The right to send an order that was proven absent again, under its old id (EXE-21). */
export const resubmit = (ports: ExecutionPorts, claim: Claim): Promise<Claim | undefined> =>
  whileOurs(ports, claim, async ({ intent, order }, tx) => {
    const now = ports.clock.wallNow();
    if (order.status !== 'UNKNOWN' || intent.status !== 'UNKNOWN') return undefined;
    if (isEntry(intent) && !(await mayEnter(tx, intent.bookId))) return undefined;
    if (isStop(intent) && !(await mayProtect(tx, order))) return undefined;
    return {
      holder: claim.holder,
      intent: advanceIntent(intent, [], { now, claimedUntil: claimEnd(ports) }),
      order: advanceOrder(order, 'SUBMITTED', { now, marks: { ...order.marks, sentAt: now } }),
    };
  });
