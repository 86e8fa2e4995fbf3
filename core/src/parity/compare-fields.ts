import type { EpochMs } from '../lib/time.ts';
import { formatDecimal, type Money, type Price, type Qty } from '../lib/units.ts';

/** What records hold: decimals, times and other numbers, words; `null` where there is nothing. */
export type FieldValue = Price | Qty | Money | EpochMs | number | string | boolean | null;

/** Two values of one field that are not the same. */
export type FieldDifference = {
  readonly field: string;
  readonly expected: string;
  readonly found: string;
};

/** A value for people; decimals with all their digits. */
export const shown = (value: FieldValue): string => {
  if (typeof value === 'bigint') return formatDecimal(value);
  return value === null ? 'none' : String(value);
};

/** The fields of `expected` that `found` has otherwise: equal means to the last decimal. */
export function compareFields<F extends string>(
  expected: Readonly<Record<F, FieldValue>>,
  found: Readonly<Record<F, FieldValue>>,
  fields: readonly F[],
): readonly FieldDifference[] {
  return fields
    .filter((field) => expected[field] !== found[field])
    .map((field) => ({
      field,
      expected: shown(expected[field]),
      found: shown(found[field]),
    }));
}

/** Fields and values in a line, such as `quantity 0.5, price 100`. */
export const fieldsText = (
  differences: readonly FieldDifference[],
  side: 'expected' | 'found',
): string => differences.map((one) => `${one.field} ${one[side]}`).join(', ');
