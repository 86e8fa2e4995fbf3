import {
  bookDoc,
  positionDoc,
  type BookDoc,
  type PositionDoc,
} from '@tradewind/contracts/documents/book';
import { orderDoc, type OrderDoc } from '@tradewind/contracts/documents/execution';
import type { Store } from '@tradewind/adapters/ledger/store';
import { paths } from '@tradewind/contracts/paths';
import { marketKeyOf } from '@tradewind/core/instrument/instrument';
import { addMoney, price, subMoney, type Money, type Price } from '@tradewind/core/lib/units';
import { isTerminal } from '@tradewind/core/order/transitions';
import { bookValue } from '@tradewind/core/portfolio/valuation';

/** Last prices by market key. */
export type Prices = Readonly<Record<string, Price>>;

/** What the ledger says of a book at given prices. */
export type BookPnl = {
  /** Realised and unrealised, after fees. */
  readonly pnl: Money;
  /** The same from cash and holdings; differs only when the ledger contradicts itself. */
  readonly byHoldings: Money;
};

/** Values a book. @throws Error when a price that is needed is missing: no price is made up. */
export function bookPnl(book: BookDoc, positions: readonly PositionDoc[], prices: Prices): BookPnl {
  const value = bookValue({ cash: book.cash, positions, dust: book.dust, prices });
  if (value === undefined)
    throw new Error(`The last price of something that book ${book.bookId} holds is not known`);
  const open = subMoney(value.unrealized, value.attachedFees);
  return {
    pnl: addMoney(book.realizedPnl, open),
    byHoldings: subMoney(value.equity, book.initialBalance),
  };
}

/** Prices of `BASE-QUOTE` symbols in decimal text, by key of their markets of one kind; unknown ones left out. */
export const pricesByMarket = (
  texts: Readonly<Record<string, string | null>>,
  kind: 'spot' | 'futures' = 'spot',
): Prices =>
  Object.fromEntries(
    Object.entries(texts).flatMap(([symbol, text]) =>
      text === null ? [] : [[marketKeyOf('binance', kind, symbol), price(text)]],
    ),
  );

const ORDER_GROUPS = ['open', 'filled', 'cancelled', 'expired', 'rejected', 'unknown'] as const;
type OrderGroup = (typeof ORDER_GROUPS)[number];

function groupOf({ status, filledQuantity }: OrderDoc): OrderGroup {
  if (status === 'UNKNOWN') return 'unknown';
  if (!isTerminal(status)) return 'open';
  const known = ORDER_GROUPS.find((group) => group === status.toLowerCase());
  if (known !== undefined) return known;
  return filledQuantity > 0n ? 'filled' : 'rejected';
}

/** Orders by what became of them. */
export function countOrders(orders: readonly OrderDoc[]) {
  const counts = { open: 0, filled: 0, cancelled: 0, expired: 0, rejected: 0, unknown: 0 };
  for (const order of orders) counts[groupOf(order)] += 1;
  return { total: orders.length, ...counts };
}

/** One book, its open positions and all its orders. @throws Error when the book is not there. */
export async function readBook(store: Store, bookId: string) {
  const { firestore } = store;
  const book = await store.get(paths.book(bookId), bookDoc);
  if (book === undefined) throw new Error(`There is no book "${bookId}"`);
  const [positions, orders] = await Promise.all([
    store.query(
      firestore.collection(paths.positions(bookId)).where('status', '!=', 'CLOSED'),
      positionDoc,
    ),
    store.query(firestore.collection(paths.orders(bookId)), orderDoc),
  ]);
  return { book, positions, orders };
}
