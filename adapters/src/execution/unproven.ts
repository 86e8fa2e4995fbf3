import type { OrderDoc } from '@tradewind/contracts/documents/execution';
import { formatDecimal } from '@tradewind/core/lib/units';
import type { Unproven } from '@tradewind/core/order/unverified';
import { raiseAlert, resolveAlert } from '../alerts/raise-alert.ts';
import type { ExecutionPorts } from './ports.ts';

export const isSameUnproven = (a: Unproven | null, b: Unproven | null): boolean =>
  a?.quantity === b?.quantity && a?.quote === b?.quote && a?.assumed === b?.assumed;

const isAssumed = ({ unverified }: OrderDoc): boolean => (unverified?.assumed ?? 0) > 0;

/** Tells of fills that are held back because what their size is counted in is not proven, and when they no longer are. */
export async function tellUnproven(
  { store, clock }: ExecutionPorts,
  before: OrderDoc,
  order: OrderDoc,
): Promise<void> {
  if (isAssumed(before) === isAssumed(order)) return;
  const { bookId, orderId, symbol, unverified } = order;
  const alert = { rule: 'fill_size_assumed', bookId, symbol, label: orderId, now: clock.wallNow() };
  if (!isAssumed(order) || unverified === undefined || unverified === null)
    return resolveAlert(store, alert);
  await raiseAlert(store, {
    ...alert,
    severity: 'CRITICAL',
    message: `The venue does not say whether fills of order ${orderId} are counted in base or in quote. They are in no figure, and nothing protects them, until it does: look at the order at the venue.`,
    details: {
      orderId,
      quantity: formatDecimal(unverified.quantity),
      quote: formatDecimal(unverified.quote),
    },
  });
}
