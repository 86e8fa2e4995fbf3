import { REVERSAL_POLICIES } from '@tradewind/core/order/gate-context';
import * as z from 'zod';
import { id, marketKey, money, percent, time } from '../wire.ts';
import { dumpExit, holdLimits, sizingPlan, tranchePlan, trailingStop } from './protection.ts';

/** Markets of one strategy document: each is decided on by itself. */
const MAX_MARKETS = 100;

/** Which strategy, and its parameters as its own schema reads them (`strategies/src/registry.ts`). */
const strategyChoice = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,59}$/, 'is not the id of a strategy'),
  params: z.record(z.string(), z.json()).default({}),
});

/** What a person sets of a strategy: which one it is, where it trades and how it is protected. */
export const strategySettings = z.strictObject({
  name: z.string().trim().min(1, 'give the strategy a name').max(60),
  strategy: strategyChoice,
  marketKeys: z
    .array(marketKey)
    .min(1, 'name at least one market')
    .max(MAX_MARKETS)
    .refine((keys) => new Set(keys).size === keys.length, { error: 'names a market twice' }),
  /** Quote currency of an entry whose strategy names no size, on each market. */
  positionSizeQuote: money.refine((size) => size > 0n, { error: 'must be above 0' }),
  /** Positions at once, over all of its markets. */
  maxPositions: z.int().min(1).max(25),
  /** Left out = what it holds is not added to. */
  tranches: tranchePlan.optional(),
  /** Left out = sized as it asks. */
  sizing: sizingPlan.optional(),
  /** What guards each position from its first fill on, where the strategy names no stop of its own. */
  protection: z.strictObject({
    stopLossPct: percent(0.01, 50),
    takeProfitPct: percent(0.01, 200),
    trailingStopPct: trailingStop,
    /** Left out = of the trading configuration that its parameters name, if any. */
    hold: holdLimits.optional(),
    dumpExit: dumpExit.optional(),
  }),
  /** What an entry against its own position comes to; left out = `flatten`. */
  reversal: z.enum(REVERSAL_POLICIES).optional(),
});
export type StrategySettings = z.infer<typeof strategySettings>;

/** What follows from the parameters, so that those without the strategy's code know it. */
const derived = {
  /** Timeframe of the bars that it decides on. */
  timeframe: z.enum(['1m', '5m', '15m', '1h']),
} as const;

/** Variants on trades that one strategy reads at most, over all versions that may decide. */
const MAX_WINDOWS = 1_000;

/** `strategies/{id}`: the newest version of a strategy, and whether it runs. */
export const strategyDoc = z.strictObject({
  ...strategySettings.shape,
  ...derived,
  strategyId: id,
  bookId: id,
  status: z.enum(['STOPPED', 'RUNNING', 'PAUSED', 'ERROR']),
  /** The session that runs it, or ran it last; `null` when none has. */
  sessionId: id.nullable(),
  /** Of its futures positions, as its session said (STR-90); absent = as its book's limits say. */
  leverage: z.int().min(1).max(200).optional(),
  /**
   * Variants on trades, such as `TWPA_300_0`, that the versions which may decide read: whoever sees the trades computes
   * them while it runs (STR-38).
   */
  windows: z.array(z.string().max(100)).max(MAX_WINDOWS).default([]),
  /** Of its settings: each save makes the next (STR-07). */
  version: z.int().positive(),
  createdAt: time,
  updatedAt: time,
});
export type StrategyDoc = z.infer<typeof strategyDoc>;

/** `strategies/{id}/versions/{n}`: the settings as they were saved; written once, never changed (STR-07). */
export const strategyVersionDoc = z.strictObject({
  ...strategySettings.shape,
  ...derived,
  strategyId: id,
  bookId: id,
  version: z.int().positive(),
  /** Version of the strategy's code that the parameters were checked by. */
  codeVersion: z.string(),
  savedBy: z.string(),
  createdAt: time,
});
export type StrategyVersionDoc = z.infer<typeof strategyVersionDoc>;

/** `BASE-QUOTE` of a market key (ARC-25). */
export const symbolOf = (key: string): string => key.split('_').slice(2).join('_');
