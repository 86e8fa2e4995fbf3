import type { TaskName, TaskPayload } from '@tradewind/contracts/tasks';

/** Task queues. Enqueuing the same `id` again while the task waits changes nothing. */
export type Queue = {
  readonly enqueue: <N extends TaskName>(
    name: N,
    payload: TaskPayload<N>,
    options: { readonly id: string; readonly delayMs?: number },
  ) => Promise<void>;
};
