import type { BarSeries } from '../backtest/data.ts';
import { spanOf } from '../backtest/span.ts';
import { ok, type Result } from '../lib/result.ts';
import { TIMEFRAMES } from '../market/market.ts';
import type { Seed } from '../simulation/random.ts';
import { diceOf, shuffle } from './dice.ts';
import { traceOf, type Seen, type Subject, type Trace } from './trace.ts';

/**
 * What is done to the data behind a cut: nothing (the same run again), cut off, its bars put in random order, or
 * exchanged for those that come later.
 */
type Alteration = 'again' | 'truncated' | 'shuffled' | 'shifted';

/** A decision or an indicator that changed although its past did not. */
type Leak = {
  readonly alteration: Alteration;
  /** What lies behind it was altered, epoch milliseconds. */
  readonly cutAt: number;
  readonly strategyId: string;
  readonly marketKey: string;
  /** Closes up to the cut that differ, and the first of them. */
  readonly bars: number;
  readonly firstAt: number;
  /** `decision`, or the name of an indicator. */
  readonly what: string;
  readonly expected: string;
  readonly found: string;
};

type LookAhead = {
  /** Closes that were compared, over all alterations. */
  readonly compared: number;
  /** Empty for an honest strategy. */
  readonly leaks: readonly Leak[];
};

/** The columns of a bar but its time: what an altered future moves about. */
const MOVED = [
  'open',
  'high',
  'low',
  'close',
  'volume',
  'buyVolume',
  'tradeCount',
  'buyTrades',
] as const;

/** The series with the bars behind a cut taken from other rows there; what happened within these bars is left out. */
function reordered(series: BarSeries, cutAt: number, orderOf: (rows: number[]) => void): BarSeries {
  const kept = spanOf(series, 0, cutAt);
  const rows = Array.from(
    { length: series.length - kept.length },
    (_, index) => kept.length + index,
  );
  orderOf(rows);
  const moved = (column: Float64Array | null): Float64Array | null => {
    if (column === null) return null;
    const copy = column.slice();
    rows.forEach((from, index) => {
      copy[kept.length + index] = column[from] ?? NaN;
    });
    return copy;
  };
  const { windows } = series;
  return {
    ...series,
    ...Object.fromEntries(MOVED.map((name) => [name, moved(series[name])])),
    windows:
      windows === null
        ? null
        : Object.fromEntries(
            Object.entries(windows).map(([name, column]) => [name, moved(column) ?? column]),
          ),
    trades: kept.trades,
    finer: kept.finer,
  };
}

function altered(
  series: BarSeries,
  { alteration, cutAt }: { readonly alteration: Alteration; readonly cutAt: number },
  seed: Seed,
): BarSeries {
  switch (alteration) {
    case 'again':
      return series;
    case 'truncated':
      return spanOf(series, 0, cutAt);
    case 'shuffled':
      return reordered(series, cutAt, (rows) => {
        shuffle(rows, diceOf(seed, `shuffled future of ${series.marketKey}`));
      });
    case 'shifted':
      return reordered(series, cutAt, (rows) => {
        rows.push(...rows.splice(0, Math.ceil(rows.length / 3)));
      });
  }
}

type Difference = Pick<Leak, 'what' | 'expected' | 'found'>;

function differenceOf(
  names: readonly string[],
  expected: Seen,
  found: Seen | undefined,
): Difference | null {
  if (found === undefined || found.at !== expected.at)
    return { what: 'decision', expected: expected.wish, found: 'not judged' };
  const index = expected.values.findIndex((value, each) => !Object.is(value, found.values[each]));
  if (index >= 0)
    return {
      what: names[index] ?? '',
      expected: String(expected.values[index]),
      found: String(found.values[index]),
    };
  return expected.wish === found.wish
    ? null
    : { what: 'decision', expected: expected.wish, found: found.wish };
}

type Compared = { readonly closes: number; readonly leak: Leak | null };

function compare(
  expected: Trace,
  found: Trace | undefined,
  where: Pick<Leak, 'alteration' | 'cutAt'>,
): Compared {
  const { strategyId, marketKey, names } = expected;
  let [closes, bars] = [0, 0];
  let first: (Difference & { readonly firstAt: number }) | null = null;
  for (const seen of expected.seen) {
    if (seen.at > where.cutAt) break;
    const difference = differenceOf(names, seen, found?.seen[closes]);
    closes += 1;
    if (difference === null) continue;
    bars += 1;
    first ??= { ...difference, firstAt: seen.at };
  }
  return {
    closes,
    leak: first === null ? null : { ...where, strategyId, marketKey, bars, ...first },
  };
}

/** Times at which the data are cut: shares of their span, at the closes of bars. */
function cutsOf(series: readonly BarSeries[], shares: readonly number[]): readonly number[] {
  const from = Math.min(...series.map(({ openAt }) => openAt[0] ?? Infinity));
  const to = Math.max(...series.map(({ openAt }) => openAt.at(-1) ?? 0));
  const barMs = Math.max(...series.map(({ timeframe }) => TIMEFRAMES[timeframe]));
  return shares.map((share) => Math.ceil((from + share * (to - from)) / barMs) * barMs);
}

/**
 * Looks for strategies that know the future (STR-94): runs them again on data that are the same up to a cut and
 * different behind it, and compares every decision and every indicator up to there. One that remembers an earlier run
 * is found by running it again on the same data.
 *
 * It can only find knowledge that comes with the data: not a future that somebody wrote into the strategy.
 *
 * @returns the error says which input is wrong, and how.
 */
export function findLookAhead(
  subject: Subject,
  { shares, seed }: { readonly shares: readonly number[]; readonly seed: Seed },
): Result<LookAhead, string> {
  const { series } = subject;
  const honest = traceOf(subject, series);
  if (!honest.ok) return honest;
  const end = cutsOf(series, [1]).map((cutAt) => ({
    alteration: 'again' as const,
    cutAt: cutAt * 2,
  }));
  const cuts = cutsOf(series, shares).flatMap((cutAt) =>
    (['truncated', 'shuffled', 'shifted'] as const).map((alteration) => ({ alteration, cutAt })),
  );
  const leaks: Leak[] = [];
  let compared = 0;
  for (const where of [...end, ...cuts]) {
    const data = series
      .map((each) => altered(each, where, seed))
      .filter(({ length }) => length > 0);
    const trace = traceOf(subject, data);
    if (!trace.ok) return trace;
    for (const expected of honest.value) {
      const found = trace.value.find(
        ({ strategyId, marketKey }) =>
          strategyId === expected.strategyId && marketKey === expected.marketKey,
      );
      const { closes, leak } = compare(expected, found, where);
      compared += closes;
      if (leak !== null) leaks.push(leak);
    }
  }
  return ok({ compared, leaks });
}
