import { onSchedule } from 'firebase-functions/v2/scheduler';
import { epochMs } from '@tradewind/core/lib/time';
import { ports } from '../composition.ts';
import { base } from '../options.ts';
import { metered } from '../usage.ts';
import { handleRunCycle } from './handle-run-cycle.ts';

/**
 * The trading cycle (ARC-01), every minute. The schedule is in unix-cron form because only then
 * every delivery of one minute carries the same schedule time.
 */
export const runCycle = onSchedule(
  {
    ...base,
    schedule: '* * * * *',
    timeZone: 'Etc/UTC',
    maxInstances: 1,
    retryCount: 0,
    timeoutSeconds: 50,
  },
  ({ scheduleTime }) =>
    metered(async () => {
      await handleRunCycle(await ports(), epochMs(Date.parse(scheduleTime)));
    }),
);
