import { bookDoc, type BookDoc } from '@tradewind/contracts/documents/book';
import { orderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import type { OrderReport } from '@tradewind/core/order/order';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { ExecutionPorts } from './ports.ts';

/**
 * Raises an alert for every open order at the venue that no book knows: somebody else trades on the
 * account, or an order was lost. Books may share an account, so all of them are asked.
 */
export async function alertStrangers(
  ports: ExecutionPorts,
  book: BookDoc,
  listed: readonly OrderReport[],
): Promise<void> {
  if (listed.length === 0) return;
  const { store, clock } = ports;
  const books = await store.query(store.firestore.collection(paths.books), bookDoc);
  for (const { clientOrderId, venueOrderId } of listed) {
    const known = await Promise.all(
      books.map(({ bookId }) => store.get(paths.order(bookId, clientOrderId), orderDoc)),
    );
    if (known.some((order) => order !== undefined)) continue;
    await raiseAlert(store, {
      rule: 'foreign_order',
      severity: 'WARNING',
      message: `The venue holds an open order ${clientOrderId} that no book knows. It is left alone.`,
      details: { clientOrderId, venueOrderId },
      bookId: book.bookId,
      symbol: null,
      label: clientOrderId,
      now: clock.wallNow(),
    });
  }
}
