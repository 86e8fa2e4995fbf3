import * as z from 'zod';
import { id, marketKey } from './wire.ts';

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

export const botCommandRequest = z.strictObject({ commandId, botId: id });

/** A forced trade through the whole pipeline, on paper books only (ARC-63). */
export const simulateBotTradeRequest = z.strictObject({
  commandId,
  botId: id,
  action: z.enum(['BUY', 'SELL']),
});

export const closePositionRequest = z.strictObject({ commandId, bookId: id, positionId: id });
export const cancelOrderRequest = z.strictObject({ commandId, bookId: id, orderId: id });
export const acknowledgeAlertRequest = z.strictObject({ commandId, alertId: id });
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

/** Name, least role and request of every command (00, section 8). */
export const callables = {
  emergencyCancel: { role: 'trader', request: emergencyCancelRequest },
  resetSafety: { role: 'admin', request: resetSafetyRequest },
  startBot: { role: 'trader', request: botCommandRequest },
  stopBot: { role: 'trader', request: botCommandRequest },
  simulateBotTrade: { role: 'trader', request: simulateBotTradeRequest },
  closePosition: { role: 'trader', request: closePositionRequest },
  cancelOrder: { role: 'trader', request: cancelOrderRequest },
  acknowledgeAlert: { role: 'viewer', request: acknowledgeAlertRequest },
  syncOrdersNow: { role: 'trader', request: syncOrdersNowRequest },
  startRecording: { role: 'trader', request: startRecordingRequest },
  stopRecording: { role: 'trader', request: stopRecordingRequest },
} as const;
export type CallableName = keyof typeof callables;
export type CallableRequest<N extends CallableName> = z.input<(typeof callables)[N]['request']>;
