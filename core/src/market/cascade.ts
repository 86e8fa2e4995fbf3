import { SERIES, type Bar, type SeriesName } from './bar.ts';
import type { Batch } from './batch.ts';
import { barOf, count, freeBucket, merge, type Bucket } from './bucket.ts';
import { emptyBar, joinBars } from './fold.ts';
import { see, seenInit, turn, type Seen } from './seen.ts';
import {
  bucketOf,
  closeAll,
  closeSecond,
  correct,
  markParents,
  parentBar,
  preload,
  SERIES_NAMES,
  seriesInit,
  type BarSink,
  type Family,
  type RevisionSink,
} from './series.ts';
import type { Tick } from './tick.ts';

export type { BarSink, RevisionSink } from './series.ts';

/** How much older than the newest trade a trade may be, and how long a bucket waits for such (MD-31, MD-43). */
export const LATENESS_MS = 2_000;
/** Silence after which the cascade starts afresh rather than filling every second of it: a day. */
export const MAX_EMPTY_MS = 86_400_000;

const SECOND = SERIES['1s'];
/** Seconds that can be open at once are three; a power of two finds their place by a mask. */
const RING = 4;

/** What became of a trade: counted, known already (MD-30), or too late for its bars (MD-31). */
export type TickFate = 'taken' | 'duplicate' | 'late';

/** What the bars that touch a span of time are marked with. */
export type Mark = {
  readonly from: number;
  readonly until: number;
  readonly gapFilled?: true;
  readonly incomplete?: true;
};

/**
 * What the cascade of one market knows: plain data that survives JSON. To be read through the functions below.
 *
 * Hot numbers have -1 rather than `null` for "none": a field that is always a number is not boxed.
 */
export type CascadeState = Family & {
  /** Everything before this is closed; -1 before the first trade. */
  closedUntil: number;
  /** Time of the newest trade so far; -1 before the first. */
  newestAt: number;
  /** When the memory of ids was last turned. */
  turnedAt: number;
  /** Close of the last closed second: the price of an empty one (MD-44). */
  lastClose: number | null;
  /** Open seconds, each in the place of its own number modulo the length. */
  readonly open: Bucket[];
  readonly seen: Seen;
  /** Spans not closed yet that bars are marked for. */
  marks: Mark[];
};

/** Where history ends: what came before `closedUntil` counts as closed, at `lastClose`. */
export type CascadeSeed = {
  /** Epoch milliseconds; whole seconds of it count. */
  readonly closedUntil: number;
  /** Ticks. */
  readonly lastClose: number | null;
  /** Start of 1h buckets past the full hour: a multiple of 15 minutes below an hour (MD-42). */
  readonly hourOffsetMs?: number;
};

/**
 * A cascade that has seen nothing.
 *
 * @param seed Bars that began before its `closedUntil` are marked incomplete, unless `cascadeHistory` fills them.
 * @throws RangeError unless its hours are shifted by a multiple of 15 minutes.
 */
export function cascadeInit(seed?: CascadeSeed): CascadeState {
  const hourOffsetMs = seed?.hourOffsetMs ?? 0;
  if (hourOffsetMs % SERIES['15m'] !== 0 || hourOffsetMs < 0 || hourOffsetMs >= SERIES['1h'])
    throw new RangeError(
      `Invariant: hours are shifted by 0, 15, 30 or 45 minutes, was ${hourOffsetMs} ms`,
    );
  const closedUntil = seed === undefined ? -1 : Math.floor(seed.closedUntil / SECOND) * SECOND;
  return {
    closedUntil,
    newestAt: -1,
    turnedAt: -1,
    lastClose: seed?.lastClose ?? null,
    open: Array.from({ length: RING }, freeBucket),
    seen: seenInit(),
    marks: [],
    series: seriesInit(),
    begunAt: closedUntil,
    hourOffsetMs,
    sequence: 0,
  };
}

/**
 * Tells a seeded cascade the minutes before its seed, so that its first 5m, 15m and 1h bars are whole.
 *
 * @param minutes Closed bars of one minute, oldest first, the last one ending at the seed's `closedUntil`.
 *   What comes before a hole is left out. Nothing is handed out for them.
 * @throws RangeError once a trade was added: history comes first.
 */
