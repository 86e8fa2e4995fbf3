import * as z from 'zod';
import { percent } from '../wire.ts';

/** Distance of the trailing stop in percent; `class` = what is usual for what is traded (PF-40); `null` = none. */
export const trailingStop = z.union([percent(0.01, 50), z.literal('class')]).nullable();

/** How long a position is held, market seconds; `null` = no limit (PF-55, PF-56). */
export const holdLimits = z
  .strictObject({
    minSeconds: z.int().nonnegative().nullable(),
    maxSeconds: z.int().positive().nullable(),
    /** Once by half while the trailing stop is beyond break-even. */
    extend: z.boolean(),
  })
  .refine(({ minSeconds, maxSeconds }) => (minSeconds ?? 0) < (maxSeconds ?? Infinity), {
    error: 'minSeconds must be below maxSeconds',
    path: ['minSeconds'],
  });

/** What speaks against a position closes it at any one signal, or never; left out = at two (PF-70). */
export const dumpExit = z.enum(['any', 'never']);

/** How positions may grow (PF-10); `adaptive` waits for strategies that say how sure they are. */
export const tranchePlan = z.strictObject({
  strategy: z.enum(['equal_size', 'pyramid_up', 'pyramid_down']),
  /** How far the price has to come from the last entry, percent. */
  stepPct: percent(0.05, 50),
});

/** How entries are sized beyond what the strategy asks (PF-85). */
export const sizingPlan = z.strictObject({
  profile: z.enum(['conservative', 'adaptive', 'aggressive']),
  /** Percent of equity that an entry may lose at its stop. */
  riskPct: percent(0.05, 5).optional(),
});
