import { adxInit, adxNext, type AdxState } from '../indicator/adx.ts';
import { atrPercentInit, atrPercentNext, type AtrPercentState } from '../indicator/atr-percent.ts';
import { atrInit, atrNext, type AtrState } from '../indicator/atr.ts';
import {
  autocorrelationInit,
  autocorrelationNext,
  type AutocorrelationState,
} from '../indicator/autocorrelation.ts';
import { bollingerInit, bollingerNext, type BollingerState } from '../indicator/bollinger.ts';
import { cciInit, cciNext, type CciState } from '../indicator/cci.ts';
import { emaInit, emaNext, type EmaState } from '../indicator/ema.ts';
import { macdInit, macdNext, type MacdState } from '../indicator/macd.ts';
import { obvInit, obvNext, type ObvState } from '../indicator/obv.ts';
import {
  realisedVolatilityInit,
  realisedVolatilityNext,
  type RealisedVolatilityState,
} from '../indicator/realised-volatility.ts';
import { rocInit, rocNext, type RocState } from '../indicator/roc.ts';
import { rsiInit, rsiNext, type RsiState } from '../indicator/rsi.ts';
import { stochasticInit, stochasticNext, type StochasticState } from '../indicator/stochastic.ts';
import { williamsRInit, williamsRNext, type WilliamsRState } from '../indicator/williams-r.ts';
import type { BarValues } from '../market/bar.ts';

/** Names of the set's values, in the order of {@link IndicatorSet.latest}; in the grammar of variants (IND-09). */
export const SET_NAMES = [
  'EMA_20',
  'EMA_50',
  'EMA_200',
  'RSI_14',
  'MACD_12_26_9',
  'MACD_SIGNAL_12_26_9',
  'MACD_HISTOGRAM_12_26_9',
  'ATR_14',
  'ATR_PCT_14_20',
  'ADX_14',
  'PLUS_DI_14',
  'MINUS_DI_14',
  'BB_20_2',
  'BB_UPPER_20_2',
  'BB_MIDDLE_20_2',
  'BB_LOWER_20_2',
  'BB_BANDWIDTH_20_2',
  'STOCH_14_3_3',
  'STOCH_D_14_3_3',
  'CCI_20',
  'WILLR_14',
  'OBV',
  'VOLUME_ROC_12',
  'REALISED_VOLATILITY_60',
  'AUTOCORRELATION_60',
] as const;
export type SetName = (typeof SET_NAMES)[number];
const INDEX: ReadonlyMap<string, number> = new Map(SET_NAMES.map((name, index) => [name, index]));
/** The last two are of one-minute returns by definition (IND-20, IND-21). */
const MINUTE_ONLY = 2;

/** What is computed on every closed bar of a series (IND-11 to IND-21). JSON-able. */
export type IndicatorSet = {
  readonly ema20: EmaState;
  readonly ema50: EmaState;
  readonly ema200: EmaState;
  readonly rsi: RsiState;
  readonly macd: MacdState;
  readonly atr: AtrState;
  readonly atrPct: AtrPercentState;
  readonly adx: AdxState;
  readonly bollinger: BollingerState;
  readonly stochastic: StochasticState;
  readonly cci: CciState;
  readonly williams: WilliamsRState;
  readonly obv: ObvState;
  readonly volumeRoc: RocState;
  /** `null` on other than one-minute bars. */
  readonly volatility: RealisedVolatilityState | null;
  readonly autocorrelation: AutocorrelationState | null;
  /** Values as of the last closed bar, by the order of {@link SET_NAMES}; `null` until ready or not defined. */
  readonly latest: (number | null)[];
};

/** A set that has seen nothing. */
export const setInit = (isMinute: boolean): IndicatorSet => ({
  ema20: emaInit(20),
  ema50: emaInit(50),
  ema200: emaInit(200),
  rsi: rsiInit(14),
  macd: macdInit({ fast: 12, slow: 26, signal: 9 }),
  atr: atrInit(14),
  atrPct: atrPercentInit({ atr: 14, average: 20 }),
  adx: adxInit(14),
  bollinger: bollingerInit({ period: 20, deviations: 2 }),
  stochastic: stochasticInit({ period: 14, smooth: 3, signal: 3 }),
  cci: cciInit(20),
  williams: williamsRInit(14),
  obv: obvInit(),
  volumeRoc: rocInit(12),
  volatility: isMinute ? realisedVolatilityInit(60) : null,
  autocorrelation: isMinute ? autocorrelationInit(60) : null,
  latest: SET_NAMES.slice(0, isMinute ? SET_NAMES.length : -MINUTE_ONLY).map(() => null),
});

/** Feeds one closed bar, updating `set` in place. */
export function setNext(set: IndicatorSet, bar: BarValues): void {
  const { close, volume } = bar;
  const macd = macdNext(set.macd, close);
  const adx = adxNext(set.adx, bar);
  const bands = bollingerNext(set.bollinger, close);
  const stochastic = stochasticNext(set.stochastic, bar);
  const values = [
    emaNext(set.ema20, close),
    emaNext(set.ema50, close),
    emaNext(set.ema200, close),
    rsiNext(set.rsi, close),
    macd?.line,
    macd?.signal,
    macd?.histogram,
    atrNext(set.atr, bar),
    atrPercentNext(set.atrPct, bar),
    adx?.adx,
    adx?.plusDi,
    adx?.minusDi,
    bands?.percentB,
    bands?.upper,
    bands?.middle,
    bands?.lower,
    bands?.bandwidth,
    stochastic?.k,
    stochastic?.d,
    cciNext(set.cci, bar),
    williamsRNext(set.williams, bar),
    obvNext(set.obv, bar),
    rocNext(set.volumeRoc, volume),
    set.volatility === null ? undefined : realisedVolatilityNext(set.volatility, close),
    set.autocorrelation === null ? undefined : autocorrelationNext(set.autocorrelation, close),
  ];
  for (let index = 0; index < set.latest.length; index++) set.latest[index] = values[index] ?? null;
}

/** A value as of the last closed bar; `undefined` until ready, where it is not defined, or not in the set. */
export function setValue({ latest }: IndicatorSet, name: string): number | undefined {
  const index = INDEX.get(name);
  return index === undefined ? undefined : (latest[index] ?? undefined);
}

/** True when a variant of this name is computed by the set. */
export const setHas = ({ latest }: IndicatorSet, name: string): boolean =>
  (INDEX.get(name) ?? Infinity) < latest.length;
