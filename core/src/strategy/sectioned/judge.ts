import { measure, type Gate } from '../gate.ts';
import type { Context } from '../strategy.ts';
import { checkValue } from './check.ts';
import type { Memory } from './memory.ts';
import type { Program, Test, TestGroup } from './program.ts';
import { readSource } from './source.ts';

export type SectionedContext = Context<Program, Memory>;

/** A condition on one bar. */
type Judged = {
  /** `null`: it cannot be told (STR-33). */
  readonly holds: boolean | null;
  readonly gate: Gate;
  /** Distance from the threshold as a share of it, 0 to 1 (STR-36). */
  readonly distance: number;
  readonly test: Test;
  readonly value: number | null;
};

/** Judges a condition: its comparison, and whether that has held for long enough. */
export function judgeTest(test: Test, context: SectionedContext): Judged {
  const { memory, barCloseAt } = context;
  const track = test.track === null ? undefined : memory.tracks[test.track];
  const value = readSource(test.source, context);
  const { holds, distance, input, comparison, threshold } = checkValue(
    test.check,
    value,
    track?.before ?? null,
  );
  if (holds === true && test.holdMs > 0) {
    const heldMs = barCloseAt - (track?.since ?? barCloseAt);
    const gate = measure({ gate: test.heldGate, reason: 'no_signal' }, heldMs / 1_000, [
      '>=',
      test.holdMs / 1_000,
    ]);
    if (!gate.passes) return { holds: false, gate, distance, test, value };
  }
  return {
    holds,
    gate: {
      gate: test.gate,
      reason: 'no_signal',
      input,
      comparison,
      threshold,
      passes: holds === true,
    },
    distance,
    test,
    value,
  };
}

/** A section on one bar. */
export type SectionVerdict = {
  readonly fires: boolean;
  /** What stands in its way, or what made it fire. */
  readonly gates: readonly Gate[];
  readonly judged: readonly Judged[];
};

type Walk = {
  readonly context: SectionedContext;
  readonly unknownIs: boolean;
  readonly gates: Gate[];
  readonly judged: Judged[];
};

function walk(group: TestGroup, to: Walk): boolean {
  const from = to.gates.length;
  let count = 0;
  for (const test of group.tests) {
    const judged = judgeTest(test, to.context);
    to.judged.push(judged);
    to.gates.push(judged.gate);
    if (judged.holds ?? to.unknownIs) count += 1;
  }
  for (const inner of group.groups) if (walk(inner, to)) count += 1;
  const passes = group.size > 0 && count >= group.least;
  if (group.least === group.size) return passes;
  // Members that fail stand in nobody's way where enough others hold.
  if (passes) to.gates.push(...to.gates.splice(from).filter((gate) => gate.passes));
  to.gates.push(measure({ gate: group.gate, reason: 'no_signal' }, count, ['>=', group.least]));
  return passes;
}

/**
 * Judges a section.
 *
 * @param unknownIs - What conditions that cannot be told count as: true of O1, false of all others (STR-33).
 */
export function judgeSection(
  group: TestGroup,
  context: SectionedContext,
  unknownIs = false,
): SectionVerdict {
  const to: Walk = { context, unknownIs, gates: [], judged: [] };
  const fires = walk(group, to);
  return { fires, gates: to.gates, judged: to.judged };
}

/**
 * How far beyond their thresholds the conditions that hold are (STR-36): the mean of 0.5 (on it) to 1 (as far
 * again), times the data's quality.
 */
export function confidenceOf({ judged }: SectionVerdict, dataQuality: number): number {
  let sum = 0;
  let count = 0;
  for (const { holds, distance } of judged) {
    if (holds !== true) continue;
    sum += 0.5 + 0.5 * distance;
    count += 1;
  }
  return count === 0 ? 0 : (sum / count) * dataQuality;
}

/** Values that a section looked at, by name; unknown ones are left out. */
export function valuesOf({ judged }: SectionVerdict): Readonly<Record<string, number>> {
  const values: Record<string, number> = {};
  for (const { test, value } of judged) if (value !== null) values[test.source.name] = value;
  return values;
}

/** Longest hole between bars, in bars, over which a comparison with the one before still means something. */
const MAX_GAP_BARS = 3;

/** Forgets what was before where too many bars are missing since. */
export function forgetGap(context: SectionedContext, barMs: number): void {
  const { memory, barCloseAt } = context;
  if (memory.lastBarAt !== null && barCloseAt - memory.lastBarAt <= MAX_GAP_BARS * barMs) return;
  for (const track of memory.tracks) {
    track.before = null;
    track.since = null;
  }
}

/** Keeps what the next bar is compared with: each tracked condition's value, and since when it holds. */
export function keepTracks(context: SectionedContext): void {
  const { memory, params, barCloseAt } = context;
  memory.lastBarAt = barCloseAt;
  for (const [at, { source, check }] of params.tracked.entries()) {
    const track = memory.tracks[at];
    if (track === undefined) continue;
    const value = readSource(source, context);
    const { holds } = checkValue(check, value, track.before);
    track.since = holds === true ? (track.since ?? barCloseAt) : null;
    track.before = value;
  }
}
