import { dayStart, epochMs, type EpochMs } from '../lib/time.ts';
import { addMoney, percentRatio, subMoney, sumMoney, type Money } from '../lib/units.ts';

const DAY_MS = 86_400_000;

/** Monday to Monday, 00:00 UTC. */
export type Week = { readonly from: EpochMs; readonly to: EpochMs };

/** The last week that is over at `now`. */
export function lastWeek(now: EpochMs): Week {
  const sinceMonday = (new Date(now).getUTCDay() + 6) % 7;
  const to = dayStart(now) - sinceMonday * DAY_MS;
  return { from: epochMs(to - 7 * DAY_MS), to: epochMs(to) };
}

/** Names the report of a week by its Monday: `yyyy-mm-dd`. */
export const weekId = ({ from }: Week): string => new Date(from).toISOString().slice(0, 10);

/** A round trip as a report sees it. */
type Trip = {
  readonly symbol: string;
  readonly netPnl: Money;
  readonly outcome: 'profitable' | 'loss' | 'flat';
};

type Extreme = { readonly symbol: string; readonly netPnl: Money };

/** What a week's round trips came to. */
export type WeekTrades = {
  readonly trades: number;
  readonly wins: number;
  readonly losses: number;
  readonly net: Money;
  /** `null` without trades. */
  readonly best: Extreme | null;
  readonly worst: Extreme | null;
};

export function weekTrades(trips: readonly Trip[]): WeekTrades {
  const sorted = trips.toSorted((a, b) => (a.netPnl < b.netPnl ? -1 : Number(a.netPnl > b.netPnl)));
  const extreme = (trip: Trip | undefined): Extreme | null =>
    trip === undefined ? null : { symbol: trip.symbol, netPnl: trip.netPnl };
  const count = (outcome: Trip['outcome']): number =>
    trips.filter((trip) => trip.outcome === outcome).length;
  return {
    trades: trips.length,
    wins: count('profitable'),
    losses: count('loss'),
    net: sumMoney(trips.map(({ netPnl }) => netPnl)),
    best: extreme(sorted.at(-1)),
    worst: extreme(sorted[0]),
  };
}

/**
 * Return of a time in percent, without what came and went: what was gained over what was there, deposits of the time
 * included; `null` where a value is not known, or nothing was there.
 *
 * @param flows Deposits less withdrawals of the time.
 */
export function returnPct(before: Money | null, after: Money | null, flows: Money): number | null {
  if (before === null || after === null) return null;
  const base = addMoney(before, flows);
  return percentRatio(subMoney(after, base), base) ?? null;
}

/** The range of a month's return that a person plans with, percent: information, never something to pursue (RSK-73). */
export type TargetRange = { readonly leastPct: number; readonly mostPct: number };

/** Where a projection stands against the range; `null` where one of the two is not known. */
export function againstTarget(
  projectionPct: number | null,
  target: TargetRange | null,
): 'below' | 'within' | 'above' | null {
  if (projectionPct === null || target === null) return null;
  if (projectionPct < target.leastPct) return 'below';
  return projectionPct > target.mostPct ? 'above' : 'within';
}

/** A book's return of a time, and which account it trades. */
export type BookReturn = {
  readonly bookId: string;
  readonly name: string;
  readonly isLive: boolean;
  /** Venue and kind of market: what is compared trades the same. */
  readonly account: string;
  readonly returnPct: number | null;
};

/** What a live book made less than what the paper books of the same kind of account made, in percentage points. */
export type PaperGap = {
  readonly bookId: string;
  readonly name: string;
  readonly paperPct: number;
  /** Below 0 = live made less. */
  readonly gapPct: number;
};

/** The gaps of a live book to every paper book beside it; none for a paper book, or where a return is not known. */
export function paperGaps(book: BookReturn, all: readonly BookReturn[]): readonly PaperGap[] {
  const { returnPct: own, isLive, account } = book;
  if (!isLive || own === null) return [];
  return all.flatMap(({ bookId, name, isLive: other, account: at, returnPct: paperPct }) =>
    other || at !== account || paperPct === null
      ? []
      : [{ bookId, name, paperPct, gapPct: own - paperPct }],
  );
}
