import type { Macd } from '../../indicator/macd.ts';
import type { Context } from '../strategy.ts';
import type { WeightedParams } from './params.ts';

/** Length of the ATR that MACD histograms are measured in (IND-27). */
const ATR = 'ATR_14';

/** Values on the last bar; `undefined` until ready and where a signal is off. */
export type Readings = {
  readonly rsi: number | undefined;
  readonly fastMa: number | undefined;
  readonly slowMa: number | undefined;
  readonly macd: Macd | undefined;
  readonly atr: number | undefined;
};

/** Names of the variants that the enabled signals read; `null` where a signal is off. */
function namesOf({ signalConfig }: WeightedParams) {
  const { rsi, movingAverage: ma, macd } = signalConfig;
  const periods = macd?.enabled === true ? `${macd.fast}_${macd.slow}_${macd.signal}` : null;
  return {
    rsi: rsi?.enabled === true ? `RSI_${rsi.period}` : null,
    averages:
      ma?.enabled === true
        ? { fast: `${ma.kind}_${ma.fast}`, slow: `${ma.kind}_${ma.slow}` }
        : null,
    macd:
      periods === null
        ? null
        : {
            line: `MACD_${periods}`,
            signal: `MACD_SIGNAL_${periods}`,
            histogram: `MACD_HISTOGRAM_${periods}`,
          },
  };
}

/** All variants that a bot reads. */
export function variantsOf(params: WeightedParams): string[] {
  const { rsi, averages, macd } = namesOf(params);
  return [
    ...(rsi === null ? [] : [rsi]),
    ...(averages === null ? [] : [averages.fast, averages.slow]),
    ...(macd === null ? [] : [macd.line, macd.signal, macd.histogram, ATR]),
  ];
}

type Value = Context<unknown, object>['value'];

function macdOf(value: Value, names: ReturnType<typeof namesOf>['macd']): Macd | undefined {
  if (names === null) return undefined;
  const line = value(names.line);
  const signal = value(names.signal);
  const histogram = value(names.histogram);
  return line === undefined || signal === undefined || histogram === undefined
    ? undefined
    : { line, signal, histogram };
}

/** What the enabled signals' indicators say of the bar. */
export function readingsOf(params: WeightedParams, value: Value): Readings {
  const { rsi, averages, macd } = namesOf(params);
  return {
    rsi: rsi === null ? undefined : value(rsi),
    fastMa: averages === null ? undefined : value(averages.fast),
    slowMa: averages === null ? undefined : value(averages.slow),
    macd: macdOf(value, macd),
    atr: macd === null ? undefined : value(ATR),
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
