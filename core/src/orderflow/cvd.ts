import { SERIES, type Bar } from '../market/bar.ts';
import { dropGaps, gapsWithin, noteGap, type Gap } from './flow-gaps.ts';
import { sumsOver } from './tick-window-read.ts';
import type { TapeState } from './tick-window-tape.ts';
import { deltaOf } from './delta.ts';

/** Where cumulative volume delta starts from: each is a variant of its own (IND-46). */
export const CVD_ANCHORS = ['session', '1h', '4h'] as const;
export type CvdAnchor = (typeof CVD_ANCHORS)[number];
type Rolling = Exclude<CvdAnchor, 'session'>;

const DAY_MS = 86_400_000;
const LENGTHS: Readonly<Record<Rolling, number>> = { '1h': 3_600_000, '4h': 14_400_000 };
/** A rolling window's start moves in steps of this share of its length: 1 s in an hour, 4 s in four. */
const STEPS = 3_600;
/** A little more than the window, so that it can also be told as of one refresh ago. */
const SLOTS = STEPS + 128;
/** Share of a window that must be known (IND-41). */
const MIN_COVERAGE = 0.95;

/**
 * Running delta of a market. JSON-able. Whole lots, so that it is exact however long it runs.
 *
 * A ring holds the total at each step's start: slot `k % SLOTS` belongs to time `k × step`.
 */
export type CvdState = {
  /** Start of a session after 00:00 UTC, ms: 0 but for markets that open at a bell. */
  readonly sessionOffsetMs: number;
  /** Start of the first bar; -1 before it. */
  begunAt: number;
  /** End of the last bar: all before it is counted. */
  closedAt: number;
  /** Delta of all bars so far. */
  total: number;
  /** Start of the session that holds the last bar, and the total there. */
  sessionAt: number;
  sessionTotal: number;
  readonly rings: Readonly<Record<Rolling, number[]>>;
  /** Spans without data, as starts and ends in turn. */
  readonly gaps: number[];
};

const ring = (): number[] => Array.from({ length: SLOTS }, () => 0);

/** A delta that has seen nothing. */
export const cvdInit = (sessionOffsetMs = 0): CvdState => ({
  sessionOffsetMs,
  begunAt: -1,
  closedAt: -1,
  total: 0,
  sessionAt: -1,
  sessionTotal: 0,
  rings: { '1h': ring(), '4h': ring() },
  gaps: [],
});

/** Start of the session that holds `at`. */
function sessionStart({ sessionOffsetMs }: CvdState, at: number): number {
  return Math.floor((at - sessionOffsetMs) / DAY_MS) * DAY_MS + sessionOffsetMs;
}

/** Writes the total into the slots of all steps that began after `closedAt`, up to and with `until`. */
function fill(state: CvdState, until: number): void {
  for (const name of ROLLING) {
    const step = LENGTHS[name] / STEPS;
    const slots = state.rings[name];
    const last = Math.floor(until / step);
    const first = Math.max(Math.floor(state.closedAt / step) + 1, last - SLOTS + 1);
    for (let index = first; index <= last; index++) slots[index % SLOTS] = state.total;
  }
}

const ROLLING: readonly Rolling[] = ['1h', '4h'];

/**
 * Feeds a closed bar, updating `state` in place: of one second from the stream, or longer ones from history,
 * whose delta counts at their end.
 *
 * @throws RangeError when a bar begins before the end of the one before.
 */
export function cvdNext(state: CvdState, bar: Bar, lengthMs: number = SERIES['1s']): void {
  if (bar.openAt < state.closedAt)
    throw new RangeError(
      `Invariant: bars come oldest first, ${bar.openAt} came after ${state.closedAt}`,
    );
  if (state.begunAt < 0) {
    state.begunAt = bar.openAt;
    state.closedAt = bar.openAt - 1;
  }
  const end = bar.openAt + lengthMs;
  // Steps that begin with or before the bar's last moment do not know its delta yet.
  fill(state, end - 1);
  const session = sessionStart(state, bar.openAt);
  if (session !== state.sessionAt) {
    state.sessionAt = session;
    state.sessionTotal = state.total;
  }
  state.total += deltaOf(bar);
  state.closedAt = end - 1;
  fill(state, end);
  state.closedAt = end;
}

/** Notes that trades of a span are missing: its time counts as not known. */
export function cvdGap({ gaps, closedAt }: CvdState, gap: Gap): void {
  dropGaps(gaps, closedAt - DAY_MS);
  noteGap(gaps, gap);
}

/** The total at the first step of a rolling window that ends at `now`. */
function totalAtStart(state: CvdState, name: Rolling, now: number): number {
  const step = LENGTHS[name] / STEPS;
  const index = Math.ceil((now - LENGTHS[name]) / step);
  return index * step >= state.closedAt
    ? state.total
    : (state.rings[name][index % SLOTS] ?? state.total);
}

/**
 * Cumulative volume delta from an anchor to `now` (IND-46): what bars have counted, and what the tape holds
 * since. `now` is at most two minutes before the last bar's end.
 *
 * @returns Lots; `undefined` unless at least 95 % of the time since the anchor is known.
 */
export function cvdAt(
  { state, tape }: { readonly state: CvdState; readonly tape: TapeState },
  anchor: CvdAnchor,
  now: number,
): number | undefined {
  if (state.begunAt < 0) return undefined;
  const from = anchor === 'session' ? sessionStart(state, now) : now - LENGTHS[anchor];
  const start = Math.max(from, state.begunAt);
  const known = now - start - gapsWithin(state.gaps, start, now);
  if (!(now > from && known >= MIN_COVERAGE * (now - from))) return undefined;
  // A trade in the very millisecond of an anchor belongs to what begins there.
  const open = deltaOf(sumsOver(tape, { from: Math.max(from, state.closedAt) - 1, to: now }));
  if (anchor !== 'session') return state.total - totalAtStart(state, anchor, now) + open;
  return from >= state.closedAt ? open : state.total - state.sessionTotal + open;
}
