import type { Clock } from '@tradewind/adapters/clock/clock';
import type { Store } from '@tradewind/adapters/ledger/store';
import type { CommandReply } from '@tradewind/contracts/callables';
import { id } from '@tradewind/contracts/wire';
import { paths } from '@tradewind/contracts/paths';
import * as z from 'zod';
import { handleStopBot } from './handle-set-bot-status.ts';

type Ports = { readonly store: Store; readonly clock: Clock };

/** Stops every running bot; one that cannot be stopped keeps none of the others from it. */
export async function handleStopAllBots(
  ports: Ports,
  bookId: string | undefined,
): Promise<CommandReply> {
  const running = ports.store.firestore.collection(paths.bots).where('status', '==', 'RUNNING');
  const wanted = bookId === undefined ? running : running.where('bookId', '==', bookId);
  // Only ids: a malformed bot is stopped as well, by its status alone.
  const found = await ports.store.queryEach(wanted.select('bookId'), z.object({ bookId: id }));
  const items = await Promise.all(
    found.map(async (bot) => {
      try {
        const { message, ok } = await handleStopBot(ports, bot.id);
        return { item: `bot ${bot.id}`, result: message, ok };
      } catch {
        await ports.store.setAside(bot.path, { status: 'STOPPED' });
        return { item: `bot ${bot.id}`, result: 'is malformed, and stopped', ok: true };
      }
    }),
  );
  const left = items.filter(({ ok }) => !ok).length;
  return {
    ok: left === 0,
    code: left === 0 ? 'stopped' : 'stopped_with_leftovers',
    message:
      left === 0
        ? `${items.length} bots were stopped. Their positions keep their protection.`
        : `${left} of ${items.length} bots could not be stopped: see the list.`,
    items,
  };
}
