import type { Outcome } from './scenario.ts';

/** A scenario that ended wrong, and how. */
export type Failed = { readonly seed: number; readonly words: readonly string[] };

/** The figures that count what is wrong; bugs that threw are in none of them. */
const COUNTED = [
  'duplicates',
  'untracked',
  'unprotected',
  'limitViolations',
  'unbalanced',
  'undecidedSignals',
] as const;
type Counted = (typeof COUNTED)[number];

/** What some scenarios came to; plain data, which passes between threads. */
export type Batch = {
  scenarios: number;
  faults: number;
  readonly steps: Set<string>;
  readonly counts: Record<Counted, number>;
  readonly failed: Failed[];
};

/** What all scenarios came to. */
export type Summary = Readonly<Record<Counted, number>> & {
  readonly scenarios: number;
  readonly faults: number;
  /** Distinct steps at which a process was killed. */
  readonly steps: readonly string[];
  /** By seed. */
  readonly failed: readonly Failed[];
};

const noCounts = (): Record<Counted, number> => ({
  duplicates: 0,
  untracked: 0,
  unprotected: 0,
  limitViolations: 0,
  unbalanced: 0,
  undecidedSignals: 0,
});

export const emptyBatch = (): Batch => ({
  scenarios: 0,
  faults: 0,
  steps: new Set(),
  counts: noCounts(),
  failed: [],
});

/** Adds one scenario to a batch. */
export function addOutcome(batch: Batch, { seed, faults, steps, findings }: Outcome): void {
  batch.scenarios += 1;
  batch.faults += faults;
  for (const step of steps) batch.steps.add(step);
  for (const name of COUNTED) batch.counts[name] += findings[name].length;
  const words = Object.entries(findings).flatMap(([name, all]) =>
    all.map((what) => `${name}: ${what}`),
  );
  if (words.length > 0) batch.failed.push({ seed, words });
}

/** The sum of some batches. */
export function toSummary(batches: readonly Batch[]): Summary {
  const sum = (of: (batch: Batch) => number): number =>
    batches.reduce((total, batch) => total + of(batch), 0);
  const counts = noCounts();
  for (const name of COUNTED) counts[name] = sum((batch) => batch.counts[name]);
  const steps = new Set(batches.flatMap((batch) => [...batch.steps]));
  return {
    ...counts,
    scenarios: sum(({ scenarios }) => scenarios),
    faults: sum(({ faults }) => faults),
    steps: [...steps].sort(),
    failed: batches.flatMap(({ failed }) => failed).toSorted((a, b) => a.seed - b.seed),
  };
}
