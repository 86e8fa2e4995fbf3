import { PRESETS } from '@tradewind/core/strategy/weighted/presets';
import { configurationSchema } from '@tradewind/core/strategy/configurations/configuration';
import * as z from 'zod';
import { mode, targetRange } from './documents/book.ts';
import { botSettings } from './documents/bot.ts';
import { MAX_SESSION_STRATEGIES } from './documents/session.ts';
import { limitChanges } from './documents/risk.ts';
import { strategySettings } from './documents/strategy.ts';
import { tradingConfigDoc } from './documents/trading-config.ts';
import { id, marketKey, money, symbol } from './wire.ts';

/** Client-generated; a repeated call with the same id gets the first reply (ARC-61). */
const commandId = z.uuid();

/** Reply of every command (ARC-61). */
export const commandReply = z.strictObject({
  ok: z.boolean(),
  code: z.string(),
  message: z.string(),
  id: z.string().optional(),
  /** Per item results, for people: `order tw… cancelled`. */
  items: z
    .array(z.strictObject({ item: z.string(), result: z.string(), ok: z.boolean() }))
    .optional(),
});
export type CommandReply = z.infer<typeof commandReply>;

/** Cancels every open order, blocks entries, and closes positions when `flatten` (RSK-90). */
export const emergencyCancelRequest = z.strictObject({
  commandId,
  /** One book; all books when left out. */
  bookId: id.optional(),
  flatten: z.boolean().default(false),
  reason: z.string().max(500).default(''),
});

/** The way back from an emergency stop (RSK-94). */
export const resetSafetyRequest = z.strictObject({
  commandId,
  bookId: id.optional(),
  reason: z.string().min(10, 'give a reason of at least 10 characters').max(500),
  confirm: z.literal('RESET', { error: 'type RESET to confirm' }),
});

const reason = z.string().trim().min(10, 'give a reason of at least 10 characters').max(500);

/** Changes limits of a book: what is tighter holds at once, what is looser in 60 s (RSK-01). */
export const setRiskLimitsRequest = z.strictObject({
  commandId,
  bookId: id,
  changes: limitChanges.refine((some) => Object.keys(some).length > 0, {
    error: 'name at least one limit to change',
  }),
  reason,
});

/** Changes the limit profile of a live book (RSK-06). */
export const setModeRequest = z.strictObject({
  commandId,
  bookId: id,
  mode: z.enum(['small', 'full']),
  reason,
});

/** The range of a month's return that reports compare with (PF-93); `null` = none. Nothing trades by it. */
export const setTargetRangeRequest = z.strictObject({
  commandId,
  bookId: id,
  target: targetRange.nullable(),
});

/** Lets a strategy trade again that was disabled for what it did (RSK-66). */
export const enableStrategyRequest = z.strictObject({
  commandId,
  bookId: id,
  strategyId: id,
  reason,
});

/** Allots an amount to a strategy (RSK-55); 0 takes its budget away. */
export const allocateBudgetRequest = z.strictObject({
  commandId,
  bookId: id,
  strategyId: id,
  amount: money.refine((amount) => amount >= 0n, { error: 'must not be below 0' }),
});

export const botCommandRequest = z.strictObject({ commandId, botId: id });

const presets = Object.keys(PRESETS) as (keyof typeof PRESETS)[];
const someSettings = botSettings.partial();

/** A new bot (STR-10): the preset's numbers, but for those that are named. */
export const createBotRequest = z.strictObject({
  commandId,
  bookId: id,
  marketKey,
  preset: z.enum(presets),
  settings: someSettings.required({ name: true }),
});

/** Changes what is named; a bot that runs decides by it as soon as it is flat (STR-07). */
export const updateBotRequest = z.strictObject({
  commandId,
  botId: id,
  settings: someSettings.refine((some) => Object.keys(some).length > 0, {
    error: 'name at least one setting to change',
  }),
});

/** Stops every bot of a book; of all books when left out. */
export const stopAllBotsRequest = z.strictObject({ commandId, bookId: id.optional() });

