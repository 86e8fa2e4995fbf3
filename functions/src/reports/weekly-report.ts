import { onSchedule } from 'firebase-functions/v2/scheduler';
import { environment, ports } from '../composition.ts';
import { notify } from '../notifications/notify.ts';
import { base } from '../options.ts';
import { metered } from '../usage.ts';
import { handleWeeklyReport } from './handle-weekly-report.ts';

/** Every Monday morning, when the night's checks and counts are over: the week of every book, kept and mailed (PF-93). */
export const weeklyReport = onSchedule(
  {
    ...base,
    schedule: '0 5 * * 1',
    timeZone: 'Etc/UTC',
    maxInstances: 1,
    retryCount: 3,
    timeoutSeconds: 300,
  },
  () =>
    metered(async () => {
      const context = await ports();
      await handleWeeklyReport(context, (draft) => notify(context, draft, environment().mail.to));
    }),
);
