import { accountName, bookDoc } from '@tradewind/contracts/documents/book';
import { orderDoc, type OrderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import type { Store } from '../ledger/store.ts';
import type { OrderRecords } from '../venue/name-orders.ts';
import { isDocumentId, orderAtVenue } from './ledger-queries.ts';

/** Ids of the books that trade an account. */
async function booksOf({ store, account }: Records): Promise<readonly string[]> {
  const books = await store.query(store.firestore.collection(paths.books), bookDoc);
  return books.filter((book) => accountName(book) === account).map(({ bookId }) => bookId);
}

type Records = { readonly store: Store; readonly account: string };

async function firstOf(
  records: Records,
  read: (bookId: string) => Promise<OrderDoc | undefined>,
): Promise<OrderDoc | undefined> {
  for (const bookId of await booksOf(records)) {
    const found = await read(bookId);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * What the books of an account wrote of their orders: each is written before it is sent.
 *
 * @param account As {@link accountName} names it.
 */
export function orderRecords(store: Store, account: string): OrderRecords {
  const records = { store, account };
  return {
    sent: async (orderId) => {
      if (!isDocumentId(orderId)) return undefined;
      const order = await firstOf(records, (bookId) =>
        store.get(paths.order(bookId, orderId), orderDoc),
      );
      if (order === undefined) return undefined;
      const { side, quantity, venueOrderId, marks, updatedAt } = order;
      return { side, quantity, venueOrderId, sentAt: marks.sentAt ?? updatedAt };
    },
    names: async (venueOrderIds) => {
      const names = new Map<string, string>();
      for (const venueOrderId of venueOrderIds) {
        const order = await firstOf(records, (bookId) => orderAtVenue(store, bookId, venueOrderId));
        if (order !== undefined) names.set(venueOrderId, order.orderId);
      }
      return names;
    },
  };
}
