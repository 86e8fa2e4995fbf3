import { CAUSES } from '@tradewind/core/parity/difference';
import * as z from 'zod';
import { id, marketKey, time } from '../wire.ts';

const differenceRecord = z.strictObject({
  /** Market time of the evaluation, or of the fill. */
  at: time,
  market: marketKey,
  cause: z.enum(CAUSES),
  /** What the replay gives, what is on record, and what that means. */
  expected: z.string().max(300),
  found: z.string().max(300),
  detail: z.string().max(300),
});

/** The document holds no more differences than these; `tw replay` prints all of them. */
export const MAX_DIFFERENCES = 50;

/** `parity/{strategyId}`: how far what a bot or strategy decided is what a replay decides (docs/parity.md). */
export const parityDoc = z.strictObject({
  strategyId: id,
  bookId: id,
  /** Market time that was replayed. */
  from: time,
  to: time,
  /** Bars that were judged, and those of them that came out the same. */
  evaluations: z.int().nonnegative(),
  equal: z.int().nonnegative(),
  /** `equal` of `evaluations` in percent, rounded down: 100 is all of them. `null` where there were none. */
  scorePct: z.number().min(0).max(100).nullable(),
  /** The oldest of them. */
  differences: z.array(differenceRecord).max(MAX_DIFFERENCES),
  /** How many there were. */
  found: z.int().nonnegative(),
  /** When it was replayed, wall clock. */
  at: time,
  maxAgeMs: z.int().positive(),
});
export type ParityDoc = z.infer<typeof parityDoc>;
