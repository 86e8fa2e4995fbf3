import type { BarValues } from '../market/bar.ts';
import { OWN_FAMILIES, valueOf, type Family, type Outcome } from './families.ts';
import { FURTHER_FAMILIES } from './further.ts';
import { PATTERN_FAMILIES } from './patterns.ts';
import { holds, type Predicate } from './predicate.ts';
import { parseVariant, type Variant } from './variant-name.ts';

const FAMILIES: ReadonlyMap<string, Family> = new Map(
  [...OWN_FAMILIES, ...FURTHER_FAMILIES, ...PATTERN_FAMILIES].flatMap((family) =>
    family.outputs.map((base) => [base, family]),
  ),
);

/** The computation that gives a base its value. @throws RangeError when it is not one of closed bars. */
export function familyOf(base: string): Family {
  const family = FAMILIES.get(base);
  if (family === undefined)
    throw new RangeError(`Invariant: ${base} is an indicator of closed bars`);
  return family;
}

/** A variant of closed bars by name. @throws RangeError that says what is wrong with the name. */
export function barVariantNamed(name: string): Variant {
  const parsed = parseVariant(name);
  if (!parsed.ok) throw new RangeError(`Invariant: ${parsed.error.message}`);
  if (parsed.value.kind !== 'bar')
    throw new RangeError(`Invariant: ${name} looks at trades, not at closed bars`);
  return parsed.value;
}

/** Value of a base, or of a predicate on it: 1 where it holds, 0 where it does not. */
export function read(
  { base, predicate }: { readonly base: string; readonly predicate: Predicate | null },
  outcome: Outcome,
  before: number | null,
): number | undefined {
  const value = valueOf(outcome, base);
  if (value === undefined || predicate === null) return value;
  const held = holds(predicate, { value, before: before ?? undefined });
  return held === undefined ? undefined : Number(held);
}

/** Running state of one variant. JSON-able. */
export type BarVariantState = {
  readonly core: object;
  /** The base's value one bar ago; `null` when it had none. */
  before: number | null;
};

/** A variant of closed bars, ready to run. */
export type BarVariant = {
  readonly variant: Variant;
  /** Bars until its base can have a value. */
  readonly warmup: number;
  readonly init: () => BarVariantState;
  /** Feeds one closed bar, oldest first, updating `state` in place. `undefined` until ready and where not defined. */
  readonly next: (state: BarVariantState, bar: BarValues) => number | undefined;
};

/** The variant of a name such as `RSI_14` or `BB_20_2_above_1`. @throws RangeError when there is none, and why. */
export function barVariant(name: string): BarVariant {
  const variant = barVariantNamed(name);
  const { base, parameters } = variant;
  const family = familyOf(base);
  return {
    variant,
    warmup: family.warmup(parameters),
    init: () => ({ core: family.init(parameters), before: null }),
    next: (state, bar) => {
      const outcome = family.next(state.core, bar);
      const value = read(variant, outcome, state.before);
      state.before = valueOf(outcome, base) ?? null;
      return value;
    },
  };
}
