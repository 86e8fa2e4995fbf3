import type { BarValues } from '../../market/bar.ts';
import { adxInit, adxNext } from '../adx.ts';
import { atrPercentInit, atrPercentNext } from '../atr-percent.ts';
import { atrInit, atrNext } from '../atr.ts';
import { autocorrelationInit, autocorrelationNext } from '../autocorrelation.ts';
import { bollingerInit, bollingerNext } from '../bollinger.ts';
import { cciInit, cciNext } from '../cci.ts';
import { cutlerRsiInit, cutlerRsiNext } from '../cutler-rsi.ts';
import { emaInit, emaNext } from '../ema.ts';
import { macdInit, macdNext } from '../macd.ts';
import { obvInit, obvNext } from '../obv.ts';
import { realisedVolatilityInit, realisedVolatilityNext } from '../realised-volatility.ts';
import { rocInit, rocNext } from '../roc.ts';
import { rsiInit, rsiNext } from '../rsi.ts';
import { smaInit, smaNext } from '../sma.ts';
import { stochasticInit, stochasticNext } from '../stochastic.ts';
import { williamsRInit, williamsRNext } from '../williams-r.ts';

/** Values by column of the reference file; `undefined` until ready and where not defined. */
export type Values = Readonly<Record<string, number | undefined>> | undefined;

/** A running indicator: `next` feeds one bar; `save` and `load` carry its state through JSON. */
export type Running = {
  readonly next: (bar: BarValues) => Values;
  readonly save: () => string;
  readonly load: (text: string) => void;
};

/** What every indicator is held to. */
export type Case = {
  readonly name: string;
  readonly start: () => Running;
  /** The same with its windows `times` as long, its state seen through `watch`. */
  readonly stretched: (times: number, watch: <S extends object>(state: S) => S) => Running;
  /** Bars until the first value. */
  readonly warmup: number;
  /** What the first column says of a market that rests at `price`, its volume at 1. */
  readonly ofRest: (price: number) => number | undefined;
  /** Bars after which a wild bar is forgotten; `null` where it never is. */
  readonly memory: number | null;
  /** A price or volume that a value cannot be without: where it may be `undefined` although ready. */
  readonly gaps: boolean;
  /** Whether a bar costs the same whatever the window (IND-01). */
  readonly constantCost: boolean;
};

type Making<S extends object> = {
  readonly init: (times: number) => S;
  readonly next: (state: S, bar: BarValues) => Values;
} & Omit<Case, 'name' | 'start' | 'stretched' | 'gaps' | 'constantCost'> & {
    readonly gaps?: true;
    readonly constantCost?: false;
  };

function running<S extends object>(first: S, next: Making<S>['next']): Running {
  let state = first;
  return {
    next: (bar) => next(state, bar),
    save: () => JSON.stringify(state),
    load: (text) => {
      state = JSON.parse(text) as S;
    },
  };
}

function indicator<S extends object>(name: string, making: Making<S>): Case {
  const { init, next, gaps = false, constantCost = true, ...rest } = making;
  return {
    ...rest,
    name,
    gaps,
    constantCost,
    start: () => running(init(1), next),
    stretched: (times, watch) => running(watch(init(times)), next),
  };
}

const one = (column: string, value: number | undefined): Values =>
  value === undefined ? undefined : { [column]: value };

/** Bars after which the seed or a wild bar weighs less than 1e-20 in a recursive mean of 20 bars. */
const FADED = 800;

