import { tidyBooks as tidy } from '@tradewind/adapters/execution/tidy-books';
import { onSchedule } from 'firebase-functions/v2/scheduler';
import { ports } from '../composition.ts';
import { base } from '../options.ts';
import { metered } from '../usage.ts';

/** Every hour: reckons budgets anew and evaluates the phase of smart allocation (RSK-57, RSK-71). */
export const tidyBooks = onSchedule(
  { ...base, schedule: '7 * * * *', timeZone: 'Etc/UTC', maxInstances: 1, retryCount: 1 },
  () =>
    metered(async () => {
      await tidy(await ports());
    }),
);
