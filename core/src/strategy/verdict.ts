import type { Gate } from './gate.ts';
import type { Verdict, Wish } from './strategy.ts';

/** How long a signal may wait to be executed where its strategy names no time, market milliseconds. */
const TTL_MS = 120_000;

type View = Verdict['view'];

/** What a strategy has to say of a wish; the rest is as usual. */
export type Named = Pick<Wish, 'action' | 'reasons'> & Partial<Wish>;

/** No wish: the first of `gates` that fails is the reason (STR-04). */
export const hold = (gates: readonly Gate[], view: View = null): Verdict => ({
  wish: null,
  gates,
  view,
});

/**
 * A wish. What it does not name is as usual: LONG, sure of itself (confidence 1, score ±1), sized and protected as
 * the document says, and valid for two minutes; entries are Z1, exits ZE1.
 */
export function wish(named: Named, gates: readonly Gate[], view: View = null): Verdict {
  const { action, direction = 'LONG' } = named;
  const isEntry = action === 'ENTER' || action === 'ADD';
  return {
    wish: {
      action,
      direction,
      signalType: named.signalType ?? (isEntry ? 'Z1' : 'ZE1'),
      confidence: named.confidence ?? 1,
      score: named.score ?? (isEntry === (direction === 'LONG') ? 1 : -1),
      reasons: named.reasons,
      indicatorValues: named.indicatorValues ?? {},
      suggestedStop: named.suggestedStop ?? null,
      suggestedTarget: named.suggestedTarget ?? null,
      suggestedQuote: named.suggestedQuote ?? null,
      ttlMs: named.ttlMs ?? TTL_MS,
    },
    gates,
    view,
  };
}
