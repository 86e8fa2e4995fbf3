import { checkBooks } from '@tradewind/adapters/reconcile/check-book';
import { onSchedule } from 'firebase-functions/v2/scheduler';
import { ports } from '../composition.ts';
import { base } from '../options.ts';
import { metered } from '../usage.ts';

/** The books against themselves, every night (EXE-64). */
export const checkLedgers = onSchedule(
  {
    ...base,
    schedule: '20 2 * * *',
    timeZone: 'Etc/UTC',
    maxInstances: 1,
    retryCount: 1,
    timeoutSeconds: 540,
  },
  () =>
    metered(async () => {
      await checkBooks(await ports());
    }),
);
