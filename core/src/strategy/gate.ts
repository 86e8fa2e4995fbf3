import type { Block, BlockingReason } from './blocking.ts';

/** How `input` is compared with `threshold`. `is` stands for yes or no. */
export type Comparison = '>=' | '>' | '<=' | '<' | 'is';

/** What gates compare: a figure, a word, yes or no; `null` where it is not known. */
export type GateValue = number | string | boolean | null;

/**
 * One condition of an evaluation, passed or not: a line of the why-not journal.
 *
 * Numbers only: words are made of it where somebody reads it (`describeGate`), since millions are judged.
 */
export type Gate = {
  /** Which condition, such as `temperature`, `S1.pump` or `regime.adx`. */
  readonly gate: string;
  /** What it is called when it fails (STR-04). */
  readonly reason: BlockingReason;
  readonly input: GateValue;
  readonly comparison: Comparison;
  readonly threshold: GateValue;
  readonly passes: boolean;
};

const compare = (
  input: number | null | undefined,
  comparison: Comparison,
  threshold: number,
): boolean => {
  // Unknown, and NaN, pass nothing.
  if (input === null || input === undefined) return false;
  switch (comparison) {
    case '>=':
      return input >= threshold;
    case '>':
      return input > threshold;
    case '<=':
      return input <= threshold;
    case '<':
      return input < threshold;
    case 'is':
      return input === threshold;
  }
};

/** A gate over a figure; an unknown one, or NaN, does not pass. */
export const measure = (
  named: Pick<Gate, 'gate' | 'reason'>,
  input: number | null | undefined,
  [comparison, threshold]: readonly [Comparison, number],
): Gate => ({
  gate: named.gate,
  reason: named.reason,
  input: input ?? null,
  comparison,
  threshold,
  passes: compare(input, comparison, threshold),
});

/** A gate over a fact: `input` as it is, `threshold` as it has to be. */
export const require = (
  named: Pick<Gate, 'gate' | 'reason'>,
  input: boolean | string | null,
  threshold: boolean | string,
): Gate => ({
  gate: named.gate,
  reason: named.reason,
  input,
  comparison: 'is',
  threshold,
  passes: input === threshold,
});

/** The first that fails, in the order given (STR-18); `undefined` when all pass. */
export function firstFailing(gates: readonly Gate[]): Gate | undefined {
  for (const gate of gates) if (!gate.passes) return gate;
  return undefined;
}

const shown = (value: GateValue): string => {
  if (value === null) return 'unknown';
  if (typeof value !== 'number') return String(value);
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
};

/** A gate in words, such as `temperature: 0.12, needs >= 0.3`. */
export const describeGate = ({ gate, input, comparison, threshold }: Gate): string =>
  `${gate}: ${shown(input)}, needs ${comparison === 'is' ? '' : `${comparison} `}${shown(threshold)}`;

/** A failed gate as what stands in the way. */
export const blockOf = (gate: Gate): Block => ({
  reason: gate.reason,
  detail: describeGate(gate),
});
