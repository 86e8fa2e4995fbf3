import { readPrices } from '@tradewind/adapters/market/read-prices';
import { bookDoc, positionDoc } from '@tradewind/contracts/documents/book';
import { orderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { toNumber } from '@tradewind/core/lib/units';
import color from 'picocolors';
import type { Desk } from './desk.ts';
import { bookPnl, type Prices } from './book-figures.ts';
import { BOOK } from './seed.ts';

const EVERY_MS = 5_000;

type Status = {
  readonly equity: number | undefined;
  readonly pnl: number | undefined;
  readonly positions: number;
  readonly lastOrder: string;
};

async function lastPrices({ store }: Desk): Promise<Prices> {
  const prices = await readPrices(store);
  return Object.fromEntries([...prices].map(([marketKey, { price }]) => [marketKey, price]));
}

async function readStatus(desk: Desk): Promise<Status | undefined> {
  const { store } = desk;
  const book = await store.get(paths.book(BOOK), bookDoc);
  if (book === undefined) return undefined;
  const open = store.firestore.collection(paths.positions(BOOK)).where('status', '!=', 'CLOSED');
  const last = store.firestore.collection(paths.orders(BOOK)).orderBy('createdAt', 'desc').limit(1);
  const [positions, [order], prices] = await Promise.all([
    store.query(open, positionDoc),
    store.query(last, orderDoc),
    lastPrices(desk),
  ]);
  const known = positions.every(({ marketKey }) => marketKey in prices);
  const pnl = known ? toNumber(bookPnl(book, positions, prices).pnl) : undefined;
  return {
    pnl,
    equity: pnl === undefined ? undefined : toNumber(book.initialBalance) + pnl,
    positions: positions.length,
    lastOrder:
      order === undefined
        ? 'no orders yet'
        : `${order.side} ${order.symbol} ${order.status.toLowerCase()} (${order.strategyId})`,
  };
}

/** One calm line about the desk; a price that is not known is a dash, never a guess. */
export function statusText(status: Status, at: Date): string {
  const amount = (x: number | undefined): string => (x === undefined ? '–' : x.toFixed(2));
  const sign = status.pnl !== undefined && status.pnl >= 0 ? '+' : '';
  return [
    at.toISOString().slice(11, 19),
    `equity ${amount(status.equity)} USDT (${sign}${amount(status.pnl)})`,
    `${status.positions} open`,
    `last: ${status.lastOrder}`,
  ].join('  ·  ');
}

/** Keeps one line up to date on a terminal; elsewhere it says nothing, so that logs stay readable. */
export function showStatus(desk: Desk, stream: NodeJS.WriteStream): { readonly stop: () => void } {
  if (!stream.isTTY) return { stop: () => undefined };
  let shown = false;
  const refresh = async (): Promise<void> => {
    const status = await readStatus(desk).catch(() => undefined);
    if (status === undefined) return;
    const width = Math.max(20, stream.columns - 1);
    stream.write(`\r\x1b[2K${color.dim(statusText(status, new Date()).slice(0, width))}`);
    shown = true;
  };
  const timer = setInterval(() => {
    void refresh();
  }, EVERY_MS);
  void refresh();
  return {
    stop: () => {
      clearInterval(timer);
      if (shown) stream.write('\r\x1b[2K');
    },
  };
}
