import type { BarValues } from '../market/bar.ts';
import { adxInit, adxNext } from './adx.ts';
import { atrPercentInit, atrPercentNext } from './atr-percent.ts';
import { atrInit, atrNext } from './atr.ts';
import { autocorrelationInit, autocorrelationNext } from './autocorrelation.ts';
import type { OWN_BASES } from './bases.ts';
import { bollingerInit, bollingerNext } from './bollinger.ts';
import { cciInit, cciNext } from './cci.ts';
import { cutlerRsiInit, cutlerRsiNext } from './cutler-rsi.ts';
import { emaInit, emaNext } from './ema.ts';
import { macdInit, macdNext } from './macd.ts';
import { obvInit, obvNext } from './obv.ts';
import { realisedVolatilityInit, realisedVolatilityNext } from './realised-volatility.ts';
import { rocInit, rocNext } from './roc.ts';
import { rsiInit, rsiNext } from './rsi.ts';
import { smaInit, smaNext } from './sma.ts';
import { stochasticInit, stochasticNext } from './stochastic.ts';
import { williamsRInit, williamsRNext } from './williams-r.ts';

/** Values by base; a base that is missing has none on this bar. */
export type Outputs<Name extends string = string> = {
  readonly [base in Name]?: number | undefined;
};

/** What a computation says of one bar: its only value, or its values by base; nothing while it has none. */
export type Outcome = Outputs | number | undefined;

/** The value of a base. */
export const valueOf = (outcome: Outcome, base: string): number | undefined =>
  typeof outcome === 'object' ? outcome[base] : outcome;

/** Bases that come out of one computation, so that variants of the same parameters share its state. */
export type Family = {
  readonly name: string;
  readonly outputs: readonly string[];
  /** Bars until all outputs can have a value. */
  readonly warmup: (parameters: readonly number[]) => number;
  /** Plain state that has seen nothing. @throws RangeError on parameters that `parseVariant` would refuse. */
  readonly init: (parameters: readonly number[]) => object;
  /** Feeds one closed bar, updating `state` in place. */
  readonly next: (state: object, bar: BarValues) => Outcome;
  /** Why the last bar has no outputs, when code that is not ours failed; `null` when none did. */
  readonly fault: (state: object) => string | null;
};

type Own = keyof typeof OWN_BASES;
type Making<S extends object, Name extends string> = {
  readonly outputs: readonly Name[];
  readonly warmup: (...parameters: number[]) => number;
  readonly init: (...parameters: number[]) => S;
  readonly next: (state: S, bar: BarValues) => Outputs<Name> | number | undefined;
  readonly fault?: (state: S) => string | null;
};

/** Forgets the type of a state: families stand in one list, and each only ever sees states of its own. */
export function family<S extends object, Name extends string>(making: Making<S, Name>): Family {
  const { outputs, warmup, init, next, fault = () => null } = making;
  return {
    name: outputs.join('+'),
    outputs,
    warmup: (parameters) => warmup(...parameters),
    init: (parameters) => init(...parameters),
    next: (state, bar) => next(state as S, bar),
    fault: (state) => fault(state as S),
  };
}

const own = <S extends object, Name extends Own>(making: Making<S, Name>): Family => family(making);

/** A family of one output. */
const single = <S extends object>(
  base: Own,
  making: Omit<Making<S, Own>, 'outputs' | 'next'> & {
    readonly next: (state: S, bar: BarValues) => number | undefined;
  },
): Family => family<S, string>({ ...making, outputs: [base] });

// A parameter that is missing is refused by the guards as NaN.
const none = Number.NaN;

