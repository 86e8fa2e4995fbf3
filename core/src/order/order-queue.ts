import type { EpochMs } from '../lib/time.ts';
import type { Action } from '../strategy/decision.ts';

/** Bounds of the order queue (05, section 8). */
export const ORDER_QUEUE = {
  /** Market milliseconds that an entry may wait, from when it was queued first. */
  entryTtlMs: 300_000,
  /** Orders of a book that may wait. */
  maxSize: 1_000,
  /** Sent in one drain. */
  batch: 10,
} as const;

/** What waits in the queue. */
export type Queued = {
  readonly intentId: string;
  readonly action: Action;
  /** Market time of its first queuing; being queued again does not change it (EXE-25). */
  readonly queuedAt: EpochMs;
};

const isExit = ({ action }: Pick<Queued, 'action'>): boolean =>
  action === 'EXIT' || action === 'REDUCE';

/** An entry has waited for too long; an exit never has (EXE-27). */
export const isQueueTimeOver = (
  queued: Pick<Queued, 'action' | 'queuedAt'>,
  marketNow: EpochMs,
): boolean => !isExit(queued) && marketNow - queued.queuedAt > ORDER_QUEUE.entryTtlMs;

const byAge = (a: Queued, b: Queued): number =>
  a.queuedAt === b.queuedAt ? a.intentId.localeCompare(b.intentId) : a.queuedAt - b.queuedAt;

/** Ids of the next batch to send: exits before entries, and of each the oldest first. */
export const planDrain = (waiting: readonly Queued[]): readonly string[] =>
  [
    ...waiting.filter(isExit).toSorted(byAge),
    ...waiting.filter((queued) => !isExit(queued)).toSorted(byAge),
  ]
    .slice(0, ORDER_QUEUE.batch)
    .map(({ intentId }) => intentId);
