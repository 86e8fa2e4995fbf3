import { holds, type Predicate } from '../../indicator/predicate.ts';
import type { Comparison, Gate, GateValue } from '../gate.ts';

/** How a condition compares (STR-32). */
export const OPERATORS = [
  'gt',
  'gte',
  'lt',
  'lte',
  'eq',
  'between',
  'outside',
  'rising',
  'falling',
  'crossesAbove',
  'crossesBelow',
  'withinPct',
] as const;
export type Operator = (typeof OPERATORS)[number];

/** Least move that counts as one, in percent of the value before (IND-09). */
export const LEAST_MOVE_PCT = 0.001;
/** How far apart equal values may lie, as a share of the larger (STR-32). */
const EQUAL_WITHIN = 1e-9;

/** A comparison, ready to be made: an operator with its numbers, turned round where it is negated. */
export type Check =
  | {
      readonly kind: 'beyond';
      readonly comparison: Exclude<Comparison, 'is'>;
      readonly threshold: number;
    }
  /** `words`: what is needed, for people, where it is not the threshold itself. */
  | {
      readonly kind: 'equal';
      readonly threshold: number;
      readonly wanted: boolean;
      readonly words: string;
    }
  /** Bounds belong to `inside` and not to `outside`. */
  | { readonly kind: 'inside' | 'outside'; readonly low: number; readonly high: number }
  | {
      readonly kind: 'move';
      readonly predicate: Move;
      readonly share: number;
      readonly wanted: boolean;
    }
  | { readonly kind: 'cross'; readonly predicate: Cross; readonly wanted: boolean };

type Move = Extract<Predicate, { kind: 'rising' | 'falling' }>;
type Cross = Extract<Predicate, { kind: 'above' | 'below' | 'crossUp' | 'crossDown' }>;

/** An operator and its numbers, as a person writes them. */
export type Comparing = {
  readonly operator: Operator;
  readonly value: number;
  /** Upper bound of `between` and `outside`; the percentage of `withinPct`. */
  readonly value2: number;
  readonly negate: boolean;
};

const OPPOSITE = { '>': '<=', '>=': '<', '<': '>=', '<=': '>' } as const;
const SIGN = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/** Makes an operator ready. */
export function checkOf({ operator, value, value2, negate }: Comparing): Check {
  const range = (isInside: boolean, low: number, high: number): Check => ({
    kind: isInside === negate ? 'outside' : 'inside',
    low,
    high,
  });
  const reach = (Math.abs(value) * value2) / 100;
  switch (operator) {
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte': {
      const comparison = SIGN[operator];
      return {
        kind: 'beyond',
        comparison: negate ? OPPOSITE[comparison] : comparison,
        threshold: value,
      };
    }
    case 'eq':
      return { kind: 'equal', threshold: value, wanted: !negate, words: `other than ${value}` };
    case 'between':
      return range(true, value, value2);
    case 'outside':
      return range(false, value, value2);
    case 'withinPct':
      return range(true, value - reach, value + reach);
    case 'rising':
    case 'falling':
      return { kind: 'move', predicate: { kind: operator }, share: value / 100, wanted: !negate };
    case 'crossesAbove':
    case 'crossesBelow': {
      const kind = operator === 'crossesAbove' ? 'crossUp' : 'crossDown';
      return { kind: 'cross', predicate: { kind, threshold: value }, wanted: !negate };
    }
  }
}

/** Whether a check looks at the value of the bar before. */
export const looksBack = ({ kind }: Check): boolean => kind === 'move' || kind === 'cross';

/** What a check says of a value. */
export type Finding = {
  /** `null`: it cannot be told, as there is no value, or none before it. */
  readonly holds: boolean | null;
  /** How it is told: the nearest change that would turn it. */
  readonly input: GateValue;
  readonly comparison: Gate['comparison'];
  readonly threshold: GateValue;
  /** Distance from the threshold as a share of it, 0 to 1 (STR-36). */
  readonly distance: number;
};

/** How far `value` lies from `threshold`, as a share of the latter, at most 1; 1 for any distance from 0. */
function distanceOf(value: number, threshold: number): number {
  const apart = Math.abs(value - threshold);
  return apart === 0 ? 0 : Math.min(1, apart / Math.abs(threshold));
}

