import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { tasks, type TaskName, type TaskPayload } from '@tradewind/contracts/tasks';
import { onTaskDispatched, type TaskQueueOptions } from 'firebase-functions/v2/tasks';
import { ports } from '../composition.ts';
import { delivered } from './delivered.ts';
import { withDeadLetter } from './with-dead-letter.ts';

type Options = TaskQueueOptions & { readonly retryConfig: { readonly maxAttempts: number } };

/** Passes over all there is: the next one, a minute later, does what one of them could not. */
const PASSES: ReadonlySet<TaskName> = new Set(['evaluateBots', 'syncOrdersAgain']);

/**
 * The function of a task queue, named like it. Each delivery is counted and timed (ARC-56); one that fails comes again, and
 * after its last attempt it is kept to be looked at, unless the next pass makes up for it (ARC-52).
 */
export const onTask = <N extends TaskName>(
  topic: N,
  options: Options,
  handle: (context: ExecutionPorts, payload: TaskPayload<N>) => Promise<void>,
) =>
  onTaskDispatched(options, ({ data, retryCount, scheduledTime }) =>
    delivered(topic, scheduledTime, async () => {
      const payload = tasks[topic].parse(data) as TaskPayload<N>;
      const context = await ports();
      const body = () => handle(context, payload);
      if (PASSES.has(topic)) return body();
      const { maxAttempts } = options.retryConfig;
      return withDeadLetter(context, { topic, payload, retryCount, maxAttempts }, body);
    }),
  );
