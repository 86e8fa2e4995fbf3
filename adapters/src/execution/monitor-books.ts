import { bookDoc, positionDoc } from '@tradewind/contracts/documents/book';
import { healthDoc } from '@tradewind/contracts/documents/risk';
import { paths } from '@tradewind/contracts/paths';
import { ageMs } from '@tradewind/core/lib/time';
import { isTold } from '../market/judge-price.ts';
import { readPrices } from '../market/read-prices.ts';
import { openPositions } from './ledger-queries.ts';
import { monitorBook } from './monitor-book.ts';
import { LOOK_EVERY_MS } from './monitor-look.ts';
import type { ExecutionPorts } from './ports.ts';

async function holdsAnything({ store }: ExecutionPorts, bookId: string): Promise<boolean> {
  const [held] = await store.query(openPositions(store, bookId).limit(1), positionDoc);
  return held !== undefined;
}

/**
 * Looks after every book that nobody has looked after for a while: the backstop of the worker, which does so every ten
 * seconds. One book's failure is its own.
 */
export async function monitorBooks(ports: ExecutionPorts): Promise<number> {
  const { store, clock, settings, log } = ports;
  const books = await store.query(store.firestore.collection(paths.books), bookDoc);
  const told = await readPrices(store);
  const prices = new Map(
    [...told]
      .filter(([, price]) => isTold(price, clock.wallNow()))
      .filter(([, { at }]) => ageMs(at, clock.marketNow()) <= settings.priceMaxAgeMs)
      .map(([marketKey, { price }]) => [marketKey, price] as const),
  );
  let looked = 0;
  for (const { bookId, status } of books) {
    if (status === 'STOPPED') continue;
    try {
      const last = await store.get(paths.riskHealth(bookId), healthDoc);
      if (last !== undefined && ageMs(last.at, clock.wallNow()) < 4 * LOOK_EVERY_MS) continue;
      // What held nothing when it was last looked at, and holds nothing now, cannot have lost since.
      if (last?.totalPositions === 0 && !(await holdsAnything(ports, bookId))) continue;
      await monitorBook(ports, { bookId, prices });
      looked += 1;
    } catch (error) {
      log.error('a book could not be looked after', { bookId, error });
    }
  }
  return looked;
}
