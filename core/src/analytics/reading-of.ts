import { setProvisional, setReadings, type IndicatorSetState } from '../indicator/indicator-set.ts';
import type { Reading } from '../indicator/reading.ts';
import type { Variant } from '../indicator/variant-name.ts';
import { formingBar } from '../market/cascade.ts';
import { barValues } from '../market/convert.ts';
import { lengthOf, variantOf, type IndicatorSeries } from './config.ts';
import { evaluate } from './evaluate.ts';
import { waitOf } from './readings.ts';
import type { AnalyticsState } from './state.ts';

/** As of when something is read, in epoch milliseconds of the market's clock, and how good its data are (MD-11). */
export type ReadingAt = { readonly now: number; readonly dataQuality: number };

/** One question. */
export type ReadingQuestion = ReadingAt & {
  /** A variant such as `RSI_14` or `TWPA_300_0_rising`. */
  readonly name: string;
  /** Where a bar variant is wanted; one on trades has none. */
  readonly timeframe?: IndicatorSeries;
  /** What it would be if the forming bar closed now (IND-05): to be shown. Else closed bars alone count. */
  readonly isForming?: boolean;
};

/** The set with the forming bar in it; `undefined` where there is none. */
function withForming(
  state: AnalyticsState,
  series: IndicatorSeries,
): IndicatorSetState | undefined {
  const { set } = state.indicators[series];
  const forming = formingBar(state.cascade, series);
  if (forming === undefined || forming.openAt <= (set.lastOpenAt ?? -1)) return undefined;
  return setProvisional(set, barValues(forming, state.steps), forming.openAt);
}

const withoutValue = (reading: Reading, reason: string): Reading => ({
  ...reading,
  value: null,
  ready: false,
  reason,
});

/** Readings of all variants on a series' last closed bar (IND-08): without values while it waits for trades (MD-50). */
export function barReadings(
  state: AnalyticsState,
  series: IndicatorSeries,
  { now, dataQuality, isForming = false }: ReadingAt & Pick<ReadingQuestion, 'isForming'>,
): Reading[] {
  const forming = isForming ? withForming(state, series) : undefined;
  const readings = setReadings(forming ?? state.indicators[series].set, {
    marketKey: state.marketKey,
    timeframe: series,
    dataQuality,
    now,
    provisional: forming !== undefined,
  });
  const wait = waitOf(state, series, now);
  return wait === undefined ? readings : readings.map((reading) => withoutValue(reading, wait));
}

type Asked = { readonly variant: Variant; readonly question: ReadingQuestion };

/** What every reading begins with. */
const blank = (state: AnalyticsState, { variant, question }: Asked) => ({
  name: variant.base,
  variantId: variant.id,
  marketKey: state.marketKey,
  window: null,
  estimated: false,
  dataQuality: question.dataQuality,
  ts: question.now,
});

function onBars(state: AnalyticsState, asked: Asked): Reading {
  const { variant, question } = asked;
  const { timeframe } = question;
  if (timeframe === undefined)
    throw new RangeError(
      `Invariant: ${question.name} is computed on closed bars: name their timeframe`,
    );
  const known = barReadings(state, timeframe, question).find(
    ({ variantId }) => variantId === variant.id,
  );
  if (known !== undefined) return known;
  const { lastOpenAt } = state.indicators[timeframe].set;
  return {
    ...blank(state, asked),
    timeframe,
    value: null,
    ready: false,
    reason: `${variant.id} is not computed on ${timeframe} bars: name it among the variants`,
    provisional: false,
    inputsUpTo: lastOpenAt === null ? null : lastOpenAt + lengthOf(timeframe),
  };
}

function onTrades(state: AnalyticsState, asked: Asked): Reading {
  const { variant, question } = asked;
  const { value, reason, estimated } = evaluate(state, variant, question.now);
  const { newestAt } = state.cascade;
  const [t1 = 0, t2 = 0] = variant.parameters;
  return {
    ...blank(state, asked),
    timeframe: null,
    window: variant.kind === 'window' ? { t1, t2 } : null,
    value,
    ready: value !== null,
    reason,
    // What trades say moves until they are in closed bars.
    provisional: true,
    estimated,
    inputsUpTo: newestAt < 0 ? null : newestAt,
  };
}

/**
 * What any variant says as of `now`, as the record that decisions are made on (IND-08).
 *
 * In the two seconds after a bar's end, in which it may still change, a forming reading leaves that bar out.
 *
 * @throws RangeError for a name that is none, or a bar variant without a timeframe; says what to do.
 */
export function readingOf(state: AnalyticsState, question: ReadingQuestion): Reading {
  const variant = variantOf(question.name);
  const asked = { variant, question };
  return variant.kind === 'bar' ? onBars(state, asked) : onTrades(state, asked);
}
