import { dayStart, epochMs, type EpochMs } from '../lib/time.ts';
import { MAX_CURVE_POINTS, type CurvePoint, type DailyClose, type MaxDrawdown } from './result.ts';

/** What the book is worth at one close. */
type Worth = {
  readonly equity: number;
  readonly cash: number;
  /** At stake in the market, at the last prices. */
  readonly invested: number;
  /** Positions that are open. */
  readonly open: number;
};

type Closing = Worth & { readonly at: number };

/** What is kept of every close: as much after a million as after two thousand. */
export type Recorder = {
  /** Closes seen. */
  closes: number;
  /** Closes at which something was held. */
  held: number;
  /** Each how many closes one is kept. */
  stride: number;
  points: CurvePoint[];
  readonly daily: DailyClose[];
  /** End of the UTC day that is under way. */
  dayEnd: number;
  peak: number;
  peakAt: number;
  fallPct: number;
  fall: number;
  fallFrom: number | null;
  fallTo: number | null;
  readonly last: { -readonly [K in keyof Closing]: Closing[K] };
};

export const recorderInit = (equity: number, at: number): Recorder => ({
  closes: 0,
  held: 0,
  stride: 1,
  points: [],
  daily: [],
  dayEnd: 0,
  peak: equity,
  peakAt: at,
  fallPct: 0,
  fall: 0,
  fallFrom: null,
  fallTo: null,
  last: { at, equity, cash: equity, invested: 0, open: 0 },
});

const DAY = 86_400_000;

const pointOf = (
  { peak }: Recorder,
  at: number,
  { equity, cash, invested }: Worth,
): CurvePoint => ({
  at: epochMs(at),
  equity,
  cash,
  exposure: equity > 0 ? invested / equity : 0,
  drawdownPct: peak > 0 ? (100 * (peak - equity)) / peak : 0,
});

/** Keeps every second point, and from now on only half as many. */
function thinOut(recorder: Recorder): void {
  recorder.points = recorder.points.filter((_, index) => index % 2 === 0);
  recorder.stride *= 2;
}

function endDay(recorder: Recorder, at: number): void {
  const { last, closes, dayEnd } = recorder;
  if (closes > 0) recorder.daily.push({ dayAt: epochMs(dayEnd - DAY), equity: last.equity });
  // A bar that closes at midnight belongs to the day that it ends.
  recorder.dayEnd = dayStart(epochMs(at - 1)) + DAY;
}

/** Takes note of one close. */
export function record(recorder: Recorder, at: number, worth: Worth): void {
  const { equity } = worth;
  if (at > recorder.dayEnd) endDay(recorder, at);
  if (equity >= recorder.peak) {
    recorder.peak = equity;
    recorder.peakAt = at;
  } else {
    const fall = recorder.peak - equity;
    const pct = recorder.peak > 0 ? (100 * fall) / recorder.peak : 0;
    if (pct > recorder.fallPct) {
      recorder.fallPct = pct;
      recorder.fall = fall;
      recorder.fallFrom = recorder.peakAt;
      recorder.fallTo = at;
    }
  }
  if (recorder.closes % recorder.stride === 0) {
    recorder.points.push(pointOf(recorder, at, worth));
    if (recorder.points.length === MAX_CURVE_POINTS - 1) thinOut(recorder);
  }
  recorder.closes += 1;
  if (worth.open > 0) recorder.held += 1;
  keep(recorder.last, at, worth);
}

/** In place: a close is nothing that is worth an object of its own. */
function keep(last: Recorder['last'], at: number, { equity, cash, invested, open }: Worth): void {
  last.at = at;
  last.equity = equity;
  last.cash = cash;
  last.invested = invested;
  last.open = open;
}

/** The last close once more, after what the end of the data has brought. */
export function amendLast(recorder: Recorder, worth: Worth): void {
  const { last, points } = recorder;
  keep(last, last.at, worth);
  if (points.at(-1)?.at === last.at) points[points.length - 1] = pointOf(recorder, last.at, last);
}

const timeOf = (at: number | null): EpochMs | null => (at === null ? null : epochMs(at));

/** What a run's closes come to. */
export function recorded(recorder: Recorder): {
  readonly curve: readonly CurvePoint[];
  readonly daily: readonly DailyClose[];
  readonly maxDrawdown: MaxDrawdown;
  readonly timeInMarket: number;
} {
  const { points, last, closes, held, daily, dayEnd } = recorder;
  const isLastKept = closes === 0 || points.at(-1)?.at === last.at;
  const { fallPct: pct, fall: amount, fallFrom, fallTo } = recorder;
  return {
    curve: isLastKept ? points : [...points, pointOf(recorder, last.at, last)],
    daily: closes === 0 ? daily : [...daily, { dayAt: epochMs(dayEnd - DAY), equity: last.equity }],
    maxDrawdown: { pct, amount, peakAt: timeOf(fallFrom), troughAt: timeOf(fallTo) },
    timeInMarket: closes === 0 ? 0 : held / closes,
  };
}
