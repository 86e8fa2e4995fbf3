import { BLOCKING_REASONS } from '@tradewind/core/strategy/blocking';
import { weightedFields } from '@tradewind/core/strategy/weighted/params';
import * as z from 'zod';
import { id, marketKey, money, percent, price, qty, symbol, time } from '../wire.ts';
import { dumpExit, holdLimits, sizingPlan, tranchePlan, trailingStop } from './protection.ts';

/** What a person sets of a weighted bot (STR-10). */
export const botSettings = z.strictObject({
  name: z.string().min(1).max(60),
  ...weightedFields,
  positionSizeQuote: money,
  maxPositions: z.int().min(1).max(5),
  stopLossPct: percent(0.01, 50),
  takeProfitPct: percent(0.01, 200),
  trailingStopPct: trailingStop,
  hold: holdLimits.optional(),
  dumpExit: dumpExit.optional(),
  /** Left out = what it holds is not added to. */
  tranches: tranchePlan.optional(),
  /** Left out = sized as it asks. */
  sizing: sizingPlan.optional(),
  /** Of its futures positions (RSK-102); absent = as its book's limits say. */
  leverage: z.int().min(1).max(200).optional(),
});

/** `bots/{id}`: a weighted-signal bot. */
export const botDoc = z.strictObject({
  ...botSettings.shape,
  botId: id,
  bookId: id,
  marketKey,
  symbol,
  status: z.enum(['STOPPED', 'RUNNING', 'ERROR']),
  preset: z.string(),
  /** Of a paper book's bot: whether it may be left to trade alone, and what is missing (PF-16); absent until judged. */
  readiness: z
    .strictObject({
      status: z.enum(['READY', 'NOT_READY']),
      missing: z.array(z.string()).readonly(),
      /** Wall time since which it is so, or was found to be within the last day. */
      at: time,
    })
    .optional(),
  createdAt: time,
  updatedAt: time,
  version: z.int().nonnegative(),
});
export type BotDoc = z.infer<typeof botDoc>;

export const blockRecord = z.strictObject({
  reason: z.enum(BLOCKING_REASONS),
  detail: z.string(),
});

/** `botStatus/{id}`: what the bot thinks now and why it does not trade (STR-12, STR-18). */
export const botStatusDoc = z.strictObject({
  botId: id,
  bookId: id,
  symbol,
  action: z.enum(['BUY', 'SELL', 'HOLD']),
  /** -1 to 1; `null` while warming up. */
  score: z.number().min(-1).max(1).nullable(),
  rsiScore: z.number().nullable(),
  maScore: z.number().nullable(),
  macdScore: z.number().nullable(),
  temperature: z.enum(['HOT', 'WARM', 'COOL', 'FROZEN']),
  confidence: z.number().min(0).max(1),
  actionThreshold: z.number(),
  /** STR-16, 0 to 100. */
  progressPct: z.number().min(0).max(100),
  confirmationStartedAt: time.nullable(),
  confirmedAt: time.nullable(),
  cooldownUntil: time.nullable(),
  canTrade: z.boolean(),
  block: blockRecord.nullable(),
  /** Evaluations in a row that failed (STR-06); left out = none. */
  failures: z.int().nonnegative().optional(),
  lastPrice: price.nullable(),
  lastBarCloseAt: time.nullable(),
  /** Wall clock. */
  evaluatedAt: time,
  maxAgeMs: z.int().positive(),
});
export type BotStatusDoc = z.infer<typeof botStatusDoc>;

/** What a strategy was last told of what became of its signals and its position. */
const toldRecord = z.strictObject({
  /** Signals that have not ended. */
  signals: z.array(
    z.strictObject({
      signalId: id,
      action: z.enum(['ENTER', 'ADD', 'REDUCE', 'EXIT']),
      /** As `OrderUpdate` says it; `null` before the gate decided. */
      status: z.enum(['approved', 'partial']).nullable(),
    }),
  ),
  position: z.strictObject({ positionId: id, quantity: qty }).nullable(),
});

/** `strategyStates/{strategyId__marketKey}`: plain state that an evaluation resumes from; server only. */
export const strategyStateDoc = z.strictObject({
  strategyId: id,
  marketKey,
  /** Version of the bot or strategy that decided last. */
  botVersion: z.int().nonnegative(),
  /** The engine's state as `stored` writes it: it holds floats in nested arrays, which only the core reads. */
  state: z.string(),
  told: toldRecord.default({ signals: [], position: null }),
  lastBarCloseAt: time,
  updatedAt: time,
});
export type StrategyStateDoc = z.infer<typeof strategyStateDoc>;

/** `strategyStatus/{strategyId__marketKey}`: what a strategy thinks of one of its markets now (STR-04). */
export const strategyStatusDoc = z.strictObject({
  strategyId: id,
  bookId: id,
  marketKey,
  symbol,
  status: z.enum(['RUNNING', 'PAUSED', 'ERROR']),
  /** As the strategy itself puts it. */
  view: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])).nullable(),
  canTrade: z.boolean(),
  block: blockRecord.nullable(),
  /** Evaluations in a row that failed (STR-06). */
  failures: z.int().nonnegative(),
  lastPrice: price.nullable(),
  lastBarCloseAt: time.nullable(),
  /** Wall clock. */
  evaluatedAt: time,
  maxAgeMs: z.int().positive(),
});
export type StrategyStatusDoc = z.infer<typeof strategyStatusDoc>;
