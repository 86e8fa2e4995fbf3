import { syncDesk } from '@tradewind/adapters/reconcile/sync-desk';
import { defineCallable } from '../callables/define-callable.ts';
import { handleSyncOrdersNow } from './handle-sync-orders-now.ts';

/** One comparison with the venue at a person's wish (EXE-46, EXE-54). */
export const syncOrdersNow = defineCallable(
  'syncOrdersNow',
  (_request, { ports }) => handleSyncOrdersNow(ports, () => syncDesk(ports)),
  { trades: true },
);
