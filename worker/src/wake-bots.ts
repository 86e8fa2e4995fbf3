import type { BotDoc } from '@tradewind/contracts/documents/bot';
import type { EpochMs } from '@tradewind/core/lib/time';
import { TIMEFRAMES } from '@tradewind/core/market/market';
import type { WorkerPorts } from './ports.ts';

/** Most bots that one task evaluates. */
const SHARD_SIZE = 50;

/** One task of bots to evaluate; its id is the same whoever makes it. */
export type Wake = {
  readonly id: string;
  readonly payload: { readonly bookId: string; readonly botIds: string[] };
};

/** Tasks for the bots of a market whose bar ends at `barCloseAt`; one per book and fifty bots. */
export function wakesFor(
  bots: readonly Pick<BotDoc, 'botId' | 'bookId' | 'marketKey' | 'timeframe'>[],
  marketKey: string,
  barCloseAt: EpochMs,
): Wake[] {
  const due = bots
    .filter((bot) => bot.marketKey === marketKey && barCloseAt % TIMEFRAMES[bot.timeframe] === 0)
    .sort((a, b) => (a.botId < b.botId ? -1 : 1));
  const books = [...new Set(due.map(({ bookId }) => bookId))];
  return books.flatMap((bookId) => {
    const botIds = due.filter((bot) => bot.bookId === bookId).map(({ botId }) => botId);
    const shards = Math.ceil(botIds.length / SHARD_SIZE);
    return Array.from({ length: shards }, (_, shard) => ({
      id: ['bar', barCloseAt / 60_000, bookId, marketKey, shard].join('-').replaceAll('.', '_'),
      payload: { bookId, botIds: botIds.slice(shard * SHARD_SIZE, (shard + 1) * SHARD_SIZE) },
    }));
  });
}

/** Has the bots of a market evaluated, once per bar (ARC-28). The cycle would, up to a minute later. */
export async function wakeBots(
  { queue, log }: Pick<WorkerPorts, 'queue' | 'log'>,
  wakes: readonly Wake[],
): Promise<void> {
  for (const { id, payload } of wakes)
    try {
      await queue.enqueue('evaluateBots', payload, { id });
    } catch (error) {
      log.warn('an evaluation could not be enqueued; the cycle will do it', { id, error });
    }
}