/** Every streaming indicator, with the settings of the reference file. */
export const cases: readonly Case[] = [
  indicator('SMA 20', {
    init: (times) => smaInit(20 * times),
    next: (state, { close }) => one('sma20', smaNext(state, close)),
    warmup: 20,
    ofRest: (price) => price,
    memory: 20,
  }),
  indicator('EMA 20', {
    init: (times) => emaInit(20 * times),
    next: (state, { close }) => one('ema20', emaNext(state, close)),
    warmup: 20,
    ofRest: (price) => price,
    memory: FADED,
  }),
  indicator('RSI 14', {
    init: (times) => rsiInit(14 * times),
    next: (state, { close }) => one('rsi14', rsiNext(state, close)),
    warmup: 15,
    ofRest: () => 50,
    memory: FADED,
  }),
  indicator("Cutler's RSI 14", {
    init: (times) => cutlerRsiInit(14 * times),
    next: (state, { close }) => one('cutlerRsi14', cutlerRsiNext(state, close)),
    warmup: 15,
    ofRest: () => 50,
    memory: 15,
  }),
  indicator('MACD 12/26/9', {
    init: (times) => macdInit({ fast: 12 * times, slow: 26 * times, signal: 9 * times }),
    next: (state, { close }) => {
      const macd = macdNext(state, close);
      if (macd === undefined) return undefined;
      return { macdLine: macd.line, macdSignal: macd.signal, macdHistogram: macd.histogram };
    },
    warmup: 34,
    ofRest: () => 0,
    memory: FADED,
  }),
  indicator('Bollinger 20, 2', {
    init: (times) => bollingerInit({ period: 20 * times, deviations: 2 }),
    next: (state, { close }) => {
      const bands = bollingerNext(state, close);
      if (bands === undefined) return undefined;
      return {
        bbMiddle: bands.middle,
        bbUpper: bands.upper,
        bbLower: bands.lower,
        bbPercentB: bands.percentB,
        bbBandwidth: bands.bandwidth,
      };
    },
    warmup: 20,
    ofRest: (price) => price,
    memory: 20,
  }),
  indicator('ATR 14', {
    init: (times) => atrInit(14 * times),
    next: (state, bar) => one('atr14', atrNext(state, bar)),
    warmup: 15,
    ofRest: () => 0,
    memory: FADED,
  }),
  indicator('ATR % 14, 20', {
    init: (times) => atrPercentInit({ atr: 14 * times, average: 20 * times }),
    next: (state, bar) => one('atrPercent', atrPercentNext(state, bar)),
    warmup: 20,
    ofRest: () => 0,
    memory: FADED,
  }),
  indicator('ADX 14', {
    init: (times) => adxInit(14 * times),
    next: (state, bar) => {
      const trend = adxNext(state, bar);
      if (trend === undefined) return undefined;
      return { adx14: trend.adx, plusDi14: trend.plusDi, minusDi14: trend.minusDi };
    },
    warmup: 28,
    ofRest: () => 0,
    memory: FADED,
  }),
  indicator('Fast stochastic 14/3', {
    init: (times) => stochasticInit({ period: 14 * times, smooth: 1, signal: 3 * times }),
    next: (state, bar) => {
      const place = stochasticNext(state, bar);
      return place === undefined ? undefined : { stochFastK: place.k, stochFastD: place.d };
    },
    warmup: 16,
    ofRest: () => undefined,
    memory: 16,
    gaps: true,
  }),
  indicator('Slow stochastic 14/3/3', {
    init: (times) => stochasticInit({ period: 14 * times, smooth: 3 * times, signal: 3 * times }),
    next: (state, bar) => {
      const place = stochasticNext(state, bar);
      return place === undefined ? undefined : { stochSlowK: place.k, stochSlowD: place.d };
    },
    warmup: 18,
    ofRest: () => undefined,
    memory: 18,
    gaps: true,
  }),
  indicator('CCI 20', {
    init: (times) => cciInit(20 * times),
    next: (state, bar) => one('cci20', cciNext(state, bar)),
    warmup: 20,
    ofRest: () => undefined,
    memory: 20,
    gaps: true,
    constantCost: false,
  }),
  indicator('Williams %R 14', {
    init: (times) => williamsRInit(14 * times),
    next: (state, bar) => one('williamsR14', williamsRNext(state, bar)),
    warmup: 14,
    ofRest: () => undefined,
    memory: 14,
    gaps: true,
  }),
  indicator('OBV', {
    init: () => obvInit(),
    next: (state, bar) => one('obv', obvNext(state, bar)),
    warmup: 1,
    ofRest: () => 1,
    memory: null,
  }),
  indicator('Volume ROC 12', {
    init: (times) => rocInit(12 * times),
    next: (state, { volume }) => one('volumeRoc12', rocNext(state, volume)),
    warmup: 13,
    ofRest: () => 0,
    memory: 13,
    gaps: true,
  }),
  indicator('Realised volatility 60', {
    init: (times) => realisedVolatilityInit(60 * times),
    next: (state, { close }) => one('realisedVolatility60', realisedVolatilityNext(state, close)),
    warmup: 61,
    ofRest: () => 0,
    memory: 61,
  }),
  indicator('Autocorrelation 60', {
    init: (times) => autocorrelationInit(60 * times),
    next: (state, { close }) => one('autocorrelation60', autocorrelationNext(state, close)),
    warmup: 62,
    ofRest: () => undefined,
    memory: 62,
    gaps: true,
  }),
];

/** Values of a series, bar by bar. */
export const feed = ({ next }: Running, bars: readonly BarValues[]): Values[] =>
  bars.map((bar) => next(bar));

/** Whether two values are the same to `tolerance`, relative above 1 (IND-04). */
export function near(
  own: number | undefined,
  other: number | undefined,
  tolerance: number,
): boolean {
  if (own === undefined || other === undefined) return own === other;
  return Math.abs(own - other) <= tolerance * Math.max(1, Math.abs(other));
}

/** A deterministic walk that trends, turns and rests for a bar at times. */
export const walk: readonly BarValues[] = Array.from({ length: 1_200 }, (_, i) => {
  const at = (bar: number): number =>
    100 + 8 * Math.sin(bar / 17) + 3 * Math.sin(bar / 3.1) + (bar % 7) * 0.13;
  const [open, close] = [at(Math.max(0, i - 1)), at(i)];
  const high = Math.max(open, close) + 0.1 + (i % 3) * 0.1;
  const low = Math.min(open, close) - 0.1 - (i % 5) * 0.07;
  return { open, high, low, close, volume: 5 + ((i * 37) % 11) };
});
