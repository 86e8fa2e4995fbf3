import { tasks, type TaskName } from './tasks.ts';

type Published = {
  /** What makes an event: a document that is new, each write of a document, or a task that is enqueued. */
  readonly by: 'creation' | 'write' | 'task';
  /** Functions that are told; each by itself, and again should it fail. */
  readonly subscribers: readonly string[];
};

const byDocument = {
  signals: { by: 'creation', subscribers: ['decideSignals'] },
  orders: { by: 'write', subscribers: ['applyOrder'] },
  trades: { by: 'creation', subscribers: ['countTrade'] },
  alerts: { by: 'write', subscribers: ['notifyAlert'] },
} as const satisfies Record<string, Published>;

const byTask = Object.fromEntries(
  Object.keys(tasks).map((name): [string, Published] => [
    name,
    { by: 'task', subscribers: [name] },
  ]),
);

/**
 * What the functions tell each other, and who listens: a collection's name, or a task's. Documents are the events, so that
 * none is lost with a process and each can be looked at again.
 */
export const TOPICS: Readonly<Record<string, Published>> = {
  ...byDocument,
  ...byTask,
};
export type Topic = keyof typeof byDocument | TaskName;

/** Upper bounds of the classes that latencies are counted in, ms; what is above the last counts as `more`. */
export const LATENCY_BOUNDS = [
  10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000,
] as const;
