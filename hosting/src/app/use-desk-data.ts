import { bookDoc, positionDoc, riskStateDoc, tradeDoc } from '@tradewind/contracts/documents/book';
import { botDoc, botStatusDoc, strategyStatusDoc } from '@tradewind/contracts/documents/bot';
import { orderDoc, signalDoc } from '@tradewind/contracts/documents/execution';
import { boardDoc, clockDoc, marketDoc, pricesOf } from '@tradewind/contracts/documents/market';
import { parityDoc } from '@tradewind/contracts/documents/parity';
import { strategyDoc } from '@tradewind/contracts/documents/strategy';
import { alertDoc, heartbeatDoc } from '@tradewind/contracts/documents/system';
import { marketNow, wallClock } from '@tradewind/core/lib/time';
import { useMemo } from 'react';
import { mapLoaded, oneOf } from '../lib/loaded.ts';
import { targets } from '@tradewind/contracts/watch-targets';
import { useLoaded } from '../lib/use-loaded.ts';
import { useNow } from '../lib/use-now.ts';

/** Orders that a page of the history holds (UI-50). */
export const ORDERS_PAGE = 50;

/** The live reads that every page of one book shares: sixteen listeners. */
export function useDeskData(bookId: string, orderLimit: number) {
  const now = useNow();
  const clock = oneOf(useLoaded(targets.clock, clockDoc));
  const boards = useLoaded(targets.boards, boardDoc);
  const books = useLoaded(targets.books, bookDoc);
  return {
    now,
    clock,
    marketNow: marketNow(clock ?? wallClock, now),
    book: books.status === 'ready' ? books.data.find((one) => one.bookId === bookId) : undefined,
    heartbeats: useLoaded(targets.heartbeats, heartbeatDoc),
    prices: useMemo(() => mapLoaded(boards, (all) => [...pricesOf(all).values()]), [boards]),
    markets: useLoaded(targets.markets, marketDoc),
    risk: useLoaded(targets.riskState(bookId), riskStateDoc),
    positions: useLoaded(targets.positions(bookId), positionDoc),
    bots: useLoaded(targets.bots(bookId), botDoc),
    statuses: useLoaded(targets.botStatuses(bookId), botStatusDoc),
    strategies: useLoaded(targets.strategies(bookId), strategyDoc),
    strategyStatuses: useLoaded(targets.strategyStatuses(bookId), strategyStatusDoc),
    parities: useLoaded(targets.parities(bookId), parityDoc),
    orders: useLoaded(targets.orders(bookId, orderLimit), orderDoc),
    signals: useLoaded(targets.signals(bookId), signalDoc),
    trades: useLoaded(targets.trades(bookId), tradeDoc),
    alerts: useLoaded(targets.alerts, alertDoc),
  };
}
export type DeskData = ReturnType<typeof useDeskData>;
