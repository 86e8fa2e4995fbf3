import type { TaskName, TaskPayload } from '@tradewind/contracts/tasks';

/**
 * Task queues: at least once, in no order.
 *
 * An `id` names one dispatch for good: enqueuing it again changes nothing, while it waits and also
 * after it has run (Cloud Tasks remembers a name for an hour or more, the emulator until it
 * stops). A repeat that must run therefore needs an id of its own.
 */
export type Queue = {
  readonly enqueue: <N extends TaskName>(
    name: N,
    payload: TaskPayload<N>,
    options: { readonly id: string; readonly delayMs?: number },
  ) => Promise<void>;
};
