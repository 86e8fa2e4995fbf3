import { syncOrders } from '@tradewind/adapters/execution/sync-orders';
import { defineCallable } from '../callables/define-callable.ts';
import { handleSyncOrdersNow } from './handle-sync-orders-now.ts';

/** One pass of the order synchronisation at a person's wish. */
export const syncOrdersNow = defineCallable(
  'syncOrdersNow',
  (_request, { ports }) => handleSyncOrdersNow(ports, () => syncOrders(ports)),
  { trades: true },
);
