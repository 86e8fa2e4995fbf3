import { syncDesk } from '@tradewind/adapters/reconcile/sync-desk';
import { tasks } from '@tradewind/contracts/tasks';
import { onTaskDispatched } from 'firebase-functions/v2/tasks';
import { ports } from '../composition.ts';
import { trading } from '../options.ts';
import { metered } from '../usage.ts';

/** The second pass of a minute over orders and quantities (ARC-02); the next minute brings another. */
export const syncOrdersAgain = onTaskDispatched(
  {
    ...trading,
    maxInstances: 1,
    retryConfig: { maxAttempts: 1 },
    rateLimits: { maxConcurrentDispatches: 1 },
  },
  ({ data }) =>
    metered(async () => {
      tasks.syncOrdersAgain.parse(data);
      await syncDesk(await ports(), false);
    }),
);
