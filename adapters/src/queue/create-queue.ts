import { getFunctions } from 'firebase-admin/functions';
import { tasks } from '@tradewind/contracts/tasks';
import { hashId } from '@tradewind/core/lib/ids';
import type { UsageMeter } from '../ledger/usage-meter.ts';
import type { Queue } from './queue.ts';

const isAlreadyQueued = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'functions/task-already-exists';

/** Firebase takes no other ids of tasks; ours may be longer or hold dots, and are then told by a hash. */
const TASK_NAME = /^[A-Za-z0-9_-]{1,400}$/;
const taskName = (id: string): string => (TASK_NAME.test(id) ? id : hashId('task', id));

/** The part of Firebase's task queue that is used; tests bring their own. */
export type TaskDoor = {
  readonly enqueue: (
    data: Record<string, unknown>,
    options: { readonly id: string; readonly scheduleDelaySeconds?: number },
  ) => Promise<void>;
};

/**
 * The platform's task queues; each is named like its function. The Firebase app must exist. What was enqueued is counted in
 * `usage`.
 *
 * A payload that its schema refuses throws here, before it can fail in every retry. A task whose
 * id was used before is left alone; every other failure is thrown.
 */
export function createQueue(
  usage: Pick<UsageMeter, 'published'>,
  doorOf: (name: string) => TaskDoor = (name) => getFunctions().taskQueue(name),
): Queue {
  const doors = new Map<string, TaskDoor>();
  const door = (name: string): TaskDoor => {
    const known = doors.get(name) ?? doorOf(name);
    doors.set(name, known);
    return known;
  };
  return {
    enqueue: async (name, payload, { id, delayMs }) => {
      const data = tasks[name].parse(payload);
      try {
        await door(name).enqueue(data, {
          id: taskName(id),
          ...(delayMs === undefined ? {} : { scheduleDelaySeconds: Math.ceil(delayMs / 1_000) }),
        });
        usage.published(name);
      } catch (error) {
        if (!isAlreadyQueued(error)) throw error;
      }
    },
  };
}
