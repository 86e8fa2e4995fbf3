import { spanOf } from '../backtest/span.ts';
import { ok, type Result } from '../lib/result.ts';
import { traceOf, type Seen, type Subject, type Trace } from './trace.ts';

/** How much one indicator depends on where the data begin. */
type VariantBias = {
  readonly name: string;
  /** Bars from the later begin until it has a value; `null` when it never has one. */
  readonly readyAfterBars: number | null;
  /**
   * Largest difference from the value with all the history, once it has one: a share of the value's size, or of its
   * mean size where that is larger.
   */
  readonly largest: number;
  /** Bars from the later begin until it never again differs by more than the tolerance; `null` when it still does. */
  readonly convergedAfterBars: number | null;
};

/** What begins `skipped` bars later in the data came to. */
type LateStart = {
  readonly strategyId: string;
  readonly marketKey: string;
  readonly skipped: number;
  readonly variants: readonly VariantBias[];
  /** Closes at which it wished for something else, and bars until it never again does; `null` when it still does. */
  readonly decisionsDiffer: number;
  readonly decisionsAgreeAfterBars: number | null;
};

/** Bars until a list of booleans is true to its end; `null` when its last is not. */
const settledAfter = (agrees: readonly boolean[]): number | null => {
  const last = agrees.lastIndexOf(false);
  return last === agrees.length - 1 && last >= 0 ? null : last + 1;
};

const meanSize = (seen: readonly Seen[], index: number): number => {
  let [sum, count] = [0, 0];
  for (const { values } of seen) {
    const value = values[index] ?? NaN;
    if (Number.isNaN(value)) continue;
    sum += Math.abs(value);
    count += 1;
  }
  return count === 0 ? 0 : sum / count;
};

type Pair = { readonly full: Seen; readonly late: Seen };

function biasOf(
  { names, seen }: Trace,
  {
    pairs,
    index,
    tolerance,
  }: { readonly pairs: readonly Pair[]; readonly index: number; readonly tolerance: number },
): VariantBias {
  const typical = meanSize(seen, index);
  const ready = pairs.findIndex(({ late }) => !Number.isNaN(late.values[index] ?? NaN));
  const differences = pairs.slice(Math.max(0, ready)).map(({ full, late }) => {
    const [a, b] = [full.values[index] ?? NaN, late.values[index] ?? NaN];
    if (Object.is(a, b)) return 0;
    const difference = Math.abs(a - b) / Math.max(Math.abs(a), typical, Number.MIN_VALUE);
    // Known with one history and not with the other.
    return Number.isNaN(difference) ? Infinity : difference;
  });
  const settled = settledAfter(differences.map((difference) => difference <= tolerance));
  return {
    name: names[index] ?? '',
    readyAfterBars: ready < 0 ? null : ready,
    largest: ready < 0 ? 0 : differences.reduce((a, b) => Math.max(a, b), 0),
    convergedAfterBars: ready < 0 || settled === null ? null : ready + settled,
  };
}

function lateStartOf(
  full: Trace,
  late: Trace,
  { skipped, tolerance }: { skipped: number; tolerance: number },
): LateStart {
  const byTime = new Map(full.seen.map((seen) => [seen.at, seen]));
  const pairs = late.seen.flatMap((seen) => {
    const same = byTime.get(seen.at);
    return same === undefined ? [] : [{ full: same, late: seen }];
  });
  const agrees = pairs.map((pair) => pair.full.wish === pair.late.wish);
  return {
    strategyId: full.strategyId,
    marketKey: full.marketKey,
    skipped,
    variants: full.names.map((_, index) => biasOf(full, { pairs, index, tolerance })),
    decisionsDiffer: agrees.filter((same) => !same).length,
    decisionsAgreeAfterBars: settledAfter(agrees),
  };
}

/**
 * Starts the same data later and compares: an indicator that remembers for ever, such as an EMA, is not the same on the
 * same bar when it has seen less before. Where a bot is restarted with less history than it was tested with, it decides
 * by such values.
 *
 * @param starts how many bars of each series are left out at its begin
 * @param tolerance difference, as a share of a value's size, that is taken for none
 * @returns the error says which input is wrong, and how.
 */
export function findWarmUpBias(
  subject: Subject,
  { starts, tolerance }: { readonly starts: readonly number[]; readonly tolerance: number },
): Result<readonly LateStart[], string> {
  const full = traceOf(subject, subject.series);
  if (!full.ok) return full;
  const found: LateStart[] = [];
  for (const skipped of starts) {
    const later = subject.series.map((each) =>
      spanOf(each, each.openAt[skipped] ?? Infinity, Infinity),
    );
    const trace = traceOf(subject, later);
    if (!trace.ok) return trace;
    for (const late of trace.value) {
      const same = full.value.find(
        ({ strategyId, marketKey }) =>
          strategyId === late.strategyId && marketKey === late.marketKey,
      );
      if (same !== undefined) found.push(lateStartOf(same, late, { skipped, tolerance }));
    }
  }
  return ok(found);
}
