import { epochMs } from '@tradewind/core/lib/time';
import { onSchedule } from 'firebase-functions/v2/scheduler';
import { ports } from '../composition.ts';
import { trading } from '../options.ts';
import { metered } from '../usage.ts';
import { handleGuardian } from './handle-guardian.ts';

const startedAt = epochMs(Date.now());

/**
 * The guardian, every minute: its own function, so that its own instances with clients of their own stand by positions
 * whatever has become of everything else.
 */
export const guardian = onSchedule(
  {
    ...trading,
    schedule: '* * * * *',
    timeZone: 'Etc/UTC',
    maxInstances: 1,
    retryCount: 0,
    timeoutSeconds: 55,
  },
  () =>
    metered(async () => {
      await handleGuardian(await ports(), startedAt);
    }),
);
