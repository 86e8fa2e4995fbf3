import type { CommandReply } from '@tradewind/contracts/callables';
import { intentDoc, orderDoc, type OrderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { epochMs } from '@tradewind/core/lib/time';
import { averagePrice } from '@tradewind/core/lib/units';
import { fillOf } from '@tradewind/core/order/fill-size';
import type { Fill, OrderReport } from '@tradewind/core/order/order';
import { UNKNOWN_WARNING_AFTER_MS } from '@tradewind/core/order/reconcile';
import { resolveAlert } from '../alerts/raise-alert.ts';
import type { Venue } from '../venue/venue.ts';
import { totalOf } from './apply-fills.ts';
import { claimIntent, type Claim } from './claim-intent.ts';
import type { ExecutionPorts } from './ports.ts';
import { protectPosition } from './protect-position.ts';
import { recordReport } from './record-report.ts';
import { requireBook } from './records.ts';
import { failOrder, queueIntent, releaseClaim } from './settle-claim.ts';
import { lookupFailure, resultFailure, withRetries } from './venue-calls.ts';

/** What a person found out about an order that is unclear: it never arrived, or what the venue calls it. */
export type OrderDecision =
  { readonly kind: 'notSent' } | { readonly kind: 'filled'; readonly venueOrderId: string };

export type SettleRequest = {
  readonly bookId: string;
  readonly orderId: string;
  readonly decision: OrderDecision;
  /** What the decision rests on; it stays on the order. */
  readonly evidence: string;
};

/** Clocks may differ by as much when the fills of an order are looked for. */
const CLOCKS_MS = 60_000;

const refused = (code: string, message: string): CommandReply => ({ ok: false, code, message });

/**
 * Ends an order that has been unclear for more than a minute as a person decides (EXE-23). The venue is asked once more
 * before, and believed before the person is; `filled` books nothing but what the venue tells of its own order.
 */
export async function settleOrder(
  ports: ExecutionPorts,
  request: SettleRequest,
): Promise<CommandReply> {
  const { bookId, orderId } = request;
  const { store, clock } = ports;
  const order = await store.get(paths.order(bookId, orderId), orderDoc);
  if (order === undefined) return refused('not_found', `There is no order "${orderId}".`);
  if (order.status !== 'UNKNOWN')
    return refused('not_unknown', `The order is ${order.status}: there is nothing to decide.`);
  const ageMs = clock.wallNow() - (order.marks.sentAt ?? order.createdAt);
  if (ageMs <= UNKNOWN_WARNING_AFTER_MS)
    return refused(
      'too_early',
      'It is still being looked up. Decide when it has been for a minute.',
    );
  const claimed = await claimUnclear(ports, order);
  if (!('claim' in claimed)) return claimed;
  const { claim } = claimed;
  const venue = await ports.venueOf(await requireBook(store, bookId));
  const lookup = await withRetries(ports, () => venue.lookup(order.symbol, orderId), lookupFailure);
  const reply =
    lookup.kind === 'found'
      ? await book(ports, venue, { order, report: lookup.report, fills: [] })
      : await decide(ports, venue, { claim, request });
  if (reply.ok) {
    const alert = { rule: 'order_unknown', bookId, symbol: order.symbol, label: orderId };
    await resolveAlert(store, { ...alert, now: clock.wallNow() });
    // A late exit is booked on another position than its order named.
    const settled = await store.get(paths.order(bookId, orderId), orderDoc);
    const { positionId } = settled ?? order;
    await protectPosition(ports, { bookId, positionId });
  } else await releaseClaim(ports, claim);
  return reply;
}

/** The exclusive right to settle it, or why there is none. */
async function claimUnclear(
  ports: ExecutionPorts,
  order: OrderDoc,
): Promise<{ readonly claim: Claim } | CommandReply> {
  const { bookId, intentId } = order;
  const intent = await ports.store.get(paths.intent(bookId, intentId), intentDoc);
  if (intent?.status === 'QUEUED')
    return refused('queued', 'It was not sent and waits for the venue: cancel it instead.');
  const claimed = await claimIntent(ports, order);
  switch (claimed.kind) {
    case 'resolve':
      return { claim: claimed.claim };
    case 'send':
      // It was put on the queue a moment ago: it goes back there.
      await queueIntent(ports, claimed.claim, { code: 'NotNow', message: 'somebody looked at it' });
      return refused('queued', 'It was not sent and waits for the venue: cancel it instead.');
    default:
      return refused('busy', 'It is being looked up right now. Try again in half a minute.');
  }
}

async function decide(
  ports: ExecutionPorts,
  venue: Venue,
  { claim, request }: { readonly claim: Claim; readonly request: SettleRequest },
): Promise<CommandReply> {
  const { decision, evidence, orderId } = request;
  const { order } = claim;
  if (decision.kind === 'filled')
    return bookFills(ports, venue, { order, venueOrderId: decision.venueOrderId });
  if (order.venueOrderId !== null || order.filledQuantity > 0n)
    return refused(
      'was_sent',
      'The venue has named this order: it was sent. Name its fills instead.',
    );
  const error = { code: 'DecidedByPerson', message: evidence };
  const done = await failOrder(ports, claim, { status: 'NOT_SENT', error, quiet: true });
  return done
    ? { ok: true, code: 'not_sent', message: 'The order counts as never sent.', id: orderId }
    : refused('busy', 'Somebody else took it over. Look at it again.');
}

/** Books the order from the fills that the venue tells of the id that it gave it. */
async function bookFills(
  ports: ExecutionPorts,
  venue: Venue,
  { order, venueOrderId }: { readonly order: OrderDoc; readonly venueOrderId: string },
): Promise<CommandReply> {
  const { symbol, orderId, side, quantity } = order;
  const since = epochMs((order.marks.sentAt ?? order.createdAt) - CLOCKS_MS);
  const read = await withRetries(ports, () => venue.fillsSince(symbol, since), resultFailure);
  if (!read.ok)
    return refused(read.error.code, `Its fills could not be read: ${read.error.message}`);
  const fills = read.value
    .filter((fill) => fill.venueOrderId === venueOrderId)
    .map((fill) => fillOf(fill, orderId));
  const total = totalOf(fills);
  const fits = fills.length > 0 && fills.every((fill) => fill.side === side);
  if (!fits || total.quantity > quantity)
    return refused(
      'no_such_fills',
      `The venue tells no fills of its order "${venueOrderId}" that could be this one's.`,
    );
  const report: OrderReport = {
    clientOrderId: orderId,
    venueOrderId,
    status: total.quantity === quantity ? 'FILLED' : 'CANCELLED',
    filledQuantity: total.quantity,
    filledQuote: total.quote,
    averagePrice: averagePrice(total.quote, total.quantity, 'floor'),
    updatedAt: ports.clock.wallNow(),
  };
  return book(ports, venue, { order, report, fills });
}

async function book(
  ports: ExecutionPorts,
  venue: Venue,
  {
    order: { bookId, orderId },
    report,
    fills,
  }: { readonly order: OrderDoc; readonly report: OrderReport; readonly fills: readonly Fill[] },
): Promise<CommandReply> {
  const at = ports.clock.wallNow();
  const recorded = await recordReport(ports, { bookId, orderId, report, fills, venue, at });
  if (!recorded.ok)
    return refused(recorded.error.kind, "The venue's report does not fit the ledger.");
  const { status } = recorded.value.order;
  const message = `The venue tells that the order is ${status.toLowerCase()}; it is booked.`;
  return { ok: true, code: status.toLowerCase(), message, id: orderId };
}
