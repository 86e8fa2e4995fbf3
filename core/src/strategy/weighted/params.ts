import * as z from 'zod';
import { DEFAULT_SIGNALS, PRESETS } from './presets.ts';

const weight = z.number().min(0).max(1);
const period = z.int().min(1).max(500);

/** Wilder's RSI on closes (IND-12, IND-25). */
const rsi = z.strictObject({
  enabled: z.boolean(),
  weight,
  period,
  buyThreshold: z.number().min(0).max(100),
  sellThreshold: z.number().min(0).max(100),
});
/** Separation of two moving averages (IND-26). */
const movingAverage = z.strictObject({
  enabled: z.boolean(),
  weight,
  kind: z.enum(['SMA', 'EMA']),
  fast: period,
  slow: period,
});
/** MACD histogram in units of ATR (IND-27). */
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

export type SignalConfig = z.infer<typeof signalConfig>;

/** What a weighted bot decides by, field by field (STR-10); percent fields are percent (5 = 5 %). */
export const weightedFields = {
  timeframe: z.enum(['1m', '5m', '15m', '1h']),
  /** Least move from the last fill before another trade on the same side (STR-19). */
  tradeStepPct: z.number().min(0).max(50),
  /** From the last fill (STR-18). */
  cooldownMinutes: z.number().min(1).max(1_440),
  /** How long the same wish has to be held (STR-17). */
  confirmationMinutes: z.number().min(0).max(60),
  minTradeTemperature: z.enum(['WARM', 'HOT']),
  minConfidence: z.number().min(0).max(1),
  temperatureTable: z.enum(['production', 'sensitive']),
  signalConfig,
  /** Enters short where a score to sell finds nothing to sell: on futures alone (STR-21); left out = no. */
  allowShort: z.boolean().optional(),
};

export type WeightedParams = z.infer<z.ZodObject<typeof weightedFields>>;

const { balanced } = PRESETS;

/** Parameters of the strategy `weighted`: what is left out is as in a new balanced bot (STR-20). */
export const weightedParams = z.strictObject({
  timeframe: weightedFields.timeframe.default('1m'),
  tradeStepPct: weightedFields.tradeStepPct.default(2),
  cooldownMinutes: weightedFields.cooldownMinutes.default(balanced.cooldownMinutes),
  confirmationMinutes: weightedFields.confirmationMinutes.default(balanced.confirmationMinutes),
  minTradeTemperature: weightedFields.minTradeTemperature.default(balanced.minTradeTemperature),
  minConfidence: weightedFields.minConfidence.default(balanced.minConfidence),
  temperatureTable: weightedFields.temperatureTable.default('production'),
  signalConfig: weightedFields.signalConfig.default(DEFAULT_SIGNALS),
  allowShort: weightedFields.allowShort,
});
