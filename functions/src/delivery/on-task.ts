import type { TaskName } from '@tradewind/contracts/tasks';
import { onTaskDispatched, type TaskQueueOptions } from 'firebase-functions/v2/tasks';
import { ports } from '../composition.ts';
import { deliverTask, type Handler } from './deliver-task.ts';
import { delivered } from './delivered.ts';

type Options = TaskQueueOptions & { readonly retryConfig: { readonly maxAttempts: number } };

/** The function of a task queue, named like it. Each delivery is counted and timed (ARC-56). */
export const onTask = <N extends TaskName>(topic: N, options: Options, handle: Handler<N>) =>
  onTaskDispatched<unknown>(options, ({ data, retryCount, scheduledTime }) =>
    delivered(topic, scheduledTime, async () => {
      const { maxAttempts } = options.retryConfig;
      const delivery = { topic, payload: data, retryCount, maxAttempts };
      await deliverTask(await ports(), delivery, handle);
    }),
  );
