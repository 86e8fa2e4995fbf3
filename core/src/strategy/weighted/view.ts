import * as z from 'zod';
import { epochMs } from '../../lib/time.ts';

const time = z.number().transform(epochMs).nullable();

/** What a bot thinks of one bar, for people (STR-12); times are market time. */
export const weightedView = z.strictObject({
  action: z.enum(['BUY', 'SELL', 'HOLD']),
  /** -1 to 1, positive = buy pressure; `null` while warming up. */
  score: z.number().nullable(),
  rsiScore: z.number().nullable(),
  maScore: z.number().nullable(),
  macdScore: z.number().nullable(),
  temperature: z.enum(['HOT', 'WARM', 'COOL', 'FROZEN']),
  /** 0 to 1. */
  confidence: z.number(),
  actionThreshold: z.number(),
  /** STR-16, 0 to 100. */
  progressPct: z.number(),
  confirmationStartedAt: time,
  confirmedAt: time,
  /** End of the pause after the last fill; `null` when it is over. */
  cooldownUntil: time,
});
export type WeightedView = z.infer<typeof weightedView>;
