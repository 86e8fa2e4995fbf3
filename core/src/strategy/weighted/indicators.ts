import { atrInit, atrNext, type AtrState } from '../../indicator/atr.ts';
import { emaInit, emaNext, type EmaState } from '../../indicator/ema.ts';
import { macdInit, macdNext, type Macd, type MacdState } from '../../indicator/macd.ts';
import { rsiInit, rsiNext, type RsiState } from '../../indicator/rsi.ts';
import { smaInit, smaNext, type SmaState } from '../../indicator/sma.ts';
import { toNumber } from '../../lib/units.ts';
import type { Candle } from '../../market/market.ts';
import type { MovingAverageSignal, WeightedBot } from './config.ts';

/** Length of the ATR that MACD histograms are measured in (IND-27). */
const ATR_PERIOD = 14;

type MaState =
  | { readonly kind: 'SMA'; readonly average: SmaState }
  | { readonly kind: 'EMA'; readonly average: EmaState };

/** Running indicators of one bot; `null` where its signal is off. JSON-able. */
export type IndicatorStates = {
  readonly rsi: RsiState | null;
  readonly fastMa: MaState | null;
  readonly slowMa: MaState | null;
  readonly macd: MacdState | null;
  readonly atr: AtrState | null;
};

/** Values on the last bar; `undefined` until ready and where a signal is off. */
export type Readings = {
  readonly rsi: number | undefined;
  readonly fastMa: number | undefined;
  readonly slowMa: number | undefined;
  readonly macd: Macd | undefined;
  readonly atr: number | undefined;
};

const maInit = (kind: MovingAverageSignal['kind'], period: number): MaState =>
  kind === 'SMA' ? { kind, average: smaInit(period) } : { kind, average: emaInit(period) };

const maNext = (state: MaState, close: number): number | undefined =>
  state.kind === 'SMA' ? smaNext(state.average, close) : emaNext(state.average, close);

/** Indicators of the enabled signals, that have seen nothing. @throws RangeError on periods below 1 bar. */
export function indicatorsInit({
  rsi,
  movingAverage,
  macd,
}: WeightedBot['signalConfig']): IndicatorStates {
  const ma = movingAverage?.enabled === true ? movingAverage : null;
  const macdOn = macd?.enabled === true ? macd : null;
  return {
    rsi: rsi?.enabled === true ? rsiInit(rsi.period) : null,
    fastMa: ma === null ? null : maInit(ma.kind, ma.fast),
    slowMa: ma === null ? null : maInit(ma.kind, ma.slow),
    macd: macdOn === null ? null : macdInit(macdOn),
    atr: macdOn === null ? null : atrInit(ATR_PERIOD),
  };
}

/** Feeds one closed bar, updating `states` in place. */
export function indicatorsNext(states: IndicatorStates, candle: Candle): Readings {
  const close = toNumber(candle.close);
  const bar = { high: toNumber(candle.high), low: toNumber(candle.low), close };
  return {
    rsi: states.rsi === null ? undefined : rsiNext(states.rsi, close),
    fastMa: states.fastMa === null ? undefined : maNext(states.fastMa, close),
    slowMa: states.slowMa === null ? undefined : maNext(states.slowMa, close),
    macd: states.macd === null ? undefined : macdNext(states.macd, close),
    atr: states.atr === null ? undefined : atrNext(states.atr, bar),
  };
}

/** The values that are ready, by name, to be stored with a signal. */
export function namedValues({ rsi, fastMa, slowMa, macd, atr }: Readings): Record<string, number> {
  const values = {
    rsi,
    fastMa,
    slowMa,
    macd: macd?.line,
    macdSignal: macd?.signal,
    macdHistogram: macd?.histogram,
    atr,
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
