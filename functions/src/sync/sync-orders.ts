import { syncDesk } from '@tradewind/adapters/reconcile/sync-desk';
import { epochMs } from '@tradewind/core/lib/time';
import { onSchedule } from 'firebase-functions/v2/scheduler';
import { ports } from '../composition.ts';
import { trading } from '../options.ts';
import { metered } from '../usage.ts';
import { handleSyncOrders } from './handle-sync-orders.ts';

/** Orders, positions and cash against the venue (ARC-02), every minute; a second pass over orders follows 30 s later. */
export const syncOrders = onSchedule(
  {
    ...trading,
    schedule: '* * * * *',
    timeZone: 'Etc/UTC',
    maxInstances: 1,
    retryCount: 0,
    timeoutSeconds: 50,
  },
  ({ scheduleTime }) =>
    metered(async () => {
      const context = await ports();
      const scheduledAt = epochMs(Date.parse(scheduleTime));
      await handleSyncOrders(context, scheduledAt, () => syncDesk(context));
    }),
);
