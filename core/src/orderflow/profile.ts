import type { Bar } from '../market/bar.ts';
import { TIMEFRAMES, type Timeframe } from '../market/market.ts';
import type { Tick } from '../market/tick.ts';
import { atrTicks, type BarContext } from './bar-context.ts';
import {
  collect,
  collectInto,
  complete,
  frameClose,
  frameInit,
  nextRowSize,
  type Collected,
  type FrameState,
} from './profile-frame.ts';
import { histogramAdd, histogramTotal, type Histogram } from './profile-histogram.ts';
import { rowsOf } from './profile-rows.ts';
import { profileShape, type ProfileShape } from './shape.ts';
import { valueArea } from './value-area.ts';

const MINUTE = TIMEFRAMES['1m'];
const DAY = 86_400_000;
/** Minutes that may be open at once: trades come up to two seconds late, so two; the rest is slack. */
const OPEN_MINUTES = 4;
/** The timeframe whose bars a timeframe's closed bars go into. */
const PARENT = { '1m': '5m', '5m': '15m', '15m': '1h', '1h': undefined } as const;

/** Volume by price since the session began. */
type SessionState = {
  /** When it began; `null` before the first bar. */
  startedAt: number | null;
  collected: Collected;
  rowSize: number;
  asOf: number | null;
};

/** The market profiles of one market: of each timeframe and of the session. JSON-able. */
export type ProfilesState = {
  /** When a session begins, milliseconds after 00:00 UTC. */
  readonly sessionOffsetMs: number;
  /** Start of 1h buckets past the full hour, as the candles have it (MD-42). */
  readonly hourOffsetMs: number;
  /** Minutes that still take trades, oldest first. */
  minutes: Collected[];
  /** Buckets of 5m, 15m and 1h that still take minutes. */
  readonly forming: { [timeframe in Timeframe]?: Collected };
  readonly frames: { readonly [timeframe in Timeframe]: FrameState };
  readonly session: SessionState;
  /** The last known ATR(14) of 15m in ticks, for the session's rows. */
  sessionAtr: number | null;
};

/** Profiles that have seen nothing; sessions begin at 00:00 UTC and hours at the full hour unless told. */
export const profilesInit = (sessionOffsetMs = 0, hourOffsetMs = 0): ProfilesState => ({
  sessionOffsetMs,
  hourOffsetMs,
  minutes: [],
  forming: {},
  frames: { '1m': frameInit(), '5m': frameInit(), '15m': frameInit(), '1h': frameInit() },
  session: { startedAt: null, collected: collect(0, 1), rowSize: 0, asOf: null },
  sessionAtr: null,
});

/** The bucket of the minute that begins at `openAt`, opened when there is none. */
function minuteOf(state: ProfilesState, openAt: number): Collected {
  const known = state.minutes.find((minute) => minute.openAt === openAt);
  if (known !== undefined) return known;
  const opened = collect(openAt, state.frames['1m'].grain);
  state.minutes = [...state.minutes, opened]
    .sort((a, b) => a.openAt - b.openAt)
    .slice(-OPEN_MINUTES);
  return opened;
}

/** Counts one trade, in place; only trades that the candles take too. O(1). */
export function profilesTick(
  state: ProfilesState,
  { at, price, size }: Pick<Tick, 'at' | 'price' | 'size'>,
): void {
  const newest = state.minutes[state.minutes.length - 1];
  const minute =
    newest !== undefined && at >= newest.openAt && at < newest.openAt + MINUTE
      ? newest
      : minuteOf(state, at - (at % MINUTE));
  histogramAdd(minute.histogram, price, size);
}

/** What was collected for a closed bar, taken out of what is open. */
function takeCollected(state: ProfilesState, timeframe: Timeframe, openAt: number): Collected {
  const open =
    timeframe === '1m'
      ? state.minutes.find((minute) => minute.openAt === openAt)
      : state.forming[timeframe];
  if (timeframe === '1m') state.minutes = state.minutes.filter((minute) => minute.openAt > openAt);
  return open?.openAt === openAt ? open : collect(openAt, state.frames[timeframe].grain);
}

function addToSession(state: ProfilesState, minute: Collected): void {
  const { session, sessionOffsetMs } = state;
  const startedAt = minute.openAt - ((minute.openAt - sessionOffsetMs) % DAY);
  if (session.startedAt !== startedAt) {
    session.startedAt = startedAt;
    session.collected = collect(startedAt, minute.histogram.grain);
    session.rowSize = 0;
  }
  collectInto(session.collected, minute);
  session.asOf = minute.openAt + MINUTE;
  const { histogram } = session.collected;
  session.rowSize = nextRowSize(histogram, session.rowSize, state.sessionAtr ?? undefined);
}

