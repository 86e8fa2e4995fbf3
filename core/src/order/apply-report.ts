import { err, ok, type Result } from '../lib/result.ts';
import { averagePrice, type Money, type Price, type Qty } from '../lib/units.ts';
import type { OrderReport, OrderStatus } from './order.ts';
import { canMoveOrder, isTerminal, LATE_FILL_STATES } from './transitions.ts';

/** The fields of an order that a report can change, and those it is checked against. */
export type ReportedOrder = {
  readonly orderId: string;
  readonly venueOrderId: string | null;
  readonly status: OrderStatus;
  readonly quantity: Qty;
  readonly filledQuantity: Qty;
  readonly filledQuote: Money;
  readonly averagePrice: Price | null;
};

/** A report that cannot be true of this order: it is not applied, and whoever meets it raises an alert. */
export type ReportFault =
  | { readonly kind: 'otherOrder'; readonly expected: string; readonly reported: string }
  /** The venue has no id for it: it has confirmed nothing (PF-34). */
  | { readonly kind: 'unnamed' }
  | { readonly kind: 'overfill'; readonly ordered: Qty; readonly filled: Qty }
  | { readonly kind: 'illegalMove'; readonly from: OrderStatus; readonly to: OrderStatus };

/**
 * The order after one report of the venue.
 *
 * A report adds what it proves and takes nothing back: filled quantities only grow, and an end once
 * known stays. So reports may come late, twice and in any order, and the order ends the same; that is
 * why the venue's `updatedAt` need not be compared. What is filled decides between ACKNOWLEDGED,
 * PARTIAL and FILLED, whatever word the venue uses. Fills after CANCELLED or EXPIRED count (EXE-10).
 *
 * @returns the same object when the report says nothing new.
 */
export function applyReport<O extends ReportedOrder>(
  order: O,
  report: OrderReport,
): Result<O, ReportFault> {
  const stranger = findStranger(order, report);
  if (stranger !== null) return err(stranger);
  if (report.filledQuantity > order.quantity)
    return err({ kind: 'overfill', ordered: order.quantity, filled: report.filledQuantity });

  const filled = isMoreFilled(report, order) ? report : order;
  const status = statusAfter(order, { report, filledQuantity: filled.filledQuantity });
  const from = status === 'REJECTED' && filled.filledQuantity > 0n ? 'PARTIAL' : order.status;
  if (status !== from && !isLegal(from, status))
    return err({ kind: 'illegalMove', from, to: status });

  const venueOrderId = order.venueOrderId ?? report.venueOrderId;
  if (filled === order && status === order.status && venueOrderId === order.venueOrderId)
    return ok(order);
  const { filledQuantity, filledQuote } = filled;
  return ok({
    ...order,
    venueOrderId,
    status,
    filledQuantity,
    filledQuote,
    averagePrice: averageOf(filledQuote, filledQuantity),
  });
}

function findStranger(order: ReportedOrder, report: OrderReport): ReportFault | null {
  if (report.venueOrderId === '') return { kind: 'unnamed' };
  if (report.clientOrderId !== order.orderId)
    return { kind: 'otherOrder', expected: order.orderId, reported: report.clientOrderId };
  return order.venueOrderId !== null && order.venueOrderId !== report.venueOrderId
    ? { kind: 'otherOrder', expected: order.venueOrderId, reported: report.venueOrderId }
    : null;
}

type Filled = Pick<ReportedOrder, 'filledQuantity' | 'filledQuote'>;

/** Quantity decides; an early answer may know the quantity and not yet its quote value. */
const isMoreFilled = (report: Filled, known: Filled): boolean =>
  report.filledQuantity > known.filledQuantity ||
  (report.filledQuantity === known.filledQuantity && report.filledQuote > known.filledQuote);

const averageOf = (filledQuote: Money, filledQuantity: Qty): Price | null =>
  filledQuantity > 0n && filledQuote > 0n
    ? averagePrice(filledQuote, filledQuantity, 'floor')
    : null;

/** Ends that a venue reports in words; FILLED is told by the quantity. */
const REPORTED_ENDS: readonly OrderStatus[] = ['CANCELLED', 'EXPIRED', 'REJECTED'];

function statusAfter(
  order: ReportedOrder,
  { report, filledQuantity }: { readonly report: OrderReport; readonly filledQuantity: Qty },
): OrderStatus {
  if (filledQuantity === order.quantity) return 'FILLED';
  if (REPORTED_ENDS.includes(report.status)) return report.status;
  if (LATE_FILL_STATES.includes(order.status) || order.status === 'CANCELLING') return order.status;
  return filledQuantity > 0n ? 'PARTIAL' : 'ACKNOWLEDGED';
}

/**
 * Beyond the table: a late fill may complete a cancelled order, and a venue that knows an order which
 * we had not yet recorded as sent proves that somebody sent it (PENDING and QUEUED may become UNKNOWN).
 */
function isLegal(from: OrderStatus, to: OrderStatus): boolean {
  if (isTerminal(from)) return LATE_FILL_STATES.includes(from) && to === 'FILLED';
  if (from === 'PENDING' || from === 'QUEUED') return canMoveOrder('UNKNOWN', to);
  return canMoveOrder(from, to);
}
