import { riskStateDoc } from '@tradewind/contracts/documents/book';
import type { OrderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { durationMs, epochMs, later, seconds, type EpochMs } from '@tradewind/core/lib/time';
import type { OrderReport } from '@tradewind/core/order/order';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { Venue } from '../venue/venue.ts';
import type { Claim } from './claim-intent.ts';
import { sleep, type ExecutionPorts } from './ports.ts';
import { isEntry, isStop } from './records.ts';
import { recordReport } from './record-report.ts';
import { sendOrder, type Sent } from './send-order.ts';
import { failOrder, lookAgain, releaseClaim, resubmit } from './settle-claim.ts';

/** Look-ups after the send, in milliseconds (EXE-20). */
const LOOKUPS_MS = [500, 1_000, 2_000, 4_000, 8_000] as const;
/**
 * A request that arrives later than this is refused by the venue itself: its receive window of 5 s,
 * which is checked twice, and a grace for clocks that differ (EXE-21).
 */
export const ARRIVAL_LIMIT_MS = 7_000;
/** Two listings that prove absence lie at least this far apart (EXE-21). */
const LISTING_GAP = seconds(5);
/** What is still unclear is looked at again after this. */
const LATER_MS = 15_000;

/** Where an order turned out to be. */
type Found =
  | { readonly kind: 'found'; readonly report: OrderReport }
  | { readonly kind: 'absent' }
  /** The venue did not answer well enough to say. */
  | { readonly kind: 'unclear' };

/** An order whose fate is unclear, and whose claim is ours. */
type Unclear = {
  readonly claim: Claim;
  /** Whether it is still this one's turn to be sent (EXE-07); left out, it may be. */
  readonly mayResend?: (() => Promise<boolean>) | undefined;
};

/**
 * Finds out what became of an order that may be at the venue (EXE-20), and only sends it again,
 * once and under the same id, when it is proven absent and still wanted (EXE-21).
 */
export async function resolveUnknown(
  ports: ExecutionPorts,
  venue: Venue,
  unclear: Unclear,
): Promise<Sent> {
  const { claim } = unclear;
  const found = await find(ports, venue, claim.order);
  switch (found.kind) {
    case 'found':
      return adopt(ports, venue, { claim, report: found.report });
    case 'absent':
      return settleAbsent(ports, venue, unclear);
    case 'unclear':
      return lookLater(ports, claim);
  }
}

async function find(ports: ExecutionPorts, venue: Venue, order: OrderDoc): Promise<Found> {
  const sentAt = order.marks.sentAt ?? order.updatedAt;
  for (const [index, after] of LOOKUPS_MS.entries()) {
    const at = epochMs(sentAt + after);
    const isPast = at < ports.clock.wallNow();
    if (isPast && index < LOOKUPS_MS.length - 1) continue;
    await waitUntil(ports, at);
    const lookup = await venue.lookup(order.symbol, order.orderId);
    if (lookup.kind === 'found') return lookup;
  }
  await waitUntil(ports, later(sentAt, durationMs(ARRIVAL_LIMIT_MS)));
  const first = await listing(venue, order);
  if (first.kind !== 'absent') return first;
  await sleep(ports, LISTING_GAP);
  return listing(venue, order);
}

async function waitUntil(ports: ExecutionPorts, at: EpochMs): Promise<void> {
  const rest = at - ports.clock.wallNow();
  if (rest > 0) await sleep(ports, durationMs(rest));
}

/** One listing: open orders, and a look-up by id, which also covers what has ended. */
async function listing(venue: Venue, order: OrderDoc): Promise<Found> {
  const open = await venue.openOrders();
  if (!open.ok) return { kind: 'unclear' };
  const listed = open.value.find(({ clientOrderId }) => clientOrderId === order.orderId);
  if (listed !== undefined) return { kind: 'found', report: listed };
  const lookup = await venue.lookup(order.symbol, order.orderId);
  return lookup.kind === 'failed' ? { kind: 'unclear' } : lookup;
}

async function adopt(
  ports: ExecutionPorts,
  venue: Venue,
  { claim, report }: { readonly claim: Claim; readonly report: OrderReport },
): Promise<Sent> {
  const { bookId, orderId } = claim.intent;
  const at = ports.clock.wallNow();
  const recorded = await recordReport(ports, { bookId, orderId, report, fills: [], venue, at });
  return recorded.ok ? { kind: 'recorded', order: recorded.value.order } : { kind: 'handedOver' };
}

async function settleAbsent(
  ports: ExecutionPorts,
  venue: Venue,
  { claim, mayResend }: Unclear,
): Promise<Sent> {
  // The venue gave it an id once: that it is gone is for a person to judge, not to be sent again.
  if (claim.order.venueOrderId !== null) return lookLater(ports, claim);
  const refusal = await whyNotAgain(ports, claim);
  if (refusal !== null) {
    const error = { code: 'NotSent', message: `it never reached the venue, and ${refusal}` };
    const quiet = isStop(claim.intent);
    await failOrder(ports, claim, { status: 'NOT_SENT', error, quiet });
    return { kind: 'handedOver' };
  }
  if (mayResend !== undefined && !(await mayResend())) return lookLater(ports, claim);
  const again = await resubmit(ports, claim);
  if (again === undefined) return { kind: 'handedOver' };
  const sent = await sendOrder(ports, venue, again);
  return sent.kind === 'unclear' ? lookLater(ports, sent.claim) : sent;
}

/** Exits are always sent again; an entry only while it is fresh and nothing forbids it; a stop by whoever protects. */
async function whyNotAgain(ports: ExecutionPorts, { intent }: Claim): Promise<string | null> {
  if (isStop(intent)) return 'its position is looked after anew';
  if (!isEntry(intent)) return null;
  const risk = await ports.store.get(paths.riskState(intent.bookId), riskStateDoc);
  if (risk === undefined || risk.emergencyStop) return 'the emergency stop is on';
  if (!risk.executionEnabled) return 'execution is switched off';
  const isInTime = intent.expiresAt !== null && ports.clock.marketNow() <= intent.expiresAt;
  return isInTime ? null : 'its time is over';
}

async function lookLater(ports: ExecutionPorts, claim: Claim): Promise<Sent> {
  const released = await releaseClaim(ports, claim);
  if (released === undefined) return { kind: 'handedOver' };
  const { bookId, orderId, symbol } = released.intent;
  await lookAgain(ports, released.intent, LATER_MS);
  await raiseAlert(ports.store, {
    rule: 'order_unknown',
    severity: 'WARNING',
    message: `It is not clear whether order ${orderId} reached the venue. It is looked up again; ${symbol} takes no new entry of this strategy until then.`,
    details: { orderId },
    bookId,
    symbol,
    label: orderId,
    now: ports.clock.wallNow(),
  });
  return { kind: 'handedOver' };
}
