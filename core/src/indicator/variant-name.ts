import { err, ok, type Result } from '../lib/result.ts';
import { BASES, type Base, type VariantType } from './bases.ts';
import { parsePredicate, predicateName, type Predicate } from './predicate.ts';

/** An indicator with fixed parameters (IND-09). */
export type Variant = {
  /** Canonical name: variants of the same base, parameters and predicate share one. */
  readonly id: string;
  readonly base: string;
  readonly kind: Base['kind'];
  readonly type: VariantType;
  readonly parameters: readonly number[];
  /** `null`: the value itself. */
  readonly predicate: Predicate | null;
  /** Who asked for it first: a person's or a bot's id, or `system`. Not part of what it is. */
  readonly createdBy: string;
};

/** Why a name is not one of a variant, in words for people. */
export type VariantFault = {
  readonly kind: 'unknown-base' | 'parameters' | 'predicate';
  readonly message: string;
};

/** Longer than any name that means something. */
const MAX_LENGTH = 100;
const NUMBER = /^-?\d+(\.\d+)?$/;
const fault = (kind: VariantFault['kind'], message: string): Result<never, VariantFault> =>
  err({ kind, message });

/** The base that a name begins with, the longest that fits, and what follows it. */
function splitBase(name: string): { name: string; base: Base; rest: string[] } | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  const parts = name.split('_');
  for (let length = parts.length; length > 0; length -= 1) {
    const candidate = parts.slice(0, length).join('_');
    const base = BASES.get(candidate);
    if (base !== undefined) return { name: candidate, base, rest: parts.slice(length) };
  }
  return undefined;
}

/** What is wrong with a base's parameters; `undefined` when nothing is. */
function wrong({ parameters, order }: Base, values: readonly number[]): string | undefined {
  const presets = parameters.map((parameter) => parameter.default).join('_');
  if (values.length !== parameters.length)
    return `takes ${parameters.length} numbers${presets === '' ? '' : `, such as ${presets}`}, not ${values.length}`;
  for (const [at, { min, max, whole }] of parameters.entries()) {
    const value = values[at] ?? Number.NaN;
    if (!(value >= min && value <= max) || (whole && !Number.isInteger(value)))
      return `takes ${whole ? 'whole numbers' : 'a number'} of ${min} to ${max} in place ${at + 1}, not ${value}`;
  }
  const [first = 0, second = 0] = values;
  if (order === 'older-first' && first <= second)
    return `looks from ${first} s ago to ${second} s ago: the first must be the older`;
  if (order === 'fast-first' && first >= second)
    return `takes the shorter period first, not ${first} and ${second}`;
  return undefined;
}

const nameOf = (base: string, values: readonly number[], predicate: Predicate | null): string =>
  [base, ...values, ...(predicate === null ? [] : [predicateName(predicate)])].join('_');

/**
 * Reads a variant's name (IND-09, IND-10):
 *
 *   BASE_t1_t2            a window from t1 to t2 seconds ago, such as TWPA_300_0
 *   BASE_n, BASE_n_n_n    bars, such as RSI_14 or MACD_12_26_9
 *   …_rising, …_above_70  1 or 0: whether that holds (see {@link Predicate})
 *
 * Without numbers the base's defaults hold. Numbers are never negative, but for a predicate's threshold.
 */
export function parseVariant(name: string, createdBy = 'system'): Result<Variant, VariantFault> {
  const found = splitBase(name);
  if (found === undefined)
    return fault(
      'unknown-base',
      `"${name}" does not begin with an indicator's name, such as RSI, MACD, BB, TWPA or PATTERN_DOJI`,
    );
  const { base, rest } = found;
  const end = rest.findIndex((part) => !NUMBER.test(part));
  const numbers = end < 0 ? rest : rest.slice(0, end);
  const suffix = end < 0 ? [] : rest.slice(end);
  const values =
    numbers.length === 0
      ? base.parameters.map((parameter) => parameter.default)
      : numbers.map(Number);
  const problem = wrong(base, values);
  if (problem !== undefined) return fault('parameters', `"${name}": ${found.name} ${problem}`);
  const predicate = suffix.length === 0 ? null : parsePredicate(suffix.join('_'));
  if (predicate === undefined)
    return fault(
      'predicate',
      `"${name}": "${suffix.join('_')}" is none of rising, falling, above_x, below_x, crossUp_x, crossDown_x`,
    );
  return ok({
    id: nameOf(found.name, values, predicate),
    base: found.name,
    kind: base.kind,
    type: base.type,
    parameters: values,
    predicate,
    createdBy,
  });
}

/** Names that strategies use in conditions, and the variants they mean (IND-40). */
const CONDITIONS: Readonly<Record<string, string>> = {
  pump_magnitude_pct: 'PUMP_MAGNITUDE',
  volume_surge_ratio: 'VOLUME_SURGE',
  price_momentum: 'MOMENTUM',
  rsi: 'RSI',
  spread_pct: 'SPREAD_PCT',
  twpa: 'TWPA',
  velocity: 'VELOCITY',
  volatility: 'VOLATILITY_TICK',
  trade_rate: 'TRADE_RATE',
  cvd: 'CVD_1H',
  imbalance: 'IMBALANCE',
  price: 'PRICE',
};

/**
 * The variant that a condition names, with the strategy's own parameters if it gives any (IND-40). A
 * variant's name is taken as it is.
 */
export function conditionVariant(
  condition: string,
  parameters: readonly number[] = [],
): Result<Variant, VariantFault> {
  return parseVariant([CONDITIONS[condition] ?? condition, ...parameters].join('_'));
}
