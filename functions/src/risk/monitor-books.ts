import { monitorBooks as monitor } from '@tradewind/adapters/execution/monitor-books';
import { onSchedule } from 'firebase-functions/v2/scheduler';
import { ports } from '../composition.ts';
import { trading } from '../options.ts';
import { metered } from '../usage.ts';

/** Every minute, where no worker did it: loss ladder, health and shares of every book (RSK-80). */
export const monitorBooks = onSchedule(
  {
    ...trading,
    schedule: '* * * * *',
    timeZone: 'Etc/UTC',
    maxInstances: 1,
    retryCount: 0,
    timeoutSeconds: 50,
  },
  () =>
    metered(async () => {
      await monitor(await ports());
    }),
);