export function cascadeHistory(state: CascadeState, minutes: readonly Bar[]): void {
  if (state.newestAt >= 0)
    throw new RangeError('Invariant: history comes before the first trade of a cascade');
  let from = minutes.length;
  let expected = state.closedUntil - SERIES['1m'];
  while (from > 0 && minutes[from - 1]?.openAt === expected) {
    from -= 1;
    expected -= SERIES['1m'];
  }
  const known = minutes.slice(from);
  preload(state, known);
  state.lastClose = known.at(-1)?.close ?? state.lastClose;
}

const NO_MARKS = { gapFilled: false, incomplete: false } as const;

/** Marks of the second that begins at `at`; spans that end before the next one are forgotten. */
function marksAt(
  state: CascadeState,
  at: number,
): typeof NO_MARKS | Pick<Bar, keyof typeof NO_MARKS> {
  if (state.marks.length === 0) return NO_MARKS;
  const touching = state.marks.filter(({ from, until }) => from < at + SECOND && until > at);
  state.marks = state.marks.filter(({ until }) => until > at + SECOND);
  return {
    gapFilled: touching.some(({ gapFilled }) => gapFilled === true),
    incomplete: touching.some(({ incomplete }) => incomplete === true),
  };
}

/** The open second that `second`, a number of seconds since the epoch, has or would have. */
const bucketAt = (state: CascadeState, second: number): Bucket | undefined =>
  state.open[second & (RING - 1)];

/** Closes the second at `closedUntil`: its trades, or none at the last price. */
function closeNext(state: CascadeState, bucket: Bucket | undefined, sink: BarSink): void {
  const at = state.closedUntil;
  const marks = marksAt(state, at);
  let bar: Bar | undefined;
  if (bucket !== undefined) {
    bar = barOf(bucket, marks);
    bucket.trades = 0;
    state.lastClose = bar.close;
  } else if (state.lastClose !== null) bar = emptyBar(at, state.lastClose, marks);
  state.closedUntil = at + SECOND;
  if (bar !== undefined) closeSecond(state, bar, sink);
}

/** Start of the next second with trades, at most `end`. */
function nextTraded(state: CascadeState, end: number): number {
  let next = end;
  for (const { trades, openAt } of state.open) if (trades > 0 && openAt < next) next = openAt;
  return next;
}

/** Leaps over seconds that no bar is made of: their price is unknown, or they are too many. */
function leap(state: CascadeState, end: number, sink: BarSink): boolean {
  const next = nextTraded(state, end);
  if (state.lastClose !== null && next - state.closedUntil <= MAX_EMPTY_MS) return false;
  closeAll(state, sink);
  state.lastClose = null;
  state.closedUntil = next;
  return true;
}

/** Closes every second whose lateness is over at `now`, with those without trades. */
function closeUntil(state: CascadeState, now: number, sink: BarSink): void {
  const end = Math.floor((now - LATENESS_MS) / SECOND) * SECOND;
  while (state.closedUntil < end) {
    const bucket = bucketAt(state, state.closedUntil / SECOND);
    if (bucket !== undefined && bucket.trades > 0) closeNext(state, bucket, sink);
    else if (!leap(state, end, sink)) closeNext(state, undefined, sink);
  }
}

function begin(state: CascadeState, at: number): void {
  // A first trade may be overtaken by older ones within the lateness.
  state.closedUntil = Math.floor(Math.max(0, at - LATENESS_MS) / SECOND) * SECOND;
}

const isLate = ({ closedUntil, newestAt }: CascadeState, at: number): boolean =>
  at < closedUntil || at < newestAt - LATENESS_MS;

/** Moves the newest time on to `at`, closing what is due by then. */
function moveTo(state: CascadeState, at: number, sink: BarSink): void {
  if (state.closedUntil < 0) begin(state, at);
  if (at <= state.newestAt) return;
  state.newestAt = at;
  if (at > state.turnedAt + LATENESS_MS) {
    turn(state.seen);
    state.turnedAt = at;
  }
  if (at >= state.closedUntil + SECOND + LATENESS_MS) closeUntil(state, at, sink);
}

