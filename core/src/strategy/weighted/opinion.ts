import type { BotAction } from './confirmation.ts';
import type { WeightedParams } from './params.ts';
import type { Readings } from './readings.ts';
import {
  combine,
  confidenceOf,
  macdScore,
  maScore,
  rsiScore,
  separationPct,
  type ScorePart,
} from './score.ts';
import {
  actionThresholdOf,
  TEMPERATURE_LIMITS,
  temperatureOf,
  type Temperature,
} from './temperature.ts';

/** What the indicators say of one bar, before anything else is asked. */
export type Opinion = {
  /** -1 to 1, positive = buy pressure; `null` while an enabled signal is not ready (IND-31). */
  readonly score: number | null;
  readonly rsiScore: number | null;
  readonly maScore: number | null;
  readonly macdScore: number | null;
  readonly temperature: Temperature;
  readonly confidence: number;
  readonly actionThreshold: number;
  /** What the score alone asks for (STR-15). */
  readonly action: BotAction;
};

function scoresOf({ signalConfig }: WeightedParams, readings: Readings) {
  const { rsi, movingAverage } = signalConfig;
  const { fastMa, slowMa, macd, atr } = readings;
  const separation =
    fastMa === undefined || slowMa === undefined ? undefined : separationPct(fastMa, slowMa);
  return {
    rsiScore: rsi === null || readings.rsi === undefined ? null : rsiScore(readings.rsi, rsi),
    maScore: movingAverage === null || separation === undefined ? null : maScore(separation),
    macdScore: macd === undefined || atr === undefined ? null : macdScore(macd.histogram, atr),
  };
}

/** Weighs the readings of one bar (IND-25 to IND-31, STR-13, STR-15); `dataQuality` is 0 to 1 (MD-11). */
export function opinionOf(params: WeightedParams, readings: Readings, dataQuality = 1): Opinion {
  const scores = scoresOf(params, readings);
  const { rsi, movingAverage, macd } = params.signalConfig;
  const part = (
    score: number | null,
    signal: { enabled: boolean; weight: number } | null,
  ): ScorePart[] => (signal?.enabled === true ? [{ score, weight: signal.weight }] : []);
  const combined = combine([
    ...part(scores.rsiScore, rsi),
    ...part(scores.maScore, movingAverage),
    ...part(scores.macdScore, macd),
  ]);
  const actionThreshold = actionThresholdOf(params);
  if (combined === null)
    return {
      ...scores,
      score: null,
      temperature: 'FROZEN',
      confidence: 0,
      actionThreshold,
      action: 'HOLD',
    };
  const { score } = combined;
  const strong = Math.abs(score) >= actionThreshold;
  return {
    ...scores,
    score,
    temperature: temperatureOf(score, params.temperatureTable),
    confidence: confidenceOf(
      combined,
      TEMPERATURE_LIMITS[params.temperatureTable].HOT,
      dataQuality,
    ),
    actionThreshold,
    action: !strong ? 'HOLD' : score > 0 ? 'BUY' : 'SELL',
  };
}

const shown = (x: number): string => {
  const size = Math.abs(x);
  return size.toFixed(size >= 0.01 || size === 0 ? 2 : 4);
};
const sideOf = (x: number): string => (x > 0 ? 'above' : 'below');

/** Why the score is what it is, one sentence for each signal that pulls somewhere. */
export function reasonsOf(params: WeightedParams, readings: Readings, opinion: Opinion): string[] {
  const { rsi, fastMa, slowMa, macd, atr } = readings;
  const { signalConfig } = params;
  const reasons: string[] = [];
  if (rsi !== undefined && signalConfig.rsi !== null && opinion.rsiScore !== null) {
    const { buyThreshold, sellThreshold } = signalConfig.rsi;
    if (opinion.rsiScore > 0)
      reasons.push(`RSI ${rsi.toFixed(1)} is oversold (limit ${buyThreshold})`);
    if (opinion.rsiScore < 0)
      reasons.push(`RSI ${rsi.toFixed(1)} is overbought (limit ${sellThreshold})`);
  }
  const apart =
    fastMa === undefined || slowMa === undefined ? 0 : (separationPct(fastMa, slowMa) ?? 0);
  if (apart !== 0) reasons.push(`fast MA ${shown(apart)} % ${sideOf(apart)} slow MA`);
  if (macd !== undefined && atr !== undefined && atr > 0 && macd.histogram !== 0)
    reasons.push(
      `MACD histogram ${shown(macd.histogram / atr)} ATR ${sideOf(macd.histogram)} zero`,
    );
  if (opinion.score !== null)
    reasons.push(
      `score ${opinion.score.toFixed(2)} is ${opinion.temperature} (acts from ${opinion.actionThreshold})`,
    );
  return reasons;
}
