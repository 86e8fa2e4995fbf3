import { syncOrders } from '@tradewind/adapters/execution/sync-orders';
import { tasks } from '@tradewind/contracts/tasks';
import { onTaskDispatched } from 'firebase-functions/v2/tasks';
import { ports } from '../composition.ts';
import { trading } from '../options.ts';
import { metered } from '../usage.ts';

/** The second order-status pass of a minute (ARC-02); the next minute brings another. */
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
      await syncOrders(await ports());
    }),
);
