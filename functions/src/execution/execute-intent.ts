import { executeIntent as execute } from '@tradewind/adapters/execution/execute-intent';
import { onTask } from '../delivery/on-task.ts';
import { trading } from '../options.ts';

/** Sends one approved intent to the venue (EXE-01). */
export const executeIntent = onTask(
  'executeIntent',
  {
    ...trading,
    retryConfig: { maxAttempts: 5, minBackoffSeconds: 1, maxBackoffSeconds: 60 },
    rateLimits: { maxConcurrentDispatches: 20, maxDispatchesPerSecond: 20 },
  },
  async (context, intent) => {
    const executed = await execute(context, intent);
    context.log.info('intent', { ...intent, outcome: executed.kind });
  },
);
