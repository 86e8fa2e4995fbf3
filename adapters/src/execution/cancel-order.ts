import type { CommandReply } from '@tradewind/contracts/callables';
import { orderDoc, type OrderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { formatDecimal } from '@tradewind/core/lib/units';
import { canMoveOrder, isTerminal } from '@tradewind/core/order/transitions';
import { cancelAtVenue } from './cancel-at-venue.ts';
import { protectAfter } from './protect-position.ts';
import type { ExecutionPorts } from './ports.ts';
import { advanceOrder, isStop, requireBook } from './records.ts';

type Target = { readonly bookId: string; readonly orderId: string };

/** Cancels one order at a person's wish; one that was filled says so, with its fill (EXE-72). */
export async function cancelOrder(ports: ExecutionPorts, target: Target): Promise<CommandReply> {
  const order = await ports.store.get(paths.order(target.bookId, target.orderId), orderDoc);
  if (order === undefined)
    return { ok: false, code: 'not_found', message: `There is no order "${target.orderId}".` };
  if (isTerminal(order.status)) return ended(order);
  if (isStop(order))
    return {
      ok: false,
      code: 'protects_position',
      message: `This stop protects the position in ${order.symbol}; taken away it would be placed again. Close the position instead.`,
      id: order.orderId,
    };
  const venue = await ports.venueOf(await requireBook(ports.store, target.bookId));
  await markCancelling(ports, target);
  const cancelled = await cancelAtVenue(ports, venue, order);
  switch (cancelled.kind) {
    case 'recorded':
      await protectAfter(ports, { before: order, after: cancelled.order });
      return ended(cancelled.order);
    case 'absent':
      return {
        ok: false,
        code: 'unclear',
        message: 'The venue does not know the order yet. It is watched; try again shortly.',
        id: order.orderId,
      };
    case 'failed':
      return {
        ok: false,
        code: cancelled.error.code,
        message: `The order could not be cancelled: ${cancelled.error.message}`,
        id: order.orderId,
      };
  }
}

function ended(order: OrderDoc): CommandReply {
  const { orderId, status, filledQuantity, averagePrice } = order;
  const fill =
    averagePrice === null
      ? ''
      : ` ${formatDecimal(filledQuantity)} was filled at ${formatDecimal(averagePrice)}.`;
  switch (status) {
    case 'CANCELLED':
      return {
        ok: true,
        code: 'cancelled',
        message: `The order is cancelled.${fill}`,
        id: orderId,
      };
    case 'FILLED':
      return {
        ok: false,
        code: 'ALREADY_FILLED',
        message: `The order was filled before.${fill}`,
        id: orderId,
      };
    default:
      return {
        ok: isTerminal(status),
        code: status.toLowerCase(),
        message: `The order is ${status.toLowerCase()}.${fill}`,
        id: orderId,
      };
  }
}

/** Says in the ledger that a cancellation is under way; what races with it is still booked. */
function markCancelling(
  { store, clock }: ExecutionPorts,
  { bookId, orderId }: Target,
): Promise<void> {
  return store.transact(async (tx) => {
    const path = paths.order(bookId, orderId);
    const order = await tx.get(path, orderDoc);
    if (order === undefined || !canMoveOrder(order.status, 'CANCELLING')) return;
    tx.set(path, orderDoc, advanceOrder(order, 'CANCELLING', { now: clock.wallNow() }));
  });
}
