import { durationMs, type EpochMs } from '../lib/time.ts';

/** The go / no-go gates of 11, section 12. */
export const GATES: readonly string[] = Array.from(
  { length: 22 },
  (_, index) => `G${String(index + 1).padStart(2, '0')}`,
);

/** What a gate's evidence said, of which code, and when. */
export type GateEvidence = {
  readonly passed: boolean;
  /** Code that it is of. */
  readonly version: string;
  readonly at: EpochMs;
};

/** Drills of people and deployment: they outlive a version, and not a month. */
const DRILLS: ReadonlySet<string> = new Set(['G09', 'G15', 'G19']);
const DRILL_MS = durationMs(30 * 86_400_000);

/**
 * Which gates have passed for the code that runs (OPS-60). What no evidence is there of has not; neither has what was
 * shown of other code, or by a drill of more than thirty days ago.
 */
export function judgeGates(
  evidence: Readonly<Record<string, GateEvidence>>,
  { version, now }: { readonly version: string; readonly now: EpochMs },
): Record<string, boolean> {
  const holds = (gate: string): boolean => {
    const shown = evidence[gate];
    if (shown === undefined || !shown.passed || shown.at > now) return false;
    return DRILLS.has(gate) ? now - shown.at < DRILL_MS : shown.version === version;
  };
  return Object.fromEntries(GATES.map((gate) => [gate, holds(gate)]));
}