/** A new strategy, or with `strategyId` the next version of one (STR-07). */
export const saveStrategyRequest = z.strictObject({
  commandId,
  bookId: id,
  strategyId: id.optional(),
  settings: strategySettings,
});
export const strategyCommandRequest = z.strictObject({ commandId, strategyId: id });

/** A trading configuration of one's own, that sessions may name (STR-72); one of the same id is replaced. */
export const saveTradingConfigRequest = z.strictObject({
  commandId,
  configId: id,
  name: tradingConfigDoc.shape.name,
  configuration: configurationSchema,
});

/** Starts strategies together (STR-90). */
export const startSessionRequest = z.strictObject({
  commandId,
  bookId: id,
  /** The book's own: named so that nobody trades live by mistake. */
  mode,
  symbols: z.array(symbol).min(1, 'name at least one symbol').max(100),
  strategyIds: z
    .array(id)
    .min(1, 'name at least one strategy')
    .max(MAX_SESSION_STRATEGIES)
    .refine((ids) => new Set(ids).size === ids.length, { error: 'names a strategy twice' }),
  /** Quote currency that the session's results are measured against. */
  initialCapital: money.refine((capital) => capital > 0n, { error: 'must be above 0' }),
  leverage: z.int().min(1).max(200).default(1),
  /** A trading configuration by name, or `tradingConfigs/{id}`; left out, the one that the strategies have (STR-72). */
  configId: id.optional(),
});
export const sessionCommandRequest = z.strictObject({ commandId, sessionId: id });
export const stopSessionRequest = z.strictObject({
  commandId,
  sessionId: id,
  /** Sells at the market what is held; otherwise the session ends when its strategies have left by themselves. */
  closePositions: z.boolean().default(false),
});

/** A forced trade through the whole pipeline, on paper books only (ARC-63). */
export const simulateBotTradeRequest = z.strictObject({
  commandId,
  botId: id,
  action: z.enum(['BUY', 'SELL']),
});

export const closePositionRequest = z.strictObject({ commandId, bookId: id, positionId: id });
export const cancelOrderRequest = z.strictObject({ commandId, bookId: id, orderId: id });
/** What became of an order that has been unclear for more than a minute, as a person found out (EXE-23). */
export const settleOrderRequest = z.strictObject({
  commandId,
  bookId: id,
  orderId: id,
  decision: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('notSent') }),
    z.strictObject({
      kind: z.literal('filled'),
      /** As the venue calls it: its fills are read from there. */
      venueOrderId: z.string().trim().min(1).max(100),
    }),
  ]),
  evidence: z.string().trim().min(10, 'say in at least 10 characters how you know').max(500),
});
export const acknowledgeAlertRequest = z.strictObject({ commandId, alertId: id });
/** Cash that came or left and that the venue's history does not tell (PF-38, EXE-55). */
export const recordCashFlowRequest = z.strictObject({
  commandId,
  bookId: id,
  /** Negative when it left. */
  amount: money.refine((amount) => amount !== 0n, { error: 'must not be 0' }),
  reason: z.string().trim().min(10, 'give a reason of at least 10 characters').max(500),
});
/** Builds a book anew from the venue's fills (EXE-63). */
export const rebuildLedgerRequest = z.strictObject({
  commandId,
  bookId: id,
  daysBack: z.int().min(1).max(90).default(30),
  dryRun: z.boolean().default(true),
});
/** Puts a book back as it was before it was rebuilt. */
export const restoreLedgerRequest = z.strictObject({
  commandId,
  bookId: id,
  backupId: id,
  confirm: z.literal('RESTORE', { error: 'type RESTORE to confirm' }),
});
/** Has a task run again that had exhausted its retries (ARC-55). */
export const replayDeadLetterRequest = z.strictObject({ commandId, deadLetterId: id });
/** Gives such a task up for good. */
export const discardDeadLetterRequest = z.strictObject({ commandId, deadLetterId: id, reason });
export const syncOrdersNowRequest = z.strictObject({ commandId });

const HOUR_MS = 3_600_000;

