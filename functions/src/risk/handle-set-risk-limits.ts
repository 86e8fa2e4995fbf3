import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import type { CommandReply } from '@tradewind/contracts/callables';
import { bookDoc } from '@tradewind/contracts/documents/book';
import { limitsDoc } from '@tradewind/contracts/documents/risk';
import { paths } from '@tradewind/contracts/paths';
import {
  changeLimits,
  limitFaults,
  limitsInForce,
  limitsOf,
  loosened,
} from '@tradewind/core/risk/limit-rules';
import type { Limits } from '@tradewind/core/risk/limits';
import type { Command } from '../callables/handle-callable.ts';
import { refuse } from '../callables/refuse.ts';
import { breakersOpen } from './breakers-open.ts';

/** The limits with what is named changed; absent is not changed. */
const merged = (limits: Limits, changes: Command<'setRiskLimits'>['changes']): Limits => ({
  ...limits,
  ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)),
});

/**
 * Changes limits of a book (RSK-01): refused where they break a rule, so that the valid ones before stay (RSK-120), and
 * where something is loosened while a breaker is open.
 */
export async function handleSetRiskLimits(
  { store, clock }: Pick<ExecutionPorts, 'store' | 'clock'>,
  { bookId, changes, reason }: Command<'setRiskLimits'>,
  by: string,
): Promise<CommandReply> {
  const open = await breakersOpen(store);
  return store.transact(async (tx): Promise<CommandReply> => {
    const book = await tx.get(paths.book(bookId), bookDoc);
    if (book === undefined) return refuse('not_found', `There is no book "${bookId}".`);
    const kept = await tx.get(paths.riskLimits(bookId), limitsDoc);
    const { mode } = book;
    const { kept: known } = limitsOf(mode, kept);
    const now = clock.wallNow();
    const held = limitsInForce(known, now);
    const wanted = merged(held, changes);
    const faults = limitFaults(wanted, mode);
    if (faults.length > 0)
      return refuse(
        'invalid_limits',
        `Nothing was changed: ${faults.map(({ field, fault }) => `${field} ${fault}`).join('; ')}.`,
      );
    const looser = loosened(held, wanted);
    if (looser.length > 0 && open.length > 0)
      return refuse(
        'breaker_open',
        `Nothing was changed: ${looser.join(', ')} would be looser, and ${open.join(', ')} is open.`,
      );
    const next = changeLimits(known, wanted, now);
    tx.set(paths.riskLimits(bookId), limitsDoc, {
      ...{ bookId, mode, limits: next.limits, pending: next.pending, reason },
      setBy: by,
      updatedAt: now,
      version: (kept?.version ?? 0) + 1,
    });
    return looser.length === 0
      ? { ok: true, code: 'set', message: `The limits of ${book.name} hold at once.` }
      : {
          ok: true,
          code: 'pending',
          message: `${looser.join(', ')} of ${book.name} will be looser in 60 s; what is tighter holds at once.`,
        };
  });
}
