import { syncDesk } from '@tradewind/adapters/reconcile/sync-desk';
import { onTask } from '../delivery/on-task.ts';
import { trading } from '../options.ts';

/** The second pass of a minute over orders and quantities (ARC-02); the next minute brings another. */
export const syncOrdersAgain = onTask(
  'syncOrdersAgain',
  {
    ...trading,
    maxInstances: 1,
    retryConfig: { maxAttempts: 1 },
    rateLimits: { maxConcurrentDispatches: 1 },
  },
  (context) => syncDesk(context, false),
);
