import { SERIES, type Bar, type SeriesName } from './bar.ts';
import { joinBars } from './fold.ts';

/** Takes each bar as it closes. Bars are fresh objects that may be kept. */
export type BarSink = (series: SeriesName, bar: Bar) => void;
/** Takes a corrected bar and the number of its revision, counted from 1 (MD-33). */
export type RevisionSink = (series: SeriesName, bar: Bar, revision: number) => void;

/** One length of candles inside the cascade: what is known of its open bucket, and the bar that closed last. */
export type SeriesState = {
  /** Its closed children so far; `null` before the first. */
  sum: Bar | null;
  /** The same without the latest child: a corrected child is added to it anew. */
  before: Bar | null;
  latest: Bar | null;
  /** Revision of `latest`. */
  revision: number;
};

/** What all series of one market share. */
export type Family = {
  readonly series: SeriesState[];
  /** Where knowledge begins: a bucket that began before it is incomplete. -1: with the first trade. */
  begunAt: number;
  /** Start of 1h buckets past the full hour, in milliseconds: where bars follow a session (MD-42). */
  readonly hourOffsetMs: number;
  /** Bars handed out so far, corrections too: the number of the latest (MD-43). */
  sequence: number;
};

/** From the shortest to the longest: each is made of the one before it. */
export const SERIES_NAMES = ['1s', '15s', '1m', '5m', '15m', '1h'] as const satisfies SeriesName[];
const LENGTHS = SERIES_NAMES.map((name) => SERIES[name]);
const HOUR = SERIES_NAMES.indexOf('1h');

export const seriesInit = (): SeriesState[] =>
  SERIES_NAMES.map(() => ({ sum: null, before: null, latest: null, revision: 0 }));

/** Start of the bucket of series `index` that holds `at`. */
export function bucketOf(family: Family, index: number, at: number): number {
  const offset = index === HOUR ? family.hourOffsetMs : 0;
  const length = LENGTHS[index] ?? 1;
  return Math.floor((at - offset) / length) * length + offset;
}

const endOf = (index: number, bar: Bar): number => bar.openAt + (LENGTHS[index] ?? 0);

function closeBar(family: Family, index: number, { bar, sink }: { bar: Bar; sink: BarSink }): void {
  const [name, state] = [SERIES_NAMES[index], family.series[index]];
  if (name === undefined || state === undefined) return;
  state.latest = bar;
  state.revision = 0;
  family.sequence += 1;
  sink(name, bar);
}

/** What a parent holds, as its bar: incomplete where it began before knowledge did. */
export const parentBar = ({ begunAt }: Family, sum: Bar): Bar =>
  sum.openAt < begunAt && !sum.incomplete ? { ...sum, incomplete: true } : sum;

/** Hands out what series `index` holds, and adds it to the next. */
function closeSeries(family: Family, index: number, sink: BarSink): void {
  const state = family.series[index];
  if (state === undefined || state.sum === null) return;
  const bar = parentBar(family, state.sum);
  state.sum = null;
  // `before` stays: a correction of the last child makes the closed bar anew.
  closeBar(family, index, { bar, sink });
  addChild(family, index + 1, { child: bar, sink });
}

type Step = { readonly child: Bar; readonly sink: BarSink };

function addChild(family: Family, index: number, { child, sink }: Step): void {
  const state = family.series[index];
  if (state === undefined) return;
  state.before = state.sum;
  const openAt = state.sum?.openAt ?? bucketOf(family, index, child.openAt);
  state.sum = joinBars(openAt, state.sum, child);
  const end = endOf(index - 1, child);
  if (bucketOf(family, index, end) === end) closeSeries(family, index, sink);
}

/** Closes a second, and with it every parent that ends there. */
export function closeSecond(family: Family, bar: Bar, sink: BarSink): void {
  closeBar(family, 0, { bar, sink });
  addChild(family, 1, { child: bar, sink });
}

/** Closes what every parent holds, as it is: the market has been silent for too long to fill the rest. */
export function closeAll(family: Family, sink: BarSink): void {
  for (let index = 1; index < SERIES_NAMES.length; index += 1) closeSeries(family, index, sink);
}

/** Adds closed minutes before anything else, so that parents that are open know all of their bucket. */
export function preload(family: Family, minutes: readonly Bar[]): void {
  const minute = SERIES_NAMES.indexOf('1m');
  const sink = (): void => undefined;
  family.begunAt = minutes[0]?.openAt ?? family.begunAt;
  for (const child of minutes) {
    closeBar(family, minute, { bar: child, sink });
    addChild(family, minute + 1, { child, sink });
  }
  family.sequence = 0;
}

/** Marks what parents hold of the time from `from` up to `until`. */
export function markParents(
  family: Family,
  span: { readonly from: number; readonly until: number },
  marks: Partial<Pick<Bar, 'gapFilled' | 'incomplete'>>,
): void {
  family.series.forEach((state, index) => {
    const { sum } = state;
    if (sum !== null && sum.openAt < span.until && span.from < endOf(index, sum))
      state.sum = { ...sum, ...marks };
  });
}

/**
 * Puts `bar` in the place of the latest closed bar of its series, and hands it out with the parents that it
 * changes (MD-33). Shorter series stay as they are.
 *
 * @returns False, and changes nothing, unless it is the latest.
 */
export function correct(
  family: Family,
  { series, bar }: { readonly series: SeriesName; readonly bar: Bar },
  sink: RevisionSink,
): boolean {
  const index = SERIES_NAMES.indexOf(series);
  const state = family.series[index];
  if (state?.latest?.openAt !== bar.openAt) return false;
  state.latest = bar;
  state.revision += 1;
  family.sequence += 1;
  sink(series, bar, state.revision);
  const parent = family.series[index + 1];
  const name = SERIES_NAMES[index + 1];
  if (parent === undefined || name === undefined) return true;
  const openAt = bucketOf(family, index + 1, bar.openAt);
  const known = parent.sum ?? parent.latest;
  if (known?.openAt !== openAt) return true;
  const again = joinBars(openAt, parent.before, bar);
  // A mark was given to the parent as a whole: a corrected child does not take it away.
  const marked = {
    ...again,
    gapFilled: again.gapFilled || known.gapFilled,
    incomplete: again.incomplete || known.incomplete,
  };
  if (parent.sum !== null) parent.sum = marked;
  else correct(family, { series: name, bar: marked }, sink);
  return true;
}
