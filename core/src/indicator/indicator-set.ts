import { SERIES, type BarValues, type SeriesName } from '../market/bar.ts';
import { valueOf, type Family, type Outcome } from './families.ts';
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
};

/** One variant: what it reads, and what it read last. */
type Reader = {
  readonly id: string;
  readonly base: string;
  readonly predicate: Predicate | null;
  /** Which of the cores it reads. */
  readonly core: number;
  /** The base's value on the last bar, where a predicate is to compare it with the next one. */
  before: number | null;
  value: number | null;
};

/** Variants of one market and timeframe. JSON-able. */
export type IndicatorSetState = {
  /** Bars fed, counted up to the longest warm-up. */
  seen: number;
  /** The longest warm-up, in bars. */
  readonly warmup: number;
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
      });
    places.set(key, core);
    readers.set(id, { id, base, predicate, core, before: null, value: null });
  }
  const warmup = Math.max(0, ...cores.map((core) => core.warmup));
  return { seen: 0, warmup, lastOpenAt: null, cores, readers: [...readers.values()] };
}

/** What a set's cores run, and room for what they say of one bar. */
type Workings = { readonly families: readonly Family[]; readonly outcomes: Outcome[] };

/** Worked out once for each set: states are plain data and hold no functions. */
const WORKINGS = new WeakMap<readonly Core[], Workings>();
/** Those of the set that was fed last: mostly it is fed again. */
let latest: { readonly cores: readonly Core[]; readonly workings: Workings } | null = null;

function workingsOf(cores: readonly Core[]): Workings {
  if (latest?.cores === cores) return latest.workings;
  const workings = WORKINGS.get(cores) ?? workingsFor(cores);
  latest = { cores, workings };
  return workings;
}

function workingsFor(cores: readonly Core[]): Workings {
  const families = cores.map(({ base }) => familyOf(base));
  const workings = { families, outcomes: families.map(() => undefined) };
  WORKINGS.set(cores, workings);
  return workings;
}

/**
 * Feeds one closed bar to all variants, updating `state` in place.
 *
 * @param openAt - Start of the bar, epoch milliseconds.
 * @throws RangeError when bars do not come oldest first (IND-03), or a price is not finite.
 */
export function setNext(state: IndicatorSetState, bar: BarValues, openAt: number): void {
  state.lastOpenAt = ascending(state.lastOpenAt, openAt);
  if (state.seen < state.warmup) state.seen += 1;
  const { cores, readers } = state;
  const { families, outcomes } = workingsOf(cores);
  for (let at = 0; at < cores.length; at += 1) {
    const core = cores[at];
    outcomes[at] = core === undefined ? undefined : families[at]?.next(core.state, bar);
  }
  for (const reader of readers) {
    const outcome = outcomes[reader.core];
    const value = valueOf(outcome, reader.base) ?? null;
    if (reader.predicate === null) reader.value = value;
    else {
      reader.value = read(reader, outcome, reader.before) ?? null;
      reader.before = value;
    }
  }
}

/** Values on the last closed bar by variant id; `null` until ready and where not defined. */
export const setValues = ({
  readers,
}: IndicatorSetState): Readonly<Record<string, number | null>> =>
  Object.fromEntries(readers.map(({ id, value }) => [id, value]));

/** One of them by variant id; `undefined` until ready, where it is not defined, and where the set has none such. */
export const setValue = ({ readers }: IndicatorSetState, id: string): number | undefined =>
  readers.find((reader) => reader.id === id)?.value ?? undefined;

/** Plain data once more: several times as fast as `structuredClone`, which may meet anything. */
function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  const copy: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value)) copy[key] = copyOf(each);
  return copy;
}

/** A set of its own that knows the same. */
export const setCopy = (state: IndicatorSetState): IndicatorSetState =>
  copyOf(state) as IndicatorSetState;

/** The set if the forming bar closed now; `state` stays as it is (IND-05). */
export function setProvisional(
  state: IndicatorSetState,
  forming: BarValues,
  openAt: number,
): IndicatorSetState {
  const copy = setCopy(state);
  setNext(copy, forming, openAt);
  return copy;
}

function reasonOf({ cores, seen }: IndicatorSetState, { core: place, predicate }: Reader): string {
  const core = cores[place];
  // A computation of others may have failed.
  const fault = core === undefined ? null : familyOf(core.base).fault(core.state);
  if (fault !== null) return `could not be computed: ${fault}`;
  if (core !== undefined && seen < core.warmup) return `warming up: ${seen} of ${core.warmup} bars`;
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

/** Readings of all variants on the last bar (IND-08). */
export function setReadings(
  state: IndicatorSetState,
  { marketKey, timeframe, dataQuality, now, provisional }: ReadingContext,
): Reading[] {
  const { lastOpenAt } = state;
  const end = lastOpenAt === null ? null : lastOpenAt + SERIES[timeframe];
  return state.readers.map((reader) => ({
    name: reader.base,
    variantId: reader.id,
    marketKey,
    timeframe,
    window: null,
    value: reader.value,
    ready: reader.value !== null,
    provisional,
    estimated: false,
    dataQuality,
    ts: now,
    inputsUpTo: end === null ? null : Math.min(now, end),
    reason: reader.value === null ? reasonOf(state, reader) : null,
  }));
}
