import { positionDoc, type BookDoc, type PositionDoc } from '@tradewind/contracts/documents/book';
import { orderDoc, type OrderDoc } from '@tradewind/contracts/documents/execution';
import { marketDoc, type MarketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { marketKindOf } from '@tradewind/core/instrument/instrument';
import type { LedgerSnapshot } from '@tradewind/core/order/reconcile/snapshot';
import { openPositions, workingOrders } from '../execution/ledger-queries.ts';
import { requireBook } from '../execution/records.ts';
import type { Store } from '../ledger/store.ts';
import type { Account } from './accounts.ts';

/** The ledger of an account's books at one moment. */
export type LedgerLook = {
  readonly books: readonly BookDoc[];
  readonly positions: readonly PositionDoc[];
  readonly orders: readonly OrderDoc[];
  readonly markets: ReadonlyMap<string, MarketDoc>;
  readonly snapshot: LedgerSnapshot;
};

/**
 * Reads what the books of an account hold and have under way, as far as it belongs to the account's kind of market.
 *
 * @throws Error when a market of something that is held does not exist: its lot size is needed.
 */
export async function lookAtLedger(store: Store, account: Account): Promise<LedgerLook> {
  const kind = account.venue.capabilities.market;
  const isHere = ({ marketKey }: { readonly marketKey: string }): boolean =>
    marketKindOf(marketKey) === kind;
  const read = await Promise.all(
    account.books.map(async ({ bookId }) => {
      // Positions before the book: what is booked between shows as another revision.
      const [positions, orders] = await Promise.all([
        store.query(openPositions(store, bookId), positionDoc),
        store.query(workingOrders(store, bookId), orderDoc),
      ]);
      return { book: await requireBook(store, bookId), positions, orders };
    }),
  );
  const books = read.map(({ book }) => book);
  const positions = read.flatMap((each) => each.positions).filter(isHere);
  const orders = read.flatMap((each) => each.orders).filter(isHere);
  const dust = books.flatMap((book) =>
    Object.entries(book.dust)
      .map(([marketKey, { quantity }]) => ({ bookId: book.bookId, marketKey, quantity }))
      .filter((item) => item.quantity > 0n && isHere(item)),
  );
  const markets = await readMarkets(store, [...positions, ...orders, ...dust]);
  const marketOf = ({ marketKey }: { readonly marketKey: string }): MarketDoc => {
    const market = markets.get(marketKey);
    if (market === undefined) throw new Error(`Market "${marketKey}" does not exist.`);
    return market;
  };
  return {
    books,
    positions,
    orders,
    markets,
    snapshot: {
      positions: positions.map((position) => {
        const { base, lotSize } = marketOf(position);
        return { ...position, market: kind, base, lotSize };
      }),
      dust: dust.map((item) => {
        const { base, lotSize } = marketOf(item);
        return { ...item, base, lotSize };
      }),
      orders: orders.map((order) => ({
        bookId: order.bookId,
        orderId: order.orderId,
        market: kind,
        symbol: order.symbol,
        base: marketOf(order).base,
        status: order.status,
        filledQuantity: order.filledQuantity,
      })),
      revision: books.map(revisionOf).join('/'),
    },
  };
}

/** Every booking changes one of these. */
const revisionOf = ({ cash, fees, realizedPnl, updatedAt }: BookDoc): string =>
  [cash, fees, realizedPnl, updatedAt].join(',');

async function readMarkets(
  store: Store,
  named: readonly { readonly marketKey: string }[],
): Promise<ReadonlyMap<string, MarketDoc>> {
  const keys = [...new Set(named.map(({ marketKey }) => marketKey))];
  const docs = await Promise.all(keys.map((key) => store.get(paths.market(key), marketDoc)));
  return new Map(docs.flatMap((doc) => (doc === undefined ? [] : [[doc.marketKey, doc]])));
}
