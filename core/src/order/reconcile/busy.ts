import { explaining, unbooked } from './explain.ts';
import { nameOf, type Line } from './lines.ts';
import type { LedgerOrder, LedgerSnapshot, VenueSnapshot } from './snapshot.ts';

/** States in which an order rests at the venue and is not on its way. */
const RESTING: readonly LedgerOrder['status'][] = ['ACKNOWLEDGED', 'PARTIAL', 'CANCELLING'];

/** The line's order may have moved what the venue holds without the ledger knowing yet. */
function isMoving(order: LedgerOrder, venue: VenueSnapshot): boolean {
  if (!RESTING.includes(order.status)) return order.status !== 'QUEUED';
  const listed = [venue.ordersBefore, venue.ordersAfter].map((orders) =>
    orders?.find(({ clientOrderId }) => clientOrderId === order.orderId),
  );
  return listed.some((seen) => seen?.filledQuantity !== order.filledQuantity);
}

/** True where the venue itself closed what is missing, and nobody else. */
const isLiquidated = (line: Line, { fills }: VenueSnapshot): boolean =>
  explaining(line, unbooked(line, fills ?? []))?.every(({ liquidation }) => liquidation) === true;

/**
 * True while a line cannot be judged: an order of ours is under way there, or something was booked between the two
 * looks at the ledger, which lie around those at the venue.
 *
 * An order is written before it is sent and fills are booked after they happened. So whatever moves the venue between
 * the looks shows in one of them: as an order that is not resting quietly, or as a booking. Of a liquidation the fills
 * tell all: what is still on its way finds nothing to reduce, and may be sent again and again because of that.
 */
export function isBusy(
  line: Line,
  looks: { readonly before: LedgerSnapshot; readonly after: LedgerSnapshot },
  venue: VenueSnapshot,
): boolean {
  if (looks.before.revision !== looks.after.revision) return true;
  // An exit is under way, even if it has not left yet.
  if (line.positions.some(({ closeIntentId }) => closeIntentId !== null)) return true;
  if (isLiquidated(line, venue)) return false;
  const here = [...looks.before.orders, ...looks.after.orders].filter(
    (order) => order.market === line.market && nameOf(order) === line.name,
  );
  return here.some((order) => isMoving(order, venue));
}
