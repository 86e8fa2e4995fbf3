import { accountName, bookDoc, type BookDoc } from '@tradewind/contracts/documents/book';
import { paths } from '@tradewind/contracts/paths';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { ExecutionPorts } from './ports.ts';
import { resumeVenue } from './breaker-duties.ts';
import { syncBook, type BookSync } from './sync-book.ts';

/**
 * One pass of order synchronisation over all books (05, section 10): asks the venue for every order
 * that has not ended, books what it says, and picks up what was lost on its way.
 *
 * One book's failure does not keep the others from being synchronised.
 *
 * @throws AggregateError afterwards, with everything that failed.
 */
export async function syncOrders(ports: ExecutionPorts): Promise<readonly BookSync[]> {
  const books = await ports.store.query(ports.store.firestore.collection(paths.books), bookDoc);
  const passes: BookSync[] = [];
  const failures: unknown[] = [];
  const failed = new Set<string>();
  for (const book of books) {
    try {
      const pass = await syncBook(ports, book);
      passes.push(pass);
      failures.push(...pass.failures);
      const [failure] = pass.failures;
      if (failure === undefined) continue;
      failed.add(accountName(book));
      await alertFailure(ports, book, failure);
    } catch (error) {
      failed.add(accountName(book));
      failures.push(error);
      await alertFailure(ports, book, error);
    }
  }
  for (const account of new Set(books.map(accountName)))
    if (!failed.has(account)) await resumeVenue(ports, account);
  if (failures.length > 0)
    throw new AggregateError(failures, `Order sync failed: ${failures.map(causeOf).join('; ')}`);
  return passes;
}

const causeOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

async function alertFailure(ports: ExecutionPorts, book: BookDoc, error: unknown): Promise<void> {
  const cause = causeOf(error);
  await raiseAlert(ports.store, {
    rule: 'order_sync_failed',
    severity: 'WARNING',
    message: `Orders of ${book.name} could not be compared with the venue: ${cause}`,
    details: { cause },
    bookId: book.bookId,
    symbol: null,
    now: ports.clock.wallNow(),
  });
}
