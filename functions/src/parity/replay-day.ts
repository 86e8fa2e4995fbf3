import { onSchedule } from 'firebase-functions/v2/scheduler';
import { ports } from '../composition.ts';
import { base } from '../options.ts';
import { metered } from '../usage.ts';
import { handleReplayDay } from './handle-replay-day.ts';

/** Every night, once all of the day before has been booked: replays what was decided in it (docs/parity.md). */
export const replayDay = onSchedule(
  {
    ...base,
    schedule: '20 2 * * *',
    timeZone: 'Etc/UTC',
    maxInstances: 1,
    retryCount: 1,
    timeoutSeconds: 120,
  },
  () =>
    metered(async () => {
      await handleReplayDay(await ports());
    }),
);
