import type { Store } from '@tradewind/adapters/ledger/store';
import { readMarketsInUse } from '@tradewind/adapters/strategies/in-use';
import type { CommandReply } from '@tradewind/contracts/callables';
import { strategyDoc } from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import { refuse } from '../callables/refuse.ts';

/** Takes a stopped strategy away that has nothing under way; its versions, orders and trades stay. */
export function handleDeleteStrategy(
  { store }: { readonly store: Store },
  strategyId: string,
): Promise<CommandReply> {
  return store.transact(async (tx) => {
    const strategy = await tx.get(paths.strategy(strategyId), strategyDoc);
    if (strategy === undefined) return refuse('not_found', `There is no strategy "${strategyId}".`);
    const { name, bookId, status, marketKeys } = strategy;
    if (status === 'RUNNING' || status === 'PAUSED')
      return refuse('running', `${name} is ${status.toLowerCase()}. Stop it first.`);
    const inUse = await readMarketsInUse(store, tx, { bookId, strategyId });
    if (inUse.size > 0)
      return refuse('in_use', `${name} still holds a position or has an order. Close it first.`);
    tx.remove(paths.strategy(strategyId));
    for (const key of marketKeys) {
      tx.remove(paths.strategyState(strategyId, key));
      tx.remove(paths.strategyStatus(strategyId, key));
    }
    const message = `${name} is gone; its trades stay.`;
    return { ok: true, code: 'deleted', message, id: strategyId };
  });
}