/** Records markets for backtests (MD-91): a named span over the archive, on the feed that runs anyway. */
export const startRecordingRequest = z.strictObject({
  commandId,
  name: z.string().trim().min(1, 'give the recording a name').max(100),
  purpose: z.string().max(500).default(''),
  marketKeys: z.array(marketKey).min(1, 'name at least one market').max(500),
  channels: z
    .array(z.enum(['trades', 'candles']))
    .min(1)
    .default(['trades', 'candles']),
  /** Market milliseconds; 24 hours when left out, at most 30 days. */
  durationMs: z
    .int()
    .min(1_000, 'record for at least a second')
    .max(30 * 24 * HOUR_MS, 'record for at most 30 days')
    .default(24 * HOUR_MS),
});
export const stopRecordingRequest = z.strictObject({ commandId, sessionId: id });

/**
 * Name, least role and request of every command (00, section 8). A command that is `urgent` only ever takes risk away
 * and is done however many a user gave before (ARC-62).
 */
export const callables = {
  emergencyCancel: { role: 'trader', request: emergencyCancelRequest, urgent: true },
  resetSafety: { role: 'admin', request: resetSafetyRequest },
  setRiskLimits: { role: 'admin', request: setRiskLimitsRequest },
  setMode: { role: 'admin', request: setModeRequest },
  setTargetRange: { role: 'trader', request: setTargetRangeRequest },
  enableStrategy: { role: 'admin', request: enableStrategyRequest },
  allocateBudget: { role: 'admin', request: allocateBudgetRequest },
  startBot: { role: 'trader', request: botCommandRequest },
  stopBot: { role: 'trader', request: botCommandRequest },
  createBot: { role: 'trader', request: createBotRequest },
  updateBot: { role: 'trader', request: updateBotRequest },
  deleteBot: { role: 'trader', request: botCommandRequest },
  stopAllBots: { role: 'trader', request: stopAllBotsRequest, urgent: true },
  saveStrategy: { role: 'trader', request: saveStrategyRequest },
  saveTradingConfig: { role: 'trader', request: saveTradingConfigRequest },
  deleteStrategy: { role: 'trader', request: strategyCommandRequest },
  startStrategy: { role: 'trader', request: strategyCommandRequest },
  pauseStrategy: { role: 'trader', request: strategyCommandRequest },
  resumeStrategy: { role: 'trader', request: strategyCommandRequest },
  stopStrategy: { role: 'trader', request: strategyCommandRequest },
  startSession: { role: 'trader', request: startSessionRequest },
  pauseSession: { role: 'trader', request: sessionCommandRequest },
  resumeSession: { role: 'trader', request: sessionCommandRequest },
  stopSession: { role: 'trader', request: stopSessionRequest },
  simulateBotTrade: { role: 'trader', request: simulateBotTradeRequest },
  closePosition: { role: 'trader', request: closePositionRequest, urgent: true },
  cancelOrder: { role: 'trader', request: cancelOrderRequest, urgent: true },
  settleOrder: { role: 'admin', request: settleOrderRequest },
  acknowledgeAlert: { role: 'viewer', request: acknowledgeAlertRequest },
  recordCashFlow: { role: 'admin', request: recordCashFlowRequest },
  rebuildLedger: { role: 'admin', request: rebuildLedgerRequest },
  restoreLedger: { role: 'admin', request: restoreLedgerRequest },
  replayDeadLetter: { role: 'admin', request: replayDeadLetterRequest },
  discardDeadLetter: { role: 'admin', request: discardDeadLetterRequest },
  syncOrdersNow: { role: 'trader', request: syncOrdersNowRequest },
  startRecording: { role: 'trader', request: startRecordingRequest },
  stopRecording: { role: 'trader', request: stopRecordingRequest },
} as const;
export type CallableName = keyof typeof callables;
/** Whether a command is done whatever its user's pace. */
export const isUrgent = (name: CallableName): boolean => 'urgent' in callables[name];
export type CallableRequest<N extends CallableName> = z.input<(typeof callables)[N]['request']>;
