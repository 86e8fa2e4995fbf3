import { botDoc } from '@tradewind/contracts/documents/bot';
import { strategyDoc } from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import { id } from '@tradewind/contracts/wire';
import * as z from 'zod';
import type { Item } from './item.ts';
import type { ExecutionPorts } from './ports.ts';

/** Only whose they are: a malformed one is paused as well, by its status alone. */
const owned = z.object({ bookId: id });

/**
 * Pauses every strategy of a book and stops its bots (RSK-90); each is started again by hand, after the reset
 * (RSK-94). A paused strategy enters nothing, and its exits go on.
 */
export async function pauseTraders(
  ports: ExecutionPorts,
  bookId: string,
): Promise<readonly Item[]> {
  const { store, clock } = ports;
  const { firestore } = store;
  const running = (collection: string) =>
    store.queryEach(
      firestore
        .collection(collection)
        .where('bookId', '==', bookId)
        .where('status', '==', 'RUNNING'),
      owned,
    );
  const [strategies, bots] = await Promise.all([running(paths.strategies), running(paths.bots)]);
  const pause = async (
    what: 'strategy' | 'bot',
    { path, id: name }: { readonly path: string; readonly id: string },
  ): Promise<Item> => {
    const status = what === 'bot' ? 'STOPPED' : 'PAUSED';
    const result = status.toLowerCase();
    const updatedAt = clock.wallNow();
    try {
      await store.transact(async (tx) => {
        if (what === 'bot') {
          const bot = await tx.get(path, botDoc);
          if (bot?.status === 'RUNNING')
            tx.set(path, botDoc, { ...bot, status: 'STOPPED', updatedAt });
          return;
        }
        const strategy = await tx.get(path, strategyDoc);
        if (strategy?.status === 'RUNNING')
          tx.set(path, strategyDoc, { ...strategy, status: 'PAUSED', updatedAt });
      });
    } catch (error) {
      ports.log.warn('paused by its status alone', { path, error });
      await store.setAside(path, { status });
    }
    return { item: `${what} ${name}`, result, ok: true };
  };
  return Promise.all([
    ...strategies.map((one) => pause('strategy', one)),
    ...bots.map((one) => pause('bot', one)),
  ]);
}
