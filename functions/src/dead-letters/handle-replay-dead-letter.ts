import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import type { CommandReply } from '@tradewind/contracts/callables';
import { deadLetterDoc, type DeadLetterDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { tasks, type TaskName } from '@tradewind/contracts/tasks';
import { refuse } from '../callables/refuse.ts';
import { settleLetter } from './letter-alerts.ts';

const isTopic = (topic: string): topic is TaskName => Object.hasOwn(tasks, topic);

/** The task of a letter; `null` where this version knows none such. */
function taskOf({ topic, payload }: DeadLetterDoc) {
  if (!isTopic(topic)) return null;
  const parsed = tasks[topic].safeParse(JSON.parse(payload));
  return parsed.success ? { topic, payload: parsed.data } : null;
}

/**
 * Puts a task back into its queue (ARC-55). The queue is told before the letter is marked: whatever stops us in between,
 * the letter waits on, and its task has the same name until it has failed once more, so that it is not there twice.
 */
export async function handleReplayDeadLetter(
  { store, queue, clock }: Pick<ExecutionPorts, 'store' | 'queue' | 'clock'>,
  { deadLetterId }: { readonly deadLetterId: string },
): Promise<CommandReply> {
  const path = paths.deadLetter(deadLetterId);
  const letter = await store.get(path, deadLetterDoc);
  if (letter === undefined)
    return refuse('not_found', `There is no dead letter "${deadLetterId}".`);
  if (letter.replayedAt !== null)
    return refuse('replayed', 'It was put back into its queue already.');
  if (letter.discardedAt !== null) return refuse('discarded', 'It was discarded.');
  const task = taskOf(letter);
  if (task === null)
    return refuse(
      'unknown_task',
      `This version knows no such task of ${letter.topic}: it can only be discarded.`,
    );
  await queue.enqueue(task.topic, task.payload, { id: `${deadLetterId}-${letter.attempts}` });
  const now = clock.wallNow();
  await store.transact(async (tx) => {
    const still = await tx.get(path, deadLetterDoc);
    // It may have run, and failed, by now: then it waits again.
    if (still?.attempts === letter.attempts)
      tx.set(path, deadLetterDoc, { ...still, replayedAt: now });
  });
  await settleLetter(store, deadLetterId, now);
  return {
    ok: true,
    code: 'replayed',
    message: `The task of ${letter.topic} runs again.`,
    id: deadLetterId,
  };
}
