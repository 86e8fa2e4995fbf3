import { onTask } from '../delivery/on-task.ts';
import { trading } from '../options.ts';
import { handleEvaluateBots } from './handle-evaluate-bots.ts';

/**
 * The one place that evaluates bots (ARC-28). One dispatch at a time: two evaluations of one bot
 * would only wait for each other's documents.
 */
export const evaluateBots = onTask(
  'evaluateBots',
  {
    ...trading,
    maxInstances: 1,
    retryConfig: { maxAttempts: 2, minBackoffSeconds: 2, maxBackoffSeconds: 10 },
    rateLimits: { maxConcurrentDispatches: 1, maxDispatchesPerSecond: 100 },
  },
  handleEvaluateBots,
);
