import type { EpochMs } from '../lib/time.ts';

/** What the choice is made by. */
type Waiting = {
  readonly signalId: string;
  readonly strategyId: string;
  readonly action: 'ENTER' | 'ADD' | 'REDUCE' | 'EXIT';
  readonly createdAt: EpochMs;
};

const byAge = (a: Waiting, b: Waiting): number =>
  a.createdAt === b.createdAt ? a.signalId.localeCompare(b.signalId) : a.createdAt - b.createdAt;

const leaves = ({ action }: Waiting): boolean => action === 'EXIT' || action === 'REDUCE';

/**
 * The signals to decide next, at most `limit` of them, oldest first.
 *
 * Where more wait, exits go before entries, and entries in turn over the strategies, each one's oldest first: whoever
 * fires a thousand signals a second makes itself wait and nobody else.
 */
export function nextSignals<S extends Waiting>(pending: readonly S[], limit: number): readonly S[] {
  const sorted = pending.toSorted(byAge);
  if (sorted.length <= limit) return sorted;
  const turns = new Map<string, number>();
  const ranked = sorted.map((signal) => {
    if (leaves(signal)) return { signal, turn: -1 };
    const turn = turns.get(signal.strategyId) ?? 0;
    turns.set(signal.strategyId, turn + 1);
    return { signal, turn };
  });
  // The sort keeps the order of age within a turn.
  const chosen = ranked.toSorted((a, b) => a.turn - b.turn).slice(0, limit);
  return chosen.map(({ signal }) => signal).toSorted(byAge);
}
