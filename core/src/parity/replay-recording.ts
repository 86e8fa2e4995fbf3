import { compareFacts, comparePending, type SeenFacts } from './compare-facts.ts';
import { compareLedger } from './compare-ledger.ts';
import type { Difference } from './difference.ts';
import type { RecordedBar, Recording } from './recording.ts';
import { replayDecisions, type Replayer } from './replay-decisions.ts';

/** How far what a strategy did on one market is what a replay gives. */
export type Parity = {
  readonly bot: string;
  readonly market: string;
  /** Bars that were judged. */
  readonly evaluations: number;
  /** Of them, those that were judged on what the ledger says, and came to what a replay comes to. */
  readonly equal: number;
  /** Oldest first; those of the ledger's own documents as well. */
  readonly differences: readonly Difference[];
};

/** What each bar took for granted: where an entry does not tell, it is as in the one before. */
function factsOf(bars: readonly RecordedBar[]): readonly SeenFacts[] {
  const seen: SeenFacts[] = [];
  for (const { at, savedAt, facts } of bars) {
    const known = facts ?? seen.at(-1);
    if (known === undefined) continue;
    const { position, lastFill, pendingOrder } = known;
    seen.push({ at, savedAt, position, lastFill, pendingOrder });
  }
  return seen;
}

/**
 * Replays a recording in two layers: every decision from what was known when it was made, and what was known from
 * the ledger's fills (docs/parity.md).
 */
export function replayRecording(recording: Recording, replayer: Replayer): Parity {
  const { bot, market, bars, ledger, underWay } = recording;
  const of = { bot, market };
  const booked = compareLedger(of, ledger);
  const seen = factsOf(bars);
  // Only entries at the front can tell nothing, and the first that tells tells for all after it.
  const untold: null[] = Array.from({ length: bars.length - seen.length }, () => null);
  const facts = [...untold, ...compareFacts(of, booked.steps, seen)];
  const pending = [...untold, ...comparePending(of, underWay, seen)];
  const decisions = replayDecisions(recording, replayer);
  const perBar = bars.map((_, index) =>
    [decisions[index], facts[index], pending[index]].filter(
      (one) => one !== null && one !== undefined,
    ),
  );
  return {
    ...of,
    evaluations: bars.length,
    equal: perBar.filter((found) => found.length === 0).length,
    differences: [...perBar.flat(), ...booked.differences].sort((a, b) => a.at - b.at),
  };
}

/** Share of evaluations that were equal, in percent; `null` where there were none. */
export const scorePct = ({
  evaluations,
  equal,
}: Pick<Parity, 'evaluations' | 'equal'>): number | null =>
  evaluations === 0 ? null : (100 * equal) / evaluations;
