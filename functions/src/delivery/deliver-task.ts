import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { tasks, type TaskName, type TaskPayload } from '@tradewind/contracts/tasks';
import { withDeadLetter, type Delivery } from './with-dead-letter.ts';

/** Passes over all there is: the next one, a minute later, does what one of them could not. */
const PASSES: ReadonlySet<TaskName> = new Set(['evaluateBots', 'syncOrdersAgain']);

/** What a function does with a task. */
export type Handler<N extends TaskName> = (
  context: ExecutionPorts,
  payload: TaskPayload<N>,
) => Promise<void>;

/**
 * Hands a task over. One that fails comes again, also when an earlier release enqueued it and this one cannot read it; after
 * its last attempt it is kept to be looked at, unless the next pass makes up for it (ARC-52).
 */
export function deliverTask<N extends TaskName>(
  context: ExecutionPorts,
  delivery: Delivery & { readonly topic: N },
  handle: Handler<N>,
): Promise<void> {
  const { topic, payload } = delivery;
  const body = async (): Promise<void> =>
    handle(context, tasks[topic].parse(payload) as TaskPayload<N>);
  return PASSES.has(topic) ? body() : withDeadLetter(context, delivery, body);
}
