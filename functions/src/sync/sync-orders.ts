import { syncOrders as sync } from '@tradewind/adapters/execution/sync-orders';
import { epochMs } from '@tradewind/core/lib/time';
import { onSchedule } from 'firebase-functions/v2/scheduler';
import { ports } from '../composition.ts';
import { trading } from '../options.ts';
import { metered } from '../usage.ts';
import { handleSyncOrders } from './handle-sync-orders.ts';

/** Order synchronisation (ARC-02), every minute; a second pass follows 30 s later. */
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
      await handleSyncOrders(context, scheduledAt, () => sync(context));
    }),
);
