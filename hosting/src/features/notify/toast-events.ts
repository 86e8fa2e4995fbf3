import type { BookDoc, TradeDoc } from '@tradewind/contracts/documents/book';
import type { OrderDoc } from '@tradewind/contracts/documents/execution';
import { formatPnl, formatQty, fixed } from '../../lib/format.ts';
import { closeWords } from '../../lib/close-reason.ts';
import { completeOf, dataOf, type Loaded } from '../../lib/loaded.ts';
import type { Route } from '../../lib/routes.ts';
import type { Tone } from '../../components/tone.ts';

/** Something that happened and deserves a word in the corner (UI-64). */
export type ToastEvent = {
  /** The same event gives the same key, so that it is told once. */
  readonly key: string;
  /** Events of one kind are grouped when there are many. */
  readonly kind: 'fill' | 'rejection' | 'close' | 'book' | 'connection';
  readonly tone: Tone;
  readonly text: string;
  readonly route: Route;
};

export type ToastFacts = {
  readonly orders: Loaded<OrderDoc>;
  readonly trades: Loaded<TradeDoc>;
  readonly book: BookDoc | undefined;
  readonly online: boolean;
};

function orderEvents(before: readonly OrderDoc[], after: readonly OrderDoc[]): ToastEvent[] {
  const known = new Map(before.map((order) => [order.orderId, order.status]));
  return after.flatMap((order): ToastEvent[] => {
    const { orderId, status, side, symbol, averagePrice } = order;
    if (known.get(orderId) === status) return [];
    if (status === 'FILLED') {
      const at = averagePrice === null ? '' : ` at ${fixed(averagePrice, 2)}`;
      const text = `${side} ${formatQty(order.filledQuantity)} ${symbol} filled${at}`;
      return [{ key: `fill:${orderId}`, kind: 'fill', tone: 'positive', text, route: 'orders' }];
    }
    if (status !== 'REJECTED') return [];
    const text = `${side} ${symbol} rejected: ${order.rejectionReason ?? 'no reason given'}`;
    return [
      { key: `reject:${orderId}`, kind: 'rejection', tone: 'negative', text, route: 'orders' },
    ];
  });
}

function tradeEvents(before: readonly TradeDoc[], after: readonly TradeDoc[], quote: string) {
  const known = new Set(before.map(({ tradeId }) => tradeId));
  return after
    .filter(({ tradeId }) => !known.has(tradeId))
    .map(({ tradeId, symbol, exitReason, netPnl }): ToastEvent => ({
      key: `close:${tradeId}`,
      kind: 'close',
      tone: netPnl < 0n ? 'warning' : 'positive',
      text: `${symbol} closed (${closeWords(exitReason)}): ${formatPnl(netPnl, quote)}`,
      route: 'performance',
    }));
}

function bookEvents(before: BookDoc | undefined, after: BookDoc | undefined): ToastEvent[] {
  if (before === undefined || after === undefined || before.status === after.status) return [];
  const running = after.status === 'RUNNING';
  return [
    {
      key: `book:${after.bookId}:${after.status}:${after.updatedAt}`,
      kind: 'book',
      tone: running ? 'positive' : 'warning',
      text: `${after.name} is ${after.status.toLowerCase()}`,
      route: 'overview',
    },
  ];
}

/**
 * What happened between two views of the book. The first full view tells nothing: it is history.
 * After an absence the difference to what was last seen is told (UI-17).
 */
export function toastEvents(before: ToastFacts, after: ToastFacts): readonly ToastEvent[] {
  const seenOrders = before.orders.status === 'ready' && completeOf(after.orders) !== undefined;
  const seenTrades = before.trades.status === 'ready';
  return [
    ...(before.online === after.online
      ? []
      : [
          {
            key: `connection:${String(after.online)}`,
            kind: 'connection' as const,
            tone: after.online ? ('positive' as const) : ('warning' as const),
            text: after.online ? 'Connected again' : 'Connection lost',
            route: 'overview' as const,
          },
        ]),
    ...(seenOrders ? orderEvents(dataOf(before.orders), dataOf(after.orders)) : []),
    ...(seenTrades
      ? tradeEvents(dataOf(before.trades), dataOf(after.trades), after.book?.quote ?? '')
      : []),
    ...bookEvents(before.book, after.book),
  ];
}
