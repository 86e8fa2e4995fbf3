import * as z from 'zod';
import { id } from './wire.ts';

/** Payloads of the task queues; the queue's function has the same name. */
export const tasks = {
  /** Evaluates bots and strategies of one book, by id, on every bar closed since their last evaluation. */
  evaluateBots: z.strictObject({ bookId: id, botIds: z.array(id).min(1).max(50) }),
  /** Replays what some bots and strategies of one book decided within a market day that begins at `dayAt`. */
  replayBook: z.strictObject({
    bookId: id,
    dayAt: z.int().nonnegative(),
    strategyIds: z.array(id).min(1).max(20),
  }),
  /** Claims and sends one approved intent. */
  executeIntent: z.strictObject({ bookId: id, intentId: id }),
  /** The second order-status pass of a minute (ARC-02). */
  syncOrdersAgain: z.strictObject({ scheduledAt: z.int() }),
  /** Sends one e-mail of the outbox. */
  sendNotification: z.strictObject({ dedupKey: id }),
} as const;
export type TaskName = keyof typeof tasks;
export type TaskPayload<N extends TaskName> = z.infer<(typeof tasks)[N]>;
