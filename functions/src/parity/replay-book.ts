import { onTask } from '../delivery/on-task.ts';
import { base } from '../options.ts';
import { handleReplayBook } from './handle-replay-book.ts';

/** Replays a day of a book, one batch at a time: it may wait, trading may not. */
export const replayBook = onTask(
  'replayBook',
  {
    ...base,
    memory: '1GiB',
    maxInstances: 1,
    timeoutSeconds: 540,
    retryConfig: { maxAttempts: 2, minBackoffSeconds: 60 },
    rateLimits: { maxConcurrentDispatches: 1 },
  },
  handleReplayBook,
);
