import { BREAKER_STATUSES } from '@tradewind/core/risk/breaker';
import * as z from 'zod';
import { time } from '../wire.ts';

/** Parts of a venue that fail separately (RSK-86); `symbol-…` is one market that the venue has halted. */
export const BREAKER_GROUPS = ['trading', 'account', 'market'] as const;

/** `breakers/{venue}__{group}`: a service breaker that all processes share (RSK-86); wall times. */
export const breakerDoc = z.strictObject({
  name: z.string(),
  venue: z.string(),
  group: z.string(),
  status: z.enum(BREAKER_STATUSES),
  failures: z.int().nonnegative(),
  successes: z.int().nonnegative(),
  lastFailureAt: time.nullable(),
  lastError: z.string().nullable(),
  changedAt: time,
  openedAt: time.nullable(),
  /** `null` while OPEN: no probe until a person resets it. */
  probeAt: time.nullable(),
  probeUntil: time.nullable(),
  /** It has closed, and orders are not yet compared with the venue: entries stay blocked (RSK-89). */
  recoveringSince: time.nullable(),
  /** When this opening was told to people; `null` before, and while CLOSED. */
  alertedAt: time.nullable(),
});
export type BreakerDoc = z.infer<typeof breakerDoc>;

/** Document id of a venue's breaker. */
export const breakerName = (venue: string, group: string): string => `${venue}__${group}`;
