import { executeIntent as execute } from '@tradewind/adapters/execution/execute-intent';
import { tasks } from '@tradewind/contracts/tasks';
import { onTaskDispatched } from 'firebase-functions/v2/tasks';
import { ports } from '../composition.ts';
import { trading } from '../options.ts';
import { metered } from '../usage.ts';
import { withDeadLetter } from '../dead-letters/with-dead-letter.ts';

const MAX_ATTEMPTS = 5;

/** Sends one approved intent to the venue (EXE-01). */
export const executeIntent = onTaskDispatched(
  {
    ...trading,
    retryConfig: { maxAttempts: MAX_ATTEMPTS, minBackoffSeconds: 1, maxBackoffSeconds: 60 },
    rateLimits: { maxConcurrentDispatches: 20, maxDispatchesPerSecond: 20 },
  },
  ({ data, retryCount }) =>
    metered(async () => {
      const payload = tasks.executeIntent.parse(data);
      const context = await ports();
      const delivery = { topic: 'executeIntent', payload, retryCount, maxAttempts: MAX_ATTEMPTS };
      const executed = await withDeadLetter(context, delivery, () => execute(context, payload));
      context.log.info('intent', { ...payload, outcome: executed.kind });
    }),
);