/**
 * Feeds one trade to all bars of its market, changing `state` in place.
 *
 * A bar closes once a trade, or `cascadeAdvance`, is two seconds past its end; until then it takes trades in
 * any order, so that the same trades give the same bars however they were shuffled within the lateness (MD-41).
 *
 * @param tick Read and not kept.
 * @param sink Called for every bar that closes, shorter series first; the state's `sequence` is then its number.
 */
export function cascadeAdd(state: CascadeState, tick: Tick, sink: BarSink): TickFate {
  const { at } = tick;
  if (isLate(state, at)) return 'late';
  if (!see(state.seen, tick.id)) return 'duplicate';
  moveTo(state, at, sink);
  const second = Math.floor(at / SECOND);
  const bucket = bucketAt(state, second);
  if (bucket !== undefined) count(bucket, second * SECOND, tick);
  return 'taken';
}

/**
 * Feeds trades of one second that were folded together under pressure (MD-72), changing `state` in place.
 *
 * A batch in which one trade is known already cannot be taken apart: it is left out as a duplicate, and its bars are
 * marked incomplete. One that begins too late is left out as a whole.
 */
export function cascadeBatch(state: CascadeState, { sums, ids }: Batch, sink: BarSink): TickFate {
  if (isLate(state, sums.firstAt)) return 'late';
  const fresh = ids.filter((id) => see(state.seen, id)).length;
  if (fresh < ids.length) {
    const span = { from: sums.firstAt, until: sums.lastAt + 1 };
    if (fresh > 0) cascadeMark(state, { ...span, incomplete: true });
    return 'duplicate';
  }
  moveTo(state, sums.lastAt, sink);
  const second = Math.floor(sums.firstAt / SECOND);
  const bucket = bucketAt(state, second);
  if (bucket === undefined) return 'taken';
  if (bucket.trades > 0) merge(bucket, sums);
  else Object.assign(bucket, sums, { openAt: second * SECOND });
  return 'taken';
}

/**
 * Closes what is due at `now` without a trade, changing `state` in place (MD-43).
 *
 * @param now Market time, less what trades need to arrive: at a replay's speed that delay grows as well.
 */
export function cascadeAdvance(state: CascadeState, now: number, sink: BarSink): void {
  if (state.closedUntil >= 0) closeUntil(state, now, sink);
}

/**
 * Marks every bar that touches `[from, until)` and is not closed yet: rebuilt after a gap (MD-23), or with
 * trades of it missing (MD-73).
 */
export function cascadeMark(state: CascadeState, mark: Mark): void {
  if (mark.until > state.closedUntil) state.marks.push(mark);
  markParents(state, mark, {
    ...(mark.gapFilled === true && { gapFilled: true }),
    ...(mark.incomplete === true && { incomplete: true }),
  });
}

/**
 * Puts `bar` in the place of the latest closed bar of its series, after a correction or a cancelled trade (MD-33).
 *
 * It and every longer bar made of it are handed out with their revision; shorter ones stay as they are.
 *
 * @returns False, and changes nothing, unless it is the latest of its series: an older one is history's business.
 */
export function cascadeCorrect(
  state: CascadeState,
  correction: { readonly series: SeriesName; readonly bar: Bar },
  sink: RevisionSink,
): boolean {
  if (!correct(state, correction, sink)) return false;
  const { series, bar } = correction;
  if (bar.openAt + SERIES[series] === state.closedUntil) state.lastClose = bar.close;
  return true;
}

/**
 * The bar of the newest bucket as it stands, to be shown and not decided on unless a strategy says so (MD-45).
 * `undefined` while nothing of it is known.
 */
export function formingBar(state: CascadeState, series: SeriesName): Bar | undefined {
  const index = SERIES_NAMES.indexOf(series);
  const openAt = bucketOf(state, index, Math.max(state.newestAt, state.closedUntil));
  const open = state.open
    .filter((bucket) => bucket.trades > 0)
    .map((bucket) => barOf(bucket, NO_MARKS))
    .sort((a, b) => a.openAt - b.openAt);
  const closed = state.series
    .slice(1, index + 1)
    .map(({ sum }) => sum)
    .reverse();
  let whole: Bar | null = null;
  for (const part of [...closed, ...open])
    if (part !== null && part.openAt >= openAt) whole = joinBars(openAt, whole, part);
  return whole === null ? undefined : parentBar(state, whole);
}
