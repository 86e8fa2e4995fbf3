import { money, percentOf, type Money } from '../../lib/units.ts';
import type { SignalConfig, WeightedParams } from './params.ts';

/** A ready-made temper for a bot (STR-20). */
type Preset = Pick<
  WeightedParams,
  'confirmationMinutes' | 'cooldownMinutes' | 'minTradeTemperature' | 'minConfidence'
> & {
  /** Multiplies the size that a person asks for. */
  readonly sizeFactor: number;
};

/** From the calmest to the busiest. Below a confidence of 0.6 a preset acts in paper books only (STR-23). */
export const PRESETS = {
  conservative: {
    confirmationMinutes: 10,
    cooldownMinutes: 30,
    minTradeTemperature: 'HOT',
    minConfidence: 0.7,
    sizeFactor: 0.5,
  },
  balanced: {
    confirmationMinutes: 5,
    cooldownMinutes: 15,
    minTradeTemperature: 'HOT',
    minConfidence: 0.6,
    sizeFactor: 1,
  },
  'aggressive-balanced': {
    confirmationMinutes: 5,
    cooldownMinutes: 15,
    minTradeTemperature: 'WARM',
    minConfidence: 0.75,
    sizeFactor: 1,
  },
  aggressive: {
    confirmationMinutes: 2,
    cooldownMinutes: 10,
    minTradeTemperature: 'WARM',
    minConfidence: 0.5,
    sizeFactor: 1,
  },
} as const satisfies Readonly<Record<string, Preset>>;
export type PresetName = keyof typeof PRESETS;

/** What a person sets of a bot: everything but where it trades. Percent fields are percent (5 = 5 %). */
export type BotSettings = WeightedParams & {
  readonly name: string;
  readonly positionSizeQuote: Money;
  readonly maxPositions: number;
  readonly stopLossPct: number;
  readonly takeProfitPct: number;
  /** Trailing distance; `null` = no trailing stop. */
  readonly trailingStopPct: number | 'class' | null;
  /** Of its futures positions, 1 to 200; left out = as its book's limits say. */
  readonly leverage?: number | undefined;
};

/** The three signals at their usual lengths, sharing the whole weight (IND-25 to IND-27, IND-30). */
export const DEFAULT_SIGNALS: SignalConfig = {
  rsi: { enabled: true, weight: 0.4, period: 14, buyThreshold: 30, sellThreshold: 70 },
  movingAverage: { enabled: true, weight: 0.35, kind: 'SMA', fast: 10, slow: 30 },
  macd: { enabled: true, weight: 0.25, fast: 12, slow: 26, signal: 9 },
};

/** Size of a trade where a person names none (STR-10). */
const DEFAULT_POSITION_SIZE = money('100');

/**
 * The settings of a new bot: the preset's own numbers, and the defaults of STR-10 for the rest.
 *
 * @param size Quote amount per trade before the preset's factor; 100 when left out.
 */
export function botFromPreset(preset: PresetName, name: string, size?: Money): BotSettings {
  const { sizeFactor, ...temper } = PRESETS[preset];
  return {
    name,
    timeframe: '1m',
    positionSizeQuote: percentOf(size ?? DEFAULT_POSITION_SIZE, sizeFactor * 100, 'floor'),
    maxPositions: 1,
    stopLossPct: 5,
    takeProfitPct: 10,
    trailingStopPct: null,
    tradeStepPct: 2,
    ...temper,
    temperatureTable: 'production',
    signalConfig: DEFAULT_SIGNALS,
  };
}