/** Indicators of our own, all streaming. */
export const OWN_FAMILIES: readonly Family[] = [
  single('SMA', {
    warmup: (n = none) => n,
    init: (n = none) => smaInit(n),
    next: (state, { close }) => smaNext(state, close),
  }),
  single('EMA', {
    warmup: (n = none) => n,
    init: (n = none) => emaInit(n),
    next: (state, { close }) => emaNext(state, close),
  }),
  single('RSI', {
    warmup: (n = none) => n + 1,
    init: (n = none) => rsiInit(n),
    next: (state, { close }) => rsiNext(state, close),
  }),
  single('CUTLER_RSI', {
    warmup: (n = none) => n + 1,
    init: (n = none) => cutlerRsiInit(n),
    next: (state, { close }) => cutlerRsiNext(state, close),
  }),
  own({
    outputs: ['MACD', 'MACD_SIGNAL', 'MACD_HISTOGRAM'],
    warmup: (_, slow = none, signal = none) => slow + signal - 1,
    init: (fast = none, slow = none, signal = none) => macdInit({ fast, slow, signal }),
    next: (state, { close }) => {
      const macd = macdNext(state, close);
      if (macd === undefined) return undefined;
      return { MACD: macd.line, MACD_SIGNAL: macd.signal, MACD_HISTOGRAM: macd.histogram };
    },
  }),
  own({
    outputs: ['BB', 'BB_UPPER', 'BB_MIDDLE', 'BB_LOWER', 'BB_BANDWIDTH'],
    warmup: (n = none) => n,
    init: (period = none, deviations = none) => bollingerInit({ period, deviations }),
    next: (state, { close }) => {
      const bands = bollingerNext(state, close);
      if (bands === undefined) return undefined;
      return {
        BB: bands.percentB,
        BB_UPPER: bands.upper,
        BB_MIDDLE: bands.middle,
        BB_LOWER: bands.lower,
        BB_BANDWIDTH: bands.bandwidth,
      };
    },
  }),
  single('ATR', {
    warmup: (n = none) => n + 1,
    init: (n = none) => atrInit(n),
    next: atrNext,
  }),
  single('ATR_PCT', {
    warmup: (atr = none, average = none) => Math.max(atr + 1, average),
    init: (atr = none, average = none) => atrPercentInit({ atr, average }),
    next: atrPercentNext,
  }),
  own({
    outputs: ['ADX', 'PLUS_DI', 'MINUS_DI'],
    warmup: (n = none) => 2 * n,
    init: (n = none) => adxInit(n),
    next: (state, bar) => {
      const trend = adxNext(state, bar);
      if (trend === undefined) return undefined;
      return { ADX: trend.adx, PLUS_DI: trend.plusDi, MINUS_DI: trend.minusDi };
    },
  }),
  own({
    outputs: ['STOCH', 'STOCH_D'],
    warmup: (period = none, smooth = none, signal = none) => period + smooth + signal - 2,
    init: (period = none, smooth = none, signal = none) =>
      stochasticInit({ period, smooth, signal }),
    next: (state, bar) => {
      const place = stochasticNext(state, bar);
      return place === undefined ? undefined : { STOCH: place.k, STOCH_D: place.d };
    },
  }),
  own({
    outputs: ['STOCHF', 'STOCHF_D'],
    warmup: (period = none, signal = none) => period + signal - 1,
    init: (period = none, signal = none) => stochasticInit({ period, smooth: 1, signal }),
    next: (state, bar) => {
      const place = stochasticNext(state, bar);
      return place === undefined ? undefined : { STOCHF: place.k, STOCHF_D: place.d };
    },
  }),
  single('CCI', {
    warmup: (n = none) => n,
    init: (n = none) => cciInit(n),
    next: cciNext,
  }),
  single('WILLR', {
    warmup: (n = none) => n,
    init: (n = none) => williamsRInit(n),
    next: williamsRNext,
  }),
  single('OBV', { warmup: () => 1, init: () => obvInit(), next: obvNext }),
  single('ROC', {
    warmup: (n = none) => n + 1,
    init: (n = none) => rocInit(n),
    next: (state, { close }) => rocNext(state, close),
  }),
  single('VOLUME_ROC', {
    warmup: (n = none) => n + 1,
    init: (n = none) => rocInit(n),
    next: (state, { volume }) => rocNext(state, volume),
  }),
  single('REALISED_VOLATILITY', {
    warmup: (n = none) => n + 1,
    init: (n = none) => realisedVolatilityInit(n),
    next: (state, { close }) => realisedVolatilityNext(state, close),
  }),
  single('AUTOCORRELATION', {
    warmup: (n = none) => n + 2,
    init: (n = none) => autocorrelationInit(n),
    next: (state, { close }) => autocorrelationNext(state, close),
  }),
];
