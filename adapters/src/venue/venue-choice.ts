import type { BookDoc } from '@tradewind/contracts/documents/book';

/**
 * Makes sure that `book` may trade where this process trades: paper books at the sandbox and nowhere
 * else, live books never there (ARC-31, EXE-80). Every way to a venue goes through here.
 *
 * @param sandboxPort Port of the sandbox that this process is redirected to; `undefined` = the real venue.
 * @throws Error that says what does not fit.
 */
export function assertTradable(
  book: Pick<BookDoc, 'bookId' | 'mode' | 'venue'>,
  sandboxPort: number | undefined,
): void {
  if (book.venue !== 'binance')
    throw new Error(`Book ${book.bookId} trades at "${book.venue}": only binance is supported.`);
  if (book.mode === 'paper' && sandboxPort === undefined)
    throw new Error('paper books trade at the sandbox, which runs only on the local desk');
  if (book.mode !== 'paper' && sandboxPort !== undefined)
    throw new Error(`Book ${book.bookId} is live: the local desk trades paper books only.`);
}
