import type { OrderDoc } from '@tradewind/contracts/documents/execution';
import type { OrderReport } from '@tradewind/core/order/order';
import type { Lookup, Venue, VenueError } from '../venue/venue.ts';
import type { ExecutionPorts } from './ports.ts';
import { recordReport } from './record-report.ts';
import { lookupFailure, withRetries } from './venue-calls.ts';

/** What cancelling an order at the venue led to, as recorded. */
export type Cancelled =
  | { readonly kind: 'recorded'; readonly order: OrderDoc }
  /** The venue does not know it: it may not have arrived yet. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly error: Pick<VenueError, 'code' | 'message'> };

type Known = Pick<OrderDoc, 'bookId' | 'orderId' | 'symbol'>;

/**
 * Cancels one order and records what the venue says it has become: it may have been filled first.
 * Repeating it is harmless.
 */
export async function cancelAtVenue(
  ports: ExecutionPorts,
  venue: Venue,
  order: Known,
): Promise<Cancelled> {
  const answer = await requestCancel(ports, venue, order);
  switch (answer.kind) {
    case 'found':
      return recordCancel(ports, venue, { order, report: answer.report });
    case 'absent':
      return { kind: 'absent' };
    case 'failed':
      return { kind: 'failed', error: answer.error };
  }
}

/** Asks the venue to cancel, and nothing else. */
export const requestCancel = (
  ports: ExecutionPorts,
  venue: Venue,
  { symbol, orderId }: Pick<Known, 'symbol' | 'orderId'>,
): Promise<Lookup> => withRetries(ports, () => venue.cancel(symbol, orderId), lookupFailure);

/** Books what the venue answered to a cancellation. */
export async function recordCancel(
  ports: ExecutionPorts,
  venue: Venue,
  { order, report }: { readonly order: Known; readonly report: OrderReport },
): Promise<Cancelled> {
  const { bookId, orderId } = order;
  const at = ports.clock.wallNow();
  const recorded = await recordReport(ports, { bookId, orderId, report, fills: [], venue, at });
  return recorded.ok
    ? { kind: 'recorded', order: recorded.value.order }
    : {
        kind: 'failed',
        error: { code: recorded.error.kind, message: 'its report does not fit the ledger' },
      };
}
