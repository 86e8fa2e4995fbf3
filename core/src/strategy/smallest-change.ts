import { describeGate, type Comparison, type Gate } from './gate.ts';

/** The least that would have had to be otherwise for an evaluation to trade. */
export type SmallestChange =
  /** Nothing: it traded. */
  | { readonly kind: 'none' }
  /** This input alone, to meet its threshold. */
  | { readonly kind: 'one'; readonly gate: Gate }
  /** Several at once: no single change would have done. */
  | { readonly kind: 'several'; readonly gates: readonly Gate[] };

/**
 * What stood between an evaluation and a trade. Gates are judged by themselves: one that hangs on another, as
 * how long a wish is held hangs on there being one, fails together with it.
 */
export function smallestChange(gates: readonly Gate[]): SmallestChange {
  const failing = gates.filter(({ passes }) => !passes);
  const [first, ...others] = failing;
  if (first === undefined) return { kind: 'none' };
  return others.length === 0 ? { kind: 'one', gate: first } : { kind: 'several', gates: failing };
}

const NEEDED: Readonly<Record<Comparison, string>> = {
  '>=': 'at least ',
  '>': 'more than ',
  '<=': 'at most ',
  '<': 'less than ',
  is: '',
};

/** The same in words, such as `confidence would have had to be at least 0.6, and was 0.52`. */
export function changeWords(change: SmallestChange): string {
  switch (change.kind) {
    case 'none':
      return 'nothing: it traded';
    case 'one': {
      const { gate, input, comparison, threshold } = change.gate;
      const needed = `${NEEDED[comparison]}${String(threshold ?? 'unknown')}`;
      return `${gate} would have had to be ${needed}, and was ${String(input ?? 'unknown')}`;
    }
    case 'several':
      return `${change.gates.length} things at once: ${change.gates.map(describeGate).join('; ')}`;
  }
}
