import { riskStateDoc } from '@tradewind/contracts/documents/book';
import { intentDoc, type IntentDoc, type OrderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { ruleOf } from '@tradewind/core/order/error-actions';
import { ALREADY_CLOSED } from '@tradewind/core/order/order';
import { ORDER_QUEUE } from '@tradewind/core/order/order-queue';
import { isWorking } from '@tradewind/core/order/transitions';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { SubmitOutcome, Venue, VenueError, VenueOrder } from '../venue/venue.ts';
import { cancelAtVenue } from './cancel-at-venue.ts';
import type { Claim } from './claim-intent.ts';
import { clearWay } from './clear-way.ts';
import { queueSize } from './order-queue.ts';
import type { ExecutionPorts } from './ports.ts';
import { prepareEntry } from './prepare-entry.ts';
import { isEntry, isStop } from './records.ts';
import { recordReport } from './record-report.ts';
import { failOrder, markUnknown, queueIntent, requoteIntent } from './settle-claim.ts';
import { submitOrder } from './venue-calls.ts';

/** What sending led to. */
export type Sent =
  | { readonly kind: 'recorded'; readonly order: OrderDoc }
  | { readonly kind: 'failed'; readonly error: VenueError }
  | { readonly kind: 'queued' }
  /** Not sent: the position's stop at the venue was faster. */
  | { readonly kind: 'alreadyClosed' }
  /** Still unclear; the claim is kept so that whoever sent it can look it up. */
  | { readonly kind: 'unclear'; readonly claim: Claim }
  /** The claim passed to somebody else, or the report did not fit: others look after it. */
  | { readonly kind: 'handedOver' };

/** A queued intent is tried again after this, or when order sync comes first. */
const QUEUE_DELAY_MS = 5_000;

/** What leaves for the venue: nothing but these fields. */
const venueOrderOf = (intent: IntentDoc): VenueOrder => ({
  clientOrderId: intent.orderId,
  symbol: intent.symbol,
  side: intent.side,
  type: intent.type,
  quantity: intent.quantity,
  limitPrice: intent.limitPrice,
  timeInForce: intent.timeInForce,
  triggerPrice: intent.stopPrice,
  reduceOnly: intent.reduceOnly,
});

/**
 * Sends a claimed order whose document is SUBMITTED, once, and records what came of it. Only what
 * the venue definitely did not receive is sent again.
 */
export async function sendOrder(ports: ExecutionPorts, venue: Venue, claim: Claim): Promise<Sent> {
  const way = await clearWay(ports, venue, claim);
  switch (way.kind) {
    case 'clear': {
      const sent = await send(ports, venue, way.claim);
      await way.settle();
      return sent;
    }
    case 'closed':
      return endClosed(ports, claim);
    case 'blocked':
      return queue(ports, claim, { ...BLOCKED, ...way.error });
    case 'lost':
      return { kind: 'handedOver' };
  }
}

/** An exit that waits for its position's stop to get out of its way. */
const BLOCKED: Omit<VenueError, 'code' | 'message'> = {
  severity: 'HIGH',
  retryable: true,
  retryAfterMs: null,
};

async function endClosed(ports: ExecutionPorts, claim: Claim): Promise<Sent> {
  const error = { code: ALREADY_CLOSED, message: 'its stop at the venue closed it first' };
  const done = await failOrder(ports, claim, { status: 'NOT_SENT', error, quiet: true });
  return { kind: done ? 'alreadyClosed' : 'handedOver' };
}

async function send(ports: ExecutionPorts, venue: Venue, claim: Claim): Promise<Sent> {
  const obstacle = await prepareEntry(ports, venue, claim.intent);
  const outcome: SubmitOutcome =
    obstacle === null
      ? await submitOrder(ports, venue, {
          order: venueOrderOf(claim.intent),
          mayStillSend: (attempt) => mayStillSend(ports, claim, attempt),
        })
      : { kind: 'notSent', error: obstacle };
  switch (outcome.kind) {
    case 'accepted':
      return recordAnswer(ports, venue, { claim, outcome });
    case 'rejected':
      return ruleOf(outcome.error.code).action === 'requote'
        ? requote(ports, claim, outcome.error)
        : fail(ports, claim, outcome.error);
    case 'notSent':
      // A stop that comes late is none: whoever wanted it closes the position instead (PF-49).
      return mayWait(outcome.error) && !isStop(claim.intent)
        ? queue(ports, claim, outcome.error)
        : fail(ports, claim, outcome.error);
    case 'unknown':
      return lose(ports, claim, outcome.error);
  }
}

/** Asks for one more quote, by way of the queue: the whole gate judges the entry again before it goes. */
async function requote(ports: ExecutionPorts, claim: Claim, error: VenueError): Promise<Sent> {
  const queued = await requoteIntent(ports, claim, error);
  if (queued === undefined) return fail(ports, claim, error);
  const { bookId, intentId, version } = queued.intent;
  const id = `${intentId}-q${version}`;
  await ports.queue.enqueue('executeIntent', { bookId, intentId }, { id });
  return { kind: 'queued' };
}

/** A claim that was made no longer ago is nobody else's yet: what is taken over soonest, a stop, is so after three seconds. */
const FRESH_MS = 1_000;

/**
 * Whoever stood still, or waits between two attempts, may have lost the right to send: a stop is taken over after seconds. And
 * what may be under way already may have come and gone during the pause: it is looked up before it goes again.
 */
async function mayStillSend(
  { store, clock }: ExecutionPorts,
  { holder, mayBeUnderWay, order, intent: { bookId, intentId, claimedUntil } }: Claim,
  attempt: number,
): Promise<boolean> {
  const isInTime = () => claimedUntil !== null && clock.wallNow() < claimedUntil;
  if (!isInTime()) return false;
  if (attempt > 0 && mayBeUnderWay === true) return false;
  if (attempt === 0 && clock.wallNow() - order.updatedAt < FRESH_MS) return true;
  const intent = await store.get(paths.intent(bookId, intentId), intentDoc);
  return intent?.claimedBy === holder && isInTime();
}

/** It was not sent, and may be sent when the venue takes orders again. */
const mayWait = ({ retryable, code }: VenueError): boolean => {
  const { action } = ruleOf(code);
  return retryable || action === 'queue' || action === 'openBreaker';
};

async function recordAnswer(
  ports: ExecutionPorts,
  venue: Venue,
  {
    claim,
    outcome,
  }: { readonly claim: Claim; readonly outcome: SubmitOutcome & { readonly kind: 'accepted' } },
): Promise<Sent> {
  const { bookId, orderId } = claim.intent;
  const at = ports.clock.wallNow();
  const recorded = await recordReport(ports, { ...outcome, bookId, orderId, venue, at });
  if (!recorded.ok) return { kind: 'handedOver' };
  const { order } = recorded.value;
  const kept = await cancelIfStopped(ports, venue, { intent: claim.intent, order });
  return { kind: 'recorded', order: kept };
}

/** An entry that was on its way while the emergency stop was pressed must not stay at the venue. The order as it is then. */
async function cancelIfStopped(
  ports: ExecutionPorts,
  venue: Venue,
  { intent, order }: { readonly intent: IntentDoc; readonly order: OrderDoc },
): Promise<OrderDoc> {
  if (!isEntry(intent) || !isWorking(order.status)) return order;
  const risk = await ports.store.get(paths.riskState(intent.bookId), riskStateDoc);
  if (risk?.emergencyStop !== true) return order;
  const cancelled = await cancelAtVenue(ports, venue, order);
  return cancelled.kind === 'recorded' ? cancelled.order : order;
}

async function fail(ports: ExecutionPorts, claim: Claim, error: VenueError): Promise<Sent> {
  if (claim.mayBeUnderWay === true) return lose(ports, claim, error);
  const quiet = isStop(claim.intent);
  const done = await failOrder(ports, claim, { status: 'REJECTED', error, quiet });
  if (done && ruleOf(error.code).action === 'alertFunds') await tellFunds(ports, claim, error);
  return done ? { kind: 'failed', error } : { kind: 'handedOver' };
}

/** One alert a book, however many orders meet it. */
async function tellFunds(
  ports: ExecutionPorts,
  { intent }: Claim,
  error: VenueError,
): Promise<void> {
  await raiseAlert(ports.store, {
    rule: 'insufficient_funds',
    severity: 'WARNING',
    message: `The venue says that funds are short (${error.message}): bring money to the account, or give strategies less.`,
    details: { code: error.code, orderId: intent.orderId },
    bookId: intent.bookId,
    symbol: null,
    now: ports.clock.wallNow(),
  });
}

async function queue(ports: ExecutionPorts, claim: Claim, error: VenueError): Promise<Sent> {
  const size = await queueSize(ports, claim.intent.bookId);
  if (size >= (ports.settings.orderQueueMax ?? ORDER_QUEUE.maxSize))
    return overflow(ports, claim, size);
  const queued = await queueIntent(ports, claim, error);
  if (queued === undefined) return { kind: 'handedOver' };
  const { bookId, intentId, symbol, version } = queued.intent;
  // While the venue is away order sync drains the queue; what only met a limit is tried again soon.
  if (error.code !== 'CircuitOpen')
    await ports.queue.enqueue(
      'executeIntent',
      { bookId, intentId },
      {
        id: `${intentId}-q${version}`,
        delayMs: Math.max(QUEUE_DELAY_MS, error.retryAfterMs ?? 0),
      },
    );
  await raiseAlert(ports.store, {
    rule: 'venue_unavailable',
    severity: 'WARNING',
    message: `The venue could not be reached: ${error.message}. Orders wait.`,
    details: { code: error.code, intentId },
    bookId,
    symbol,
    now: ports.clock.wallNow(),
  });
  return { kind: 'queued' };
}

/** The queue takes no more (EXE-T07). */
async function overflow(ports: ExecutionPorts, claim: Claim, size: number): Promise<Sent> {
  const { bookId, symbol, intentId } = claim.intent;
  await raiseAlert(ports.store, {
    rule: 'order_queue_full',
    severity: 'CRITICAL',
    message: `${size} orders wait for the venue, and no more are taken: ${symbol} was refused.`,
    details: { size: String(size), intentId },
    bookId,
    symbol: null,
    now: ports.clock.wallNow(),
  });
  return fail(ports, claim, {
    code: 'QueueFull',
    severity: 'CRITICAL',
    retryable: false,
    message: `${size} orders wait for the venue already`,
    retryAfterMs: null,
  });
}

async function lose(ports: ExecutionPorts, claim: Claim, error: VenueError): Promise<Sent> {
  const unclear = await markUnknown(ports, claim, error);
  return unclear === undefined ? { kind: 'handedOver' } : { kind: 'unclear', claim: unclear };
}
