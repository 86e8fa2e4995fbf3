import { err, ok, type Result } from '../../lib/result.ts';
import type { EpochMs } from '../../lib/time.ts';
import type { WeightedBot } from './config.ts';
import type { Confirmation } from './confirmation.ts';
import { indicatorsInit, type IndicatorStates } from './indicators.ts';

/** What a bot carries from bar to bar: numbers and text only, so it can be stored as JSON. */
export type WeightedState = {
  readonly indicators: IndicatorStates;
  readonly confirmation: Confirmation | null;
  /** Close of the last bar; `null` before the first. */
  readonly lastBarCloseAt: EpochMs | null;
};

/** Weights are decimals that people type: 0.4 + 0.35 + 0.25 is 1 (IND-T04). */
const WEIGHT_TOLERANCE = 1e-9;

/**
 * The state of a bot that has seen no bar.
 *
 * @throws RangeError when the enabled weights sum to more than 1 or to nothing (STR-11), or a period is
 *   below 1 bar. The API's schema says the same in friendlier words; this guards what was stored before.
 */
export function weightedInit(bot: WeightedBot): WeightedState {
  const { rsi, movingAverage, macd } = bot.signalConfig;
  const weight = [rsi, movingAverage, macd].reduce(
    (sum, signal) => sum + (signal?.enabled === true ? signal.weight : 0),
    0,
  );
  if (!(weight > 0 && weight <= 1 + WEIGHT_TOLERANCE))
    throw new RangeError(
      `Invariant: the weights of enabled signals sum to more than 0 and at most 1, was ${weight}`,
    );
  return {
    indicators: indicatorsInit(bot.signalConfig),
    confirmation: null,
    lastBarCloseAt: null,
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isTime = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isTimeOrNull = (value: unknown): boolean => value === null || isTime(value);

const SETTINGS = ['period', 'kind'];

/** Whether `value` is built as `model` is: the same keys, finite numbers, the same settings. */
function builtLike(model: unknown, value: unknown, key = ''): boolean {
  if (Array.isArray(model)) return Array.isArray(value) && value.every(Number.isFinite);
  if (isRecord(model))
    return (
      isRecord(value) &&
      Object.keys(value).length === Object.keys(model).length &&
      Object.keys(model).every((name) => builtLike(model[name], value[name], name))
    );
  if (key === 'previous') return value === null || Number.isFinite(value);
  if (SETTINGS.includes(key)) return value === model;
  return model === null ? value === null : Number.isFinite(value);
}

const isConfirmation = (value: unknown): boolean =>
  value === null ||
  (isRecord(value) &&
    (value['action'] === 'BUY' || value['action'] === 'SELL') &&
    isTime(value['startedAt']) &&
    isTimeOrNull(value['confirmedAt']) &&
    isTime(value['heldAt']) &&
    isTime(value['evaluatedAt']));

function isStateOf(bot: WeightedBot, value: unknown): value is WeightedState {
  return (
    isRecord(value) &&
    builtLike(weightedInit(bot).indicators, value['indicators']) &&
    isConfirmation(value['confirmation']) &&
    isTimeOrNull(value['lastBarCloseAt'])
  );
}

/** A stored state, if it is one of this bot with these settings; otherwise why it is not. */
export function weightedRestore(bot: WeightedBot, text: string): Result<WeightedState, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err('the stored state is not JSON');
  }
  return isStateOf(bot, value) ? ok(value) : err(`the stored state is not one of ${bot.botId}`);
}
