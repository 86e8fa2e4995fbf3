import { tasks } from '@tradewind/contracts/tasks';
import { onTaskDispatched } from 'firebase-functions/v2/tasks';
import { ports } from '../composition.ts';
import { base } from '../options.ts';
import { metered } from '../usage.ts';
import { handleReplayBook } from './handle-replay-book.ts';

/** Replays a day of a book, one batch at a time: it may wait, trading may not. */
export const replayBook = onTaskDispatched(
  {
    ...base,
    memory: '1GiB',
    maxInstances: 1,
    timeoutSeconds: 540,
    retryConfig: { maxAttempts: 2, minBackoffSeconds: 60 },
    rateLimits: { maxConcurrentDispatches: 1 },
  },
  ({ data }) =>
    metered(async () => {
      await handleReplayBook(await ports(), tasks.replayBook.parse(data));
    }),
);
