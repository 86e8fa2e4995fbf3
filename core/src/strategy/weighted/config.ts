import type { Timeframe } from '../../market/market.ts';
import type { Money } from '../../lib/units.ts';

export type Temperature = 'HOT' | 'WARM' | 'COOL' | 'FROZEN';
export type TemperatureTable = 'production' | 'sensitive';

/** Lower limits of |score| per level (STR-13). */
export const TEMPERATURE_LIMITS: Readonly<
  Record<TemperatureTable, { readonly HOT: number; readonly WARM: number; readonly COOL: number }>
> = {
  production: { HOT: 0.3, WARM: 0.15, COOL: 0.05 },
  sensitive: { HOT: 0.08, WARM: 0.03, COOL: 0.005 },
};

/** RSI part of a weighted bot: Wilder's RSI on closes (IND-12, IND-25). */
export type RsiSignal = {
  readonly enabled: boolean;
  readonly weight: number;
  readonly period: number;
  readonly buyThreshold: number;
  readonly sellThreshold: number;
};
/** Separation of two moving averages (IND-26). */
export type MovingAverageSignal = {
  readonly enabled: boolean;
  readonly weight: number;
  readonly kind: 'SMA' | 'EMA';
  readonly fast: number;
  readonly slow: number;
};
/** MACD histogram in units of ATR (IND-27). */
export type MacdSignal = {
  readonly enabled: boolean;
  readonly weight: number;
  readonly fast: number;
  readonly slow: number;
  readonly signal: number;
};

/** What a weighted-signal bot is made of (STR-10, STR-11). Percent fields are percent (5 = 5 %). */
export type WeightedBot = {
  readonly botId: string;
  readonly bookId: string;
  readonly name: string;
  readonly marketKey: string;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly positionSizeQuote: Money;
  readonly maxPositions: number;
  readonly stopLossPct: number;
  readonly takeProfitPct: number;
  /** Trailing distance; `null` = no trailing stop. */
  readonly trailingStopPct: number | null;
  readonly tradeStepPct: number;
  readonly cooldownMinutes: number;
  readonly confirmationMinutes: number;
  readonly minTradeTemperature: 'WARM' | 'HOT';
  readonly minConfidence: number;
  readonly temperatureTable: TemperatureTable;
  readonly signalConfig: {
    readonly rsi: RsiSignal | null;
    readonly movingAverage: MovingAverageSignal | null;
    readonly macd: MacdSignal | null;
  };
};
