import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { tradingOf } from '@tradewind/adapters/parity/replay-book';
import { paths } from '@tradewind/contracts/paths';
import { dayStart, epochMs } from '@tradewind/core/lib/time';
import * as z from 'zod';

/** Most bots and strategies that one task replays; each takes some seconds. */
const BATCH = 20;
const DAY_MS = 86_400_000;

type Ports = Pick<ExecutionPorts, 'store' | 'queue' | 'clock' | 'log'>;

/** Has the day before replayed, for each running book in batches; asked twice for one day, it is replayed once. */
export async function handleReplayDay({ store, queue, clock, log }: Ports): Promise<void> {
  const dayAt = epochMs(Math.max(0, dayStart(clock.marketNow()) - DAY_MS));
  const running = store.firestore.collection(paths.books).where('status', '==', 'RUNNING');
  const books = await store.queryEach(running.select('bookId'), z.object({ bookId: z.string() }));
  let tasks = 0;
  for (const { id: bookId } of books) {
    const strategyIds = (await tradingOf(store, bookId)).map(({ strategyId }) => strategyId);
    for (let at = 0; at < strategyIds.length; at += BATCH) {
      const batch = strategyIds.slice(at, at + BATCH);
      const id = `replay-${dayAt / DAY_MS}-${bookId.replaceAll('.', '_')}-${at / BATCH}`;
      await queue.enqueue('replayBook', { bookId, dayAt, strategyIds: batch }, { id });
      tasks += 1;
    }
  }
  log.info('replay of a day', { kind: 'replay', dayAt, books: books.length, tasks });
}
