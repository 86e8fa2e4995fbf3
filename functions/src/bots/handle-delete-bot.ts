import type { Store } from '@tradewind/adapters/ledger/store';
import { readMarketsInUse } from '@tradewind/adapters/strategies/in-use';
import type { CommandReply } from '@tradewind/contracts/callables';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { paths } from '@tradewind/contracts/paths';
import { refuse } from '../callables/refuse.ts';

/** Takes a stopped bot away that has nothing under way; its versions, orders and trades stay. */
export function handleDeleteBot(
  { store }: { readonly store: Store },
  botId: string,
): Promise<CommandReply> {
  return store.transact(async (tx) => {
    const bot = await tx.get(paths.bot(botId), botDoc);
    if (bot === undefined) return refuse('not_found', `There is no bot "${botId}".`);
    const { name, bookId, status, marketKey } = bot;
    if (status === 'RUNNING') return refuse('running', `${name} is running. Stop it first.`);
    const inUse = await readMarketsInUse(store, tx, { bookId, strategyId: botId });
    if (inUse.size > 0)
      return refuse('in_use', `${name} still holds a position or has an order. Close it first.`);
    tx.remove(paths.bot(botId));
    tx.remove(paths.botStatus(botId));
    tx.remove(paths.strategyState(botId, marketKey));
    return { ok: true, code: 'deleted', message: `${name} is gone; its trades stay.`, id: botId };
  });
}
