import { BLOCKING_REASONS } from '@tradewind/core/strategy/blocking';
import * as z from 'zod';
import { id, marketKey, money, percent, price, symbol, time } from '../wire.ts';

const weight = z.number().min(0).max(1);
const period = z.int().min(1).max(500);

const rsi = z.strictObject({
  enabled: z.boolean(),
  weight,
  period,
  buyThreshold: z.number().min(0).max(100),
  sellThreshold: z.number().min(0).max(100),
});
const movingAverage = z.strictObject({
  enabled: z.boolean(),
  weight,
  kind: z.enum(['SMA', 'EMA']),
  fast: period,
  slow: period,
});
const macd = z.strictObject({
  enabled: z.boolean(),
  weight,
  fast: period,
  slow: period,
  signal: period,
});

type Weighted = { readonly enabled: boolean; readonly weight: number } | null;
/** Weights are decimals typed by people: compare with a tolerance below any typed digit. */
const enabledWeight = (parts: readonly Weighted[]): number =>
  parts.reduce((sum, part) => sum + (part?.enabled === true ? part.weight : 0), 0);

/** Parts of the score and their weights (STR-11). */
export const signalConfig = z
  .strictObject({
    rsi: rsi.nullable(),
    movingAverage: movingAverage.nullable(),
    macd: macd.nullable(),
  })
  .check((context) => {
    const { rsi: r, movingAverage: ma, macd: m } = context.value;
    const total = enabledWeight([r, ma, m]);
    const fault = (message: string, path: string[]): void => {
      context.issues.push({ code: 'custom', message, path, input: context.value });
    };
    if (total > 1 + 1e-9)
      fault(`weights of enabled signals sum to ${total}, at most 1 is allowed`, []);
    if (total <= 0)
      fault('no enabled signal has a weight above 0, so the bot could never trade', []);
    if (ma !== null && ma.fast >= ma.slow)
      fault(`fast (${ma.fast}) must be below slow (${ma.slow})`, ['movingAverage', 'fast']);
    if (m !== null && m.fast >= m.slow)
      fault(`fast (${m.fast}) must be below slow (${m.slow})`, ['macd', 'fast']);
    if (r !== null && r.buyThreshold >= r.sellThreshold)
      fault('buyThreshold must be below sellThreshold', ['rsi', 'buyThreshold']);
  });

/** What a person sets of a weighted bot (STR-10). */
export const botSettings = z.strictObject({
  name: z.string().min(1).max(60),
  timeframe: z.enum(['1m', '5m', '15m', '1h']),
  positionSizeQuote: money,
  maxPositions: z.int().min(1).max(5),
  stopLossPct: percent(0.01, 50),
  takeProfitPct: percent(0.01, 200),
  trailingStopPct: percent(0.01, 50).nullable(),
  tradeStepPct: percent(0, 50),
  cooldownMinutes: z.number().min(1).max(1_440),
  confirmationMinutes: z.number().min(0).max(60),
  minTradeTemperature: z.enum(['WARM', 'HOT']),
  minConfidence: z.number().min(0).max(1),
  temperatureTable: z.enum(['production', 'sensitive']),
  signalConfig,
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

/** `strategyStates/{strategyId__marketKey}`: plain state that an evaluation resumes from; server only. */
export const strategyStateDoc = z.strictObject({
  strategyId: id,
  marketKey,
  /** Version of the bot whose settings made this state; another version starts afresh. */
  botVersion: z.int().nonnegative(),
  /** JSON of the core's state: it holds floats in nested arrays, which only the core reads. */
  state: z.string(),
  lastBarCloseAt: time,
  updatedAt: time,
});
export type StrategyStateDoc = z.infer<typeof strategyStateDoc>;
