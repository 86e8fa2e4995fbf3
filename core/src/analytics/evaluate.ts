import { holds } from '../indicator/predicate.ts';
import type { Variant } from '../indicator/variant-name.ts';
import { MINIMUMS } from '../market/minimums.ts';
import { cvdAt, type CvdAnchor } from '../orderflow/cvd.ts';
import { deltaOf } from '../orderflow/delta.ts';
import { imbalanceOf } from '../orderflow/imbalance.ts';
import { spreadPct } from '../orderflow/spread.ts';
import { priceAt, spanOf, sumsOver, type TickWindow } from '../orderflow/tick-window-read.ts';
import { windowWait } from '../orderflow/tick-window-ready.ts';
import {
  TICK_WINDOWS,
  tickValue,
  tickWait,
  type TickBase,
  type TickVariant,
} from '../orderflow/tick-window-value.ts';
import { variantOf } from './config.ts';
import type { AnalyticsState } from './state.ts';

/** A value, or why there is none. */
export type Evaluation = {
  /** In the unit of its definition: prices in quote, volumes in base, a predicate 1 or 0; `null` until ready. */
  readonly value: number | null;
  /** Not measured but inferred, as a spread without quotes (IND-37). */
  readonly estimated: boolean;
  /** Why it is `null`, in words for people. */
  readonly reason: string | null;
};

const told = (value: number, estimated = false): Evaluation => ({ value, estimated, reason: null });
const untold = (reason: string): Evaluation => ({ value: null, estimated: false, reason });
const UNDEFINED = 'not defined on what was traded';

const isTickBase = (base: string): base is TickBase => base in TICK_WINDOWS;
const CVD_BASES: Readonly<Record<string, CvdAnchor>> = {
  CVD_SESSION: 'session',
  CVD_1H: '1h',
  CVD_4H: '4h',
};

function ofTicks(state: AnalyticsState, variant: TickVariant, now: number): Evaluation {
  const wait = tickWait(state, variant, now);
  if (wait !== undefined) return untold(wait);
  const value = tickValue(state, variant, now);
  if (value === undefined) return untold(UNDEFINED);
  return told(variant.base === 'TWPA' ? value * state.steps.tickSize : value);
}

function ofFlow(
  { tape, steps }: AnalyticsState,
  { base, t1, t2 }: TickWindow & { readonly base: string },
  now: number,
): Evaluation {
  const span = spanOf({ t1, t2 }, now);
  const wait = windowWait(tape, span);
  if (wait !== undefined) return untold(wait);
  const sums = sumsOver(tape, span);
  if (base === 'DELTA') return told(deltaOf(sums) * steps.lotSize);
  const { ratio, insufficient } = imbalanceOf(sums);
  return insufficient ? untold('nothing was traded') : told(ratio);
}

function ofNow(state: AnalyticsState, base: string, now: number): Evaluation {
  const { tape, steps, cvd } = state;
  if (base === 'PRICE') {
    const ticks = priceAt(tape, now);
    return ticks === undefined ? untold('no trade yet') : told(ticks * steps.tickSize);
  }
  if (base === 'SPREAD_PCT') {
    const spread = spreadPct(state, now);
    return spread === undefined
      ? untold('no quote, and fewer than 200 trades')
      : told(spread.pct, spread.estimated);
  }
  const anchor = CVD_BASES[base];
  if (anchor === undefined) return untold(`${base} is not computed on trades`);
  const lots = cvdAt({ state: cvd, tape }, anchor, now);
  return lots === undefined
    ? untold('less than 95 % of the time since its anchor is known')
    : told(lots * steps.lotSize);
}

function valueAt(state: AnalyticsState, variant: Variant, now: number): Evaluation {
  const { base, kind, parameters } = variant;
  const [t1 = 0, t2 = 0] = parameters;
  if (kind === 'live') return ofNow(state, base, now);
  if (kind === 'bar') return untold(`${base} is computed on closed bars`);
  return isTickBase(base)
    ? ofTicks(state, { base, t1, t2 }, now)
    : ofFlow(state, { base, t1, t2 }, now);
}

/** How long ago "one refresh ago" is for a window (IND-09): the refresh time of the timeframe nearest to it. */
function refreshOf({ parameters: [t1 = 60] }: Variant): number {
  let [nearest, distance] = [MINIMUMS['1m'].refreshMs, Infinity];
  for (const { windowMs, refreshMs } of Object.values(MINIMUMS)) {
    const away = Math.abs(windowMs - t1 * 1_000);
    if (away < distance) [nearest, distance] = [refreshMs, away];
  }
  return nearest;
}

/** Seconds before now that a variant on trades looks back at most; 0 for one that reads no window. */
export function reachSeconds(variant: Variant): number {
  const { kind, parameters, predicate } = variant;
  if (kind !== 'window') return 0;
  const [t1 = 0, t2 = 0] = parameters;
  const ago = predicate === null ? 0 : refreshOf(variant) / 1_000;
  // Bases that compare two windows lay them one after the other; for all others it is more than enough.
  return t1 + t2 + ago;
}

/**
 * A window or live variant as of `now` (IND-09, IND-32 to IND-47). Bar variants have their values with the
 * closed bars.
 *
 * @param variant As `parseVariant` reads it, or the name of one that is known to be good.
 * @param now Epoch milliseconds, at or after the newest trade.
 * @throws RangeError for a name that is none.
 */
export function evaluate(
  state: AnalyticsState,
  variant: Variant | string,
  now: number,
): Evaluation {
  const parsed = typeof variant === 'string' ? variantOf(variant) : variant;
  const { predicate } = parsed;
  const current = valueAt(state, parsed, now);
  if (predicate === null || current.value === null) return current;
  const before = valueAt(state, parsed, now - refreshOf(parsed)).value ?? undefined;
  const isHeld = holds(predicate, { value: current.value, before });
  return isHeld === undefined
    ? untold('no value one refresh ago')
    : told(isHeld ? 1 : 0, current.estimated);
}
