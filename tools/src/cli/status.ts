import { readPrices } from '@tradewind/adapters/market/read-prices';
import { riskStateDoc } from '@tradewind/contracts/documents/book';
import { paths } from '@tradewind/contracts/paths';
import { formatDecimal } from '@tradewind/core/lib/units';
import { bookPnl, countOrders, readBook } from '../desk/book-figures.ts';
import type { Answer } from './answer.ts';
import { connect, type Target } from './connect.ts';

/** A book's figures at the last known prices. @throws Error when the book or a price is missing. */
export async function readStatus(target: Target, bookId: string): Promise<Answer> {
  const { store } = await connect(target);
  const { book, positions, orders } = await readBook(store, bookId);
  const risk = await store.get(paths.riskState(bookId), riskStateDoc);
  const live = await readPrices(store);
  const prices = Object.fromEntries([...live].map(([marketKey, { price }]) => [marketKey, price]));
  const pnlQuote = formatDecimal(bookPnl(book, positions, prices).pnl);
  const counts = countOrders(orders);
  const stopped = risk?.emergencyStop === true || risk?.executionEnabled === false;
  const data = {
    bookId,
    mode: book.mode,
    status: book.status,
    entriesBlocked: stopped,
    pnlQuote,
    cash: formatDecimal(book.cash),
    roundTrips: book.roundTrips,
    orders: counts,
    positions: positions.map(({ positionId, symbol, quantity, averageEntry }) => ({
      positionId,
      symbol,
      quantity: formatDecimal(quantity),
      averageEntry: formatDecimal(averageEntry),
    })),
  };
  const text = [
    `${book.name} (${book.mode}, ${book.status.toLowerCase()}${stopped ? ', ENTRIES BLOCKED' : ''})`,
    `  P&L        ${pnlQuote} ${book.quote}, ${book.roundTrips} round trips`,
    `  Cash       ${data.cash} ${book.quote}`,
    `  Orders     ${counts.total}, ${counts.open} open, ${counts.unknown} unknown`,
    ...data.positions.map(
      ({ symbol, quantity, averageEntry }) =>
        `  Position   ${quantity} ${symbol} at ${averageEntry}`,
    ),
  ].join('\n');
  return { ok: true, text, data };
}
