import { SERIES, type BarValues, type SeriesName } from '../market/bar.ts';
import type { Outputs } from './families.ts';
import { ascending } from './guard.ts';
import type { Predicate } from './predicate.ts';
import type { Reading } from './reading.ts';
import { barVariantNamed, familyOf, read } from './variants.ts';

/** One computation, shared by all variants that read it. */
type Core = {
  /** A base of its family. */
  readonly base: string;
  readonly warmup: number;
  readonly state: object;
  /** Why the package that it asks had no answer; `null` when it had one, or none is asked. */
  fault: string | null;
};

/** One variant: what it reads, and what it read last. */
type Reader = {
  readonly id: string;
  readonly base: string;
  readonly predicate: Predicate | null;
  /** Which of the cores it reads. */
  readonly core: number;
  /** The base's value on the last bar. */
  before: number | null;
  value: number | null;
};

/** Variants of one market and timeframe. JSON-able. */
export type IndicatorSetState = {
  /** Bars fed, counted up to the longest warm-up. */
  seen: number;
  /** Open of the last bar, epoch milliseconds; `null` before the first. */
  lastOpenAt: number | null;
  readonly cores: readonly Core[];
  readonly readers: readonly Reader[];
};

/**
 * A set that has seen nothing. Names that mean the same variant are one (IND-09), and variants of one
 * computation share it: MACD_12_26_9, its signal, and `MACD_12_26_9_above_0` cost one MACD.
 *
 * @throws RangeError that says what is wrong with a name.
 */
export function setInit(names: readonly string[]): IndicatorSetState {
  const cores: Core[] = [];
  const places = new Map<string, number>();
  const readers = new Map<string, Reader>();
  for (const name of names) {
    const { id, base, parameters, predicate } = barVariantNamed(name);
    const family = familyOf(base);
    const key = [family.name, ...parameters].join('_');
    const core = places.get(key) ?? cores.length;
    if (core === cores.length)
      cores.push({
        base,
        warmup: family.warmup(parameters),
        state: family.init(parameters),
        fault: null,
      });
    places.set(key, core);
    readers.set(id, { id, base, predicate, core, before: null, value: null });
  }
  return { seen: 0, lastOpenAt: null, cores, readers: [...readers.values()] };
}

/**
 * Feeds one closed bar to all variants, updating `state` in place.
 *
 * @param openAt - Start of the bar, epoch milliseconds.
 * @throws RangeError when bars do not come oldest first (IND-03), or a price is not finite.
 */
export function setNext(state: IndicatorSetState, bar: BarValues, openAt: number): void {
  state.lastOpenAt = ascending(state.lastOpenAt, openAt);
  const longest = Math.max(0, ...state.cores.map(({ warmup }) => warmup));
  if (state.seen < longest) state.seen += 1;
  const outputs: Outputs[] = state.cores.map((core) => {
    const family = familyOf(core.base);
    const values = family.next(core.state, bar);
    core.fault = family.fault(core.state);
    return values;
  });
  for (const reader of state.readers) {
    const values = outputs[reader.core] ?? {};
    reader.value = read(reader, values, reader.before) ?? null;
    reader.before = values[reader.base] ?? null;
  }
}

/** Values on the last closed bar by variant id; `null` until ready and where not defined. */
export const setValues = ({
  readers,
}: IndicatorSetState): Readonly<Record<string, number | null>> =>
  Object.fromEntries(readers.map(({ id, value }) => [id, value]));

/** The same if the forming bar closed now; `state` stays as it is (IND-05). */
export function setProvisional(
  state: IndicatorSetState,
  forming: BarValues,
  openAt: number,
): IndicatorSetState {
  const copy = structuredClone(state);
  setNext(copy, forming, openAt);
  return copy;
}

function reasonOf(state: IndicatorSetState, { core, predicate }: Reader): string {
  const { warmup, fault } = state.cores[core] ?? { warmup: 0, fault: null };
  if (fault !== null) return `could not be computed: ${fault}`;
  if (state.seen < warmup) return `warming up: ${state.seen} of ${warmup} bars`;
  if (predicate !== null) return 'not to be told of this bar and the one before';
  return 'not defined for these bars';
}

/** Where and when a set was read. */
export type ReadingContext = {
  readonly marketKey: string;
  readonly timeframe: SeriesName;
  readonly dataQuality: number;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The set comes from {@link setProvisional}: its last bar is the forming one. */
  readonly provisional: boolean;
};

/** Readings of all variants on the last bar (IND-08); none before the first. */
export function setReadings(
  state: IndicatorSetState,
  { marketKey, timeframe, dataQuality, now, provisional }: ReadingContext,
): Reading[] {
  const { lastOpenAt } = state;
  if (lastOpenAt === null) return [];
  return state.readers.map((reader) => ({
    name: reader.base,
    variantId: reader.id,
    marketKey,
    timeframe,
    value: reader.value,
    ready: reader.value !== null,
    provisional,
    dataQuality,
    ts: now,
    inputsUpTo: Math.min(now, lastOpenAt + SERIES[timeframe]),
    reason: reader.value === null ? reasonOf(state, reader) : null,
  }));
}
