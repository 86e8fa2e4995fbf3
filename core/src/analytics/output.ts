import { epochMs, type EpochMs } from '../lib/time.ts';
import type { Variant } from '../indicator/variant-name.ts';
import { ringBar } from './bar-ring.ts';
import { lengthOf, variantOf, type IndicatorSeries } from './config.ts';
import { evaluate, type Evaluation } from './evaluate.ts';
import { setHas, setValue } from './indicator-set.ts';
import { waitOf } from './readings.ts';
import type { AnalyticsState } from './state.ts';

/** What an indicator says, with all that a decision has to know of it (IND-08). */
export type IndicatorOutput = {
  /** As it was asked for. */
  readonly name: string;
  /** Canonical: the same variant under every name. */
  readonly variantId: string;
  readonly marketKey: string;
  /** Series of closed bars; `null` for one on trades. */
  readonly timeframe: IndicatorSeries | null;
  /** Seconds ago that a window begins and ends, or its two lengths; `null` for one on bars or of now. */
  readonly window: { readonly t1: number; readonly t2: number } | null;
  readonly value: number | null;
  readonly ready: boolean;
  /** Why it is not ready, in words for people. */
  readonly reason: string | null;
  /** A value on trades moves until they are closed in bars; one on closed bars does not (IND-05). */
  readonly provisional: boolean;
  readonly estimated: boolean;
  /** 0 to 1, of the source (MD-11). */
  readonly dataQuality: number;
  /** When it was asked. */
  readonly ts: EpochMs;
  /** End of the last bar, or time of the last trade, that went in; `null` before the first. */
  readonly inputsUpTo: EpochMs | null;
};

/** One question; `now` in epoch milliseconds of the market's clock. */
export type OutputQuestion = {
  /** A variant such as `RSI_14` or `TWPA_300_0_rising`. */
  readonly name: string;
  /** Where a bar variant is wanted; one on trades has none. */
  readonly timeframe?: IndicatorSeries;
  readonly dataQuality: number;
  readonly now: number;
};

const untold = (reason: string): Evaluation => ({ value: null, estimated: false, reason });

function onBars(
  state: AnalyticsState,
  { id }: Variant,
  { series, now }: { readonly series: IndicatorSeries; readonly now: number },
): Evaluation {
  const set = state.sets[series];
  const extra = state.extras[series].find(({ name }) => name === id);
  if (extra === undefined && !setHas(set, id))
    return untold(`${id} is not computed on ${series} bars: name it among the variants`);
  const wait = waitOf(state, series, now);
  if (wait !== undefined) return untold(wait);
  const value = extra === undefined ? setValue(set, id) : (extra.value ?? undefined);
  return value === undefined
    ? untold('too few closed bars, or not defined on them')
    : { value, estimated: false, reason: null };
}

/**
 * What a variant says as of `now`, as a record.
 *
 * @throws RangeError for a name that is none, or a bar variant without a timeframe; says what to do.
 */
export function outputOf(state: AnalyticsState, question: OutputQuestion): IndicatorOutput {
  const { name, timeframe, dataQuality, now } = question;
  const variant = variantOf(name);
  const isBar = variant.kind === 'bar';
  if (isBar && timeframe === undefined)
    throw new RangeError(`Invariant: ${name} is computed on closed bars: name their timeframe`);
  const series = isBar ? (timeframe ?? '1m') : null;
  const { value, reason, estimated } =
    series === null ? evaluate(state, variant, now) : onBars(state, variant, { series, now });
  const last = series === null ? undefined : ringBar(state.bars[series], 0);
  const newest = series === null ? state.cascade.newestAt : (last?.openAt ?? -1);
  const end = newest < 0 || series === null ? newest : newest + lengthOf(series);
  const [t1 = 0, t2 = 0] = variant.parameters;
  return {
    name,
    variantId: variant.id,
    marketKey: state.marketKey,
    timeframe: series,
    window: variant.kind === 'window' ? { t1, t2 } : null,
    value,
    ready: value !== null,
    reason,
    provisional: series === null,
    estimated,
    dataQuality,
    ts: epochMs(now),
    inputsUpTo: end < 0 ? null : epochMs(end),
  };
}
