/**
 * What a variant may ask of its value (IND-09).
 *
 *   rising, falling     it moved by at least ε since one refresh ago
 *   above, below        it lies beyond the threshold
 *   crossUp, crossDown  it lies beyond the threshold, and one refresh ago it did not
 */
export type Predicate =
  | { readonly kind: 'rising' | 'falling' }
  | {
      readonly kind: 'above' | 'below' | 'crossUp' | 'crossDown';
      /** May be negative: a Williams %R is never above 0. */
      readonly threshold: number;
    };

/** Least relative move that counts as one: 0.001 % (IND-09). */
const EPSILON = 0.00001;

const THRESHOLD = /^(above|below|crossUp|crossDown)_(-?\d+(?:\.\d+)?)$/;
const isKind = (kind: string | undefined): kind is 'above' | 'below' | 'crossUp' | 'crossDown' =>
  kind === 'above' || kind === 'below' || kind === 'crossUp' || kind === 'crossDown';

/** A number without an exponent, as a name can carry it. */
const decimal = (value: number): string =>
  String(value).includes('e') ? value.toFixed(18).replace(/\.?0+$/, '') : String(value);

/** Reads a predicate's suffix, such as `rising` or `above_70`; `undefined` when it is none. */
export function parsePredicate(text: string): Predicate | undefined {
  if (text === 'rising' || text === 'falling') return { kind: text };
  const [, kind, digits] = THRESHOLD.exec(text) ?? [];
  // Adding 0 makes -0 a plain 0.
  const threshold = Number(digits) + 0;
  const isKept = Number(decimal(threshold)) === threshold;
  return isKind(kind) && isKept ? { kind, threshold } : undefined;
}

/** The suffix that {@link parsePredicate} reads. */
export const predicateName = (predicate: Predicate): string =>
  'threshold' in predicate ? `${predicate.kind}_${decimal(predicate.threshold)}` : predicate.kind;

/**
 * Whether a predicate holds.
 *
 * @param before - The value one refresh ago; `undefined` when there was none.
 * @param epsilon - Least relative move, as a share of the value before.
 * @returns `undefined` where it cannot be told: a move takes two values.
 */
export function holds(
  predicate: Predicate,
  { value, before }: { readonly value: number; readonly before: number | undefined },
  epsilon = EPSILON,
): boolean | undefined {
  if (predicate.kind === 'above') return value > predicate.threshold;
  if (predicate.kind === 'below') return value < predicate.threshold;
  if (before === undefined) return undefined;
  const least = epsilon * Math.abs(before);
  switch (predicate.kind) {
    case 'rising':
      return value > before && value - before >= least;
    case 'falling':
      return value < before && before - value >= least;
    case 'crossUp':
      return before <= predicate.threshold && value > predicate.threshold;
    case 'crossDown':
      return before >= predicate.threshold && value < predicate.threshold;
  }
}
