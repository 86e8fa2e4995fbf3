import type { EntryCandidate, GateContext } from '../order/gate-context.ts';
import { blocked, passed, type RiskCheck } from './check.ts';

/** What is looked at here, before it is known whether the rest of an entry is sound. */
type Asking = Pick<EntryCandidate, 'signal' | 'context'>;

/** A slot is free, or none is needed: what is added to has its own already. */
const fits = ({ signal }: Asking, used: number, limit: number): boolean =>
  signal.action === 'ADD' ? used <= limit : used < limit;

type Slot = { readonly strategyId: string; readonly marketKey: string };

/** Open positions and entries under way; an entry that has begun to fill is one position, not two. */
function usedSlots(context: GateContext): readonly Slot[] {
  const entries = context.workingIntents.filter(({ action }) => action === 'ENTER');
  if (entries.length === 0 && context.positions.length < 2) return context.positions;
  const slots = new Map<string, Slot>();
  for (const { strategyId, marketKey } of [...context.positions, ...entries])
    slots.set(JSON.stringify([strategyId, marketKey]), { strategyId, marketKey });
  return [...slots.values()];
}

/** Check 2: open positions and pending entries of the book (RSK-11, RSK-41). */
export const checkOpenPositions: RiskCheck<Asking> = (asking) => {
  const { context } = asking;
  const used = usedSlots(context).length;
  const limit = context.limits.maxOpenPositions;
  const measured = { check: 'openPositions', value: used, limit };
  return fits(asking, used, limit)
    ? passed(measured)
    : blocked(
        measured,
        'max_positions',
        `The book holds ${used} positions and pending entries; ${limit} are allowed.`,
      );
};

/** Check 2 for the strategy's own setting; an unknown strategy may hold none. */
export const checkStrategyPositions: RiskCheck<Asking> = (asking) => {
  const { signal, context } = asking;
  const own = usedSlots(context).filter(({ strategyId }) => strategyId === signal.strategyId);
  const limit = context.strategy?.maxPositions ?? 0;
  const measured = { check: 'strategyPositions', value: own.length, limit };
  return fits(asking, own.length, limit)
    ? passed(measured)
    : blocked(
        measured,
        'max_positions',
        `${signal.strategyId} holds ${own.length} positions and pending entries; it may hold ${limit}.`,
      );
};