/**
 * Takes a closed bar into its timeframe's profile, in place (IND-60, IND-64).
 *
 * Bars of a timeframe come in order, and a bar after the finer ones inside it. The volume of a bar that
 * was not collected from trades, as in history, is spread evenly over the bar's range and counts as
 * estimated. A bar that is not newer than the last one is left out.
 */
export function profilesBar(
  state: ProfilesState,
  timeframe: Timeframe,
  { bar, context }: { readonly bar: Bar; readonly context: BarContext },
): void {
  const frame = state.frames[timeframe];
  const length = TIMEFRAMES[timeframe];
  if (frame.asOf !== null && bar.openAt < frame.asOf) return;
  const atr = atrTicks(context);
  const collected = takeCollected(state, timeframe, bar.openAt);
  complete(collected, bar);
  const parent = PARENT[timeframe];
  if (parent !== undefined) {
    const past = parent === '1h' ? bar.openAt - state.hourOffsetMs : bar.openAt;
    const openAt = bar.openAt - (past % TIMEFRAMES[parent]);
    const forming = state.forming[parent];
    const into = forming?.openAt === openAt ? forming : collect(openAt, state.frames[parent].grain);
    collectInto(into, collected);
    state.forming[parent] = into;
  }
  if (timeframe === '15m') state.sessionAtr = atr ?? null;
  if (timeframe === '1m') addToSession(state, collected);
  frameClose(frame, collected, atr);
  frame.asOf = bar.openAt + length;
}

/** A market profile in steps of the market's grid. A row's price is its middle tick, the lower of two. */
export type Profile = {
  /** Close of the last bar in it, epoch milliseconds. */
  readonly asOf: number;
  /** Ticks: row `i` is `[from + i × rowSize, from + (i + 1) × rowSize)`. */
  readonly from: number;
  readonly rowSize: number;
  /** Lots by row, at most 200 rows, none empty at the ends. */
  readonly volumes: readonly number[];
  /** Ticks. */
  readonly poc: number;
  /** Ticks: the price of the highest row of the value area. */
  readonly valueAreaHigh: number;
  /** Ticks: the price of its lowest row. */
  readonly valueAreaLow: number;
  readonly shape: ProfileShape;
  /** Lots. */
  readonly totalVolume: number;
  /** Bars in it, at most 60; minutes for a session. */
  readonly bars: number;
  /** Lots of the total that were spread over a bar's range for want of its trades. */
  readonly estimatedVolume: number;
};

/** What stands out of a histogram gathered into rows; prices in ticks. */
export function profileLevels(
  total: Histogram,
  rowSize: number,
):
  | (Pick<Profile, 'from' | 'volumes' | 'poc' | 'valueAreaHigh' | 'valueAreaLow'> & {
      readonly pocRow: number;
    })
  | undefined {
  const { from, volumes } = rowsOf(total, rowSize);
  const area = valueArea(volumes);
  if (area === undefined) return undefined;
  const priceOf = (row: number) => from + row * rowSize + Math.floor((rowSize - 1) / 2);
  return {
    from,
    volumes,
    poc: priceOf(area.poc),
    valueAreaHigh: priceOf(area.high),
    valueAreaLow: priceOf(area.low),
    pocRow: area.poc,
  };
}

/** The bars that a profile is over, as one sum. */
function sourceOf(state: ProfilesState, timeframe: Timeframe | 'session') {
  if (timeframe === 'session') {
    const { collected, rowSize, asOf } = state.session;
    const bars = asOf === null ? 0 : (asOf - collected.openAt) / MINUTE;
    return { total: collected.histogram, estimated: collected.estimated, rowSize, asOf, bars };
  }
  const { total, bars, rowSize, asOf } = state.frames[timeframe];
  const estimated = bars.reduce((sum, bar) => sum + bar.estimated, 0);
  return { total, estimated, rowSize, asOf, bars: bars.length };
}

/**
 * The profile as of the last closed bar of its timeframe, the session's as of the last minute.
 *
 * @returns `undefined` while there is no volume in it.
 */
export function profileOf(
  state: ProfilesState,
  timeframe: Timeframe | 'session',
): Profile | undefined {
  const { total, estimated, rowSize, asOf, bars } = sourceOf(state, timeframe);
  if (asOf === null || rowSize === 0) return undefined;
  const levels = profileLevels(total, rowSize);
  if (levels === undefined) return undefined;
  const { from, volumes, poc, valueAreaHigh, valueAreaLow, pocRow } = levels;
  return {
    asOf,
    from,
    rowSize,
    volumes,
    poc,
    valueAreaHigh,
    valueAreaLow,
    shape: profileShape(volumes, pocRow),
    totalVolume: histogramTotal(total),
    bars,
    estimatedVolume: estimated,
  };
}
