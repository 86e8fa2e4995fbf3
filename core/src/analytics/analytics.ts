import { SERIES, type Bar, type SeriesName } from '../market/bar.ts';
import {
  cascadeAdd,
  cascadeAdvance,
  cascadeBatch,
  cascadeCorrect,
  cascadeMark,
  LATENESS_MS,
  type BarSink,
  type Mark,
  type RevisionSink,
  type TickFate,
} from '../market/cascade.ts';
import type { Batch } from '../market/batch.ts';
import { outlierNext } from '../market/outlier.ts';
import type { Tick } from '../market/tick.ts';
import { cvdGap } from '../orderflow/cvd.ts';
import { profilesTick } from '../orderflow/profile.ts';
import { rollNext, type Quote } from '../orderflow/spread.ts';
import { tapeBatch } from '../orderflow/tick-window-batch.ts';
import { tapeGap, tapeNext } from '../orderflow/tick-window.ts';
import { closeBar, reviseBar } from './close-bar.ts';
import type { AnalyticsState } from './state.ts';

export { analyticsHistory } from './history.ts';
export { analyticsNeed } from './need.ts';
export { analyticsView, type AnalyticsView } from './view.ts';
export { analyticsInit, type AnalyticsInput, type AnalyticsState } from './state.ts';

/** What became of a trade; `quarantined`: too far from the market, held back until another confirms it (MD-32). */
export type AnalyticsFate = TickFate | 'quarantined';

/** A tick that closes nothing and confirms nothing is taken without a closure of its own. */
const nothing = (): void => undefined;

/** Hands a closed bar on once all that is computed of it is. */
const closing =
  (state: AnalyticsState, sink: BarSink): BarSink =>
  (series: SeriesName, bar: Bar) => {
    closeBar(state, series, bar);
    sink(series, bar);
  };

/** True when a tick at `at` may close a second: the cascade calls its sink for no other. */
const mayClose = ({ cascade }: AnalyticsState, at: number): boolean =>
  at >= cascade.closedUntil + SERIES['1s'] + LATENESS_MS;

function take(state: AnalyticsState, tick: Tick, sink: BarSink): TickFate {
  const closer = mayClose(state, tick.at) ? closing(state, sink) : nothing;
  const fate = cascadeAdd(state.cascade, tick, closer);
  if (fate !== 'taken') return fate;
  tapeNext(state.tape, tick);
  rollNext(state.roll, tick);
  profilesTick(state.profiles, tick);
  return fate;
}

/**
 * Feeds one trade to all that is computed of its market, changing `state` in place.
 *
 * @param tick Read and not kept.
 * @param sink Called for each bar that closes by it, shorter series first, after the bar's analytics.
 */
export function analyticsTick(state: AnalyticsState, tick: Tick, sink: BarSink): AnalyticsFate {
  const release =
    state.outlier.held.length === 0
      ? nothing
      : (held: Tick): void => {
          take(state, held, sink);
        };
  if (outlierNext(state.outlier, tick, release) === 'quarantined') return 'quarantined';
  return take(state, tick, sink);
}

/**
 * Feeds trades of one market that were folded together under pressure (MD-72), changing `state` in place.
 *
 * Bars and sums stay exact; the profile spreads their volume over the bar's range; the guard against outliers
 * cannot look into them. Of a batch that is left out windows know that they lack it.
 */
export function analyticsBatch(state: AnalyticsState, batch: Batch, sink: BarSink): TickFate {
  const fate = cascadeBatch(state.cascade, batch, closing(state, sink));
  const { firstAt, lastAt } = batch.sums;
  if (fate === 'taken') tapeBatch(state.tape, batch);
  else if (fate === 'duplicate') {
    tapeGap(state.tape, { from: firstAt, until: lastAt + 1 });
    cvdGap(state.cvd, { from: firstAt, until: lastAt + 1 });
  }
  return fate;
}

/**
 * Closes the bars that are due at `now` without a trade (MD-43), changing `state` in place.
 *
 * @param now Market time, less what trades need to arrive.
 */
export function analyticsAdvance(state: AnalyticsState, now: number, sink: BarSink): void {
  if (mayClose(state, now)) cascadeAdvance(state.cascade, now, closing(state, sink));
}

/** Takes the top of book, for the spread alone (MD-02). Ticks of the grid, or any one unit. */
export function analyticsQuote(state: AnalyticsState, { bid, ask, at }: Quote): void {
  state.quote = { bid, ask, at };
}

/**
 * Marks bars that are not closed yet as rebuilt after a gap or as incomplete (MD-23, MD-73); windows over a span
 * with trades missing know that they do not cover it.
 */
export function analyticsMark(state: AnalyticsState, mark: Mark): void {
  cascadeMark(state.cascade, mark);
  if (mark.incomplete !== true) return;
  tapeGap(state.tape, mark);
  cvdGap(state.cvd, mark);
}

/**
 * Takes a bar that a correction or a cancelled trade changed, if it is the latest closed one of its series,
 * changing `state` in place (MD-33). It and the longer bars made of it get a new revision, and indicators are as
 * if it had closed that way; what trades alone tell, and profiles, zones and gaps, stay as they were.
 *
 * @param sink Called for each bar that changed, with the number of its revision, after the bar's analytics.
 * @returns False, and changes nothing, for an older bar: that is history's business.
 */
export const analyticsCorrect = (
  state: AnalyticsState,
  correction: { readonly series: SeriesName; readonly bar: Bar },
  sink: RevisionSink,
): boolean =>
  cascadeCorrect(state.cascade, correction, (series, bar, revision) => {
    reviseBar(state, series, bar);
    sink(series, bar, revision);
  });