const finding = (
  isHeld: boolean,
  value: number,
  [comparison, threshold]: readonly [Comparison, number],
): Finding => ({
  holds: isHeld,
  input: value,
  comparison,
  threshold,
  distance: distanceOf(value, threshold),
});

const beyond = (
  value: number,
  comparison: Exclude<Comparison, 'is'>,
  threshold: number,
): boolean => {
  switch (comparison) {
    case '>':
      return value > threshold;
    case '>=':
      return value >= threshold;
    case '<':
      return value < threshold;
    case '<=':
      return value <= threshold;
  }
};

const isNear = (a: number, b: number): boolean =>
  Math.abs(a - b) <= EQUAL_WITHIN * Math.max(Math.abs(a), Math.abs(b));

function rangeFinding(
  { kind, low, high }: Extract<Check, { kind: 'inside' | 'outside' }>,
  value: number,
): Finding {
  const isLower = value - low <= high - value;
  const bound = isLower ? low : high;
  return kind === 'inside'
    ? finding(value >= low && value <= high, value, [isLower ? '>=' : '<=', bound])
    : finding(value < low || value > high, value, [isLower ? '<' : '>', bound]);
}

function equalFinding(
  { threshold, wanted, words }: Extract<Check, { kind: 'equal' }>,
  value: number,
): Finding {
  const told = finding(isNear(value, threshold) === wanted, value, ['is', threshold]);
  return wanted ? told : { ...told, threshold: words };
}

function moveFinding(
  { predicate, share, wanted }: Extract<Check, { kind: 'move' }>,
  value: number,
  before: number,
): Finding {
  const isUp = predicate.kind === 'rising';
  const least = before + (isUp ? share : -share) * Math.abs(before);
  // Of 0 any share is 0, and a move of nothing is none.
  const isStrict = least === before;
  const comparison = isUp ? (isStrict ? '>' : '>=') : isStrict ? '<' : '<=';
  const isHeld = holds(predicate, { value, before }, share) === wanted;
  return finding(isHeld, value, [wanted ? comparison : OPPOSITE[comparison], least]);
}

function crossFinding(
  { predicate, wanted }: Extract<Check, { kind: 'cross' }>,
  value: number,
  before: number,
): Finding {
  const { kind, threshold } = predicate;
  const hasCrossed = holds(predicate, { value, before }) === true;
  const told = finding(hasCrossed === wanted, value, [kind === 'crossUp' ? '>' : '<', threshold]);
  if (!wanted)
    return {
      ...told,
      input: hasCrossed ? 'crossed' : 'not crossed',
      comparison: 'is',
      threshold: 'not crossed',
    };
  // Beyond it before: no value of this bar would make it a crossing.
  const wasBeyond = kind === 'crossUp' ? before > threshold : before < threshold;
  return wasBeyond
    ? { ...told, input: 'beyond it before', comparison: 'is', threshold: 'crossing' }
    : told;
}

/** What is needed where there is no value to compare. */
function unknownFinding(check: Check): Finding {
  const unknown = { holds: null, input: null, distance: 0 } as const;
  switch (check.kind) {
    case 'beyond':
      return { ...unknown, comparison: check.comparison, threshold: check.threshold };
    case 'equal':
      return {
        ...unknown,
        comparison: 'is',
        threshold: check.wanted ? check.threshold : check.words,
      };
    case 'inside':
      return { ...unknown, comparison: '>=', threshold: check.low };
    case 'outside':
      return { ...unknown, comparison: '<', threshold: check.low };
    case 'move':
    case 'cross':
      return {
        ...unknown,
        comparison: 'is',
        threshold: check.wanted ? check.predicate.kind : `not ${check.predicate.kind}`,
      };
  }
}

/**
 * Compares a value.
 *
 * @param value - `null` where it is not known.
 * @param before - The value on the bar before; only looked at where {@link looksBack}.
 */
export function checkValue(check: Check, value: number | null, before: number | null): Finding {
  if (value === null) return unknownFinding(check);
  switch (check.kind) {
    case 'beyond': {
      const { comparison, threshold } = check;
      return finding(beyond(value, comparison, threshold), value, [comparison, threshold]);
    }
    case 'equal':
      return equalFinding(check, value);
    case 'inside':
    case 'outside':
      return rangeFinding(check, value);
    case 'move':
      return before === null ? unknownFinding(check) : moveFinding(check, value, before);
    case 'cross':
      return before === null ? unknownFinding(check) : crossFinding(check, value, before);
  }
}
