import { judgeReadiness } from '@tradewind/adapters/execution/judge-readiness';
import { tidyBooks as tidy } from '@tradewind/adapters/execution/tidy-books';
import { refreshInstruments } from '@tradewind/adapters/market/refresh-instruments';
import { onSchedule } from 'firebase-functions/v2/scheduler';
import { ports } from '../composition.ts';
import { trading } from '../options.ts';
import { metered } from '../usage.ts';

/**
 * Every hour: reckons budgets anew, evaluates the phase of smart allocation (RSK-57, RSK-71), judges which bots may be
 * left alone (PF-16), and compares the rules of markets with the venue's (05, section 15).
 */
export const tidyBooks = onSchedule(
  { ...trading, schedule: '7 * * * *', timeZone: 'Etc/UTC', maxInstances: 1, retryCount: 1 },
  () =>
    metered(async () => {
      const tools = await ports();
      await tidy(tools);
      await judgeReadiness(tools);
      await refreshInstruments(tools);
    }),
);
