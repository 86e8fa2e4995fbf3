import * as z from 'zod';
import { configurationChoice } from '../configurations/configuration.ts';

/** Limits of level 1 (STR-50). */
const regime = z.strictObject({
  minAdx: z.number().min(0).max(100).default(20),
  /** Percent of the mean close. */
  minAtrPct: z.number().min(0).max(50).default(0.5),
  minHurst: z.number().min(0).max(1).default(0.55),
  maxMeanReversion: z.number().min(0).max(1).default(0.6),
});

/** Limits of level 2. */
const location = z.strictObject({
  /** Farthest that the zone's near edge may be, percent of the price (IND-76). */
  nearPct: z.number().positive().max(10).default(0.5),
  /** Touches that a zone may have had; `null` = any number. */
  maxTouches: z.int().nonnegative().nullable().default(null),
});

/** Limits of level 3. */
const cascade = z.strictObject({
  /** Bought by sold volume of the fastest timeframe; a SHORT has to be below its inverse. */
  minRatio: z.number().min(1).max(10).default(2),
});

/** Limits of level 4. */
const trigger = z.strictObject({
  minBounce: z.number().min(0).max(1).default(0.7),
  minVolumeSpike: z.number().min(0).max(100).default(1.5),
});

/** Limits of the four levels; each a default of its own. */
export const levelLimits = z.strictObject({
  regime: regime.prefault({}),
  location: location.prefault({}),
  cascade: cascade.prefault({}),
  trigger: trigger.prefault({}),
  /** Whether a converged EMA 200 is waited for, 600 bars of the longest timeframe (STR-55). */
  isLive: z.boolean().default(true),
});
export type LevelLimits = z.infer<typeof levelLimits>;

/** What a hierarchical strategy decides by. */
export const hierarchicalParams = z.strictObject({
  configuration: configurationChoice.default('ultra_short_scalping'),
  ...levelLimits.shape,
});
export type HierarchicalParams = z.infer<typeof hierarchicalParams>;

/** STR-55: with real money the slowest average has to have forgotten where it began. */
export const levelLiveFaults = ({ isLive }: Pick<LevelLimits, 'isLive'>): readonly string[] =>
  isLive ? [] : ['isLive: level 1 waits for a converged EMA 200 with real money'];
