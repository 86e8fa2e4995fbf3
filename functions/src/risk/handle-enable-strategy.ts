import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import type { CommandReply } from '@tradewind/contracts/callables';
import { riskStateDoc } from '@tradewind/contracts/documents/book';
import { paths } from '@tradewind/contracts/paths';
import type { Command } from '../callables/handle-callable.ts';
import { refuse } from '../callables/refuse.ts';

/** Takes back what has disabled a strategy (RSK-66); its counts begin anew. */
export function handleEnableStrategy(
  { store, clock }: ExecutionPorts,
  { bookId, strategyId }: Command<'enableStrategy'>,
): Promise<CommandReply> {
  return store.transact(async (tx): Promise<CommandReply> => {
    const path = paths.riskState(bookId);
    const risk = await tx.get(path, riskStateDoc);
    if (risk === undefined) return refuse('not_found', `There is no book "${bookId}".`);
    const trader = risk.traders[strategyId];
    if (trader === undefined || trader.disabled === null)
      return { ok: true, code: 'not_disabled', message: `${strategyId} is not disabled.` };
    const enabled = { ...trader, disabled: null, failures: 0, slippages: [] };
    const traders = { ...risk.traders, [strategyId]: enabled };
    tx.set(path, riskStateDoc, { ...risk, traders, updatedAt: clock.wallNow() });
    return { ok: true, code: 'enabled', message: `${strategyId} may trade again.`, id: strategyId };
  });
}
