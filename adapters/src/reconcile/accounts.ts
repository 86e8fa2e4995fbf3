import { bookDoc, type BookDoc } from '@tradewind/contracts/documents/book';
import { paths } from '@tradewind/contracts/paths';
import type { ExecutionPorts } from '../execution/ports.ts';
import type { Venue } from '../venue/venue.ts';

/** A venue account and the books that trade on it; the venue tells what they hold together. */
export type Account = {
  readonly venue: Venue;
  /** Oldest first. */
  readonly books: readonly [BookDoc, ...BookDoc[]];
};

/** The book that takes what belongs to no other: the account's oldest. */
export const homeOf = ({ books }: Account): BookDoc => books[0];

/** Every account that some book trades on, and why a book's account could not be reached. */
export async function readAccounts(ports: ExecutionPorts): Promise<{
  readonly accounts: readonly Account[];
  readonly failures: readonly { readonly book: BookDoc; readonly error: Error }[];
}> {
  const { store } = ports;
  const books = await store.query(store.firestore.collection(paths.books), bookDoc);
  const groups = new Map<Venue, [BookDoc, ...BookDoc[]]>();
  const failures: { book: BookDoc; error: Error }[] = [];
  const byAge = (a: BookDoc, b: BookDoc): number =>
    a.createdAt === b.createdAt ? (a.bookId < b.bookId ? -1 : 1) : a.createdAt - b.createdAt;
  for (const book of books.toSorted(byAge))
    try {
      const venue = await ports.venueOf(book);
      const group = groups.get(venue);
      if (group === undefined) groups.set(venue, [book]);
      else group.push(book);
    } catch (error) {
      failures.push({ book, error: error instanceof Error ? error : new Error(String(error)) });
    }
  return { accounts: [...groups].map(([venue, group]) => ({ venue, books: group })), failures };
}
