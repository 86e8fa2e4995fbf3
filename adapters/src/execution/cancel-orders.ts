import type { BookDoc } from '@tradewind/contracts/documents/book';
import { orderDoc, type OrderDoc } from '@tradewind/contracts/documents/execution';
import { marketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { seconds } from '@tradewind/core/lib/time';
import { formatDecimal } from '@tradewind/core/lib/units';
import type { OrderReport } from '@tradewind/core/order/order';
import { isTerminal } from '@tradewind/core/order/transitions';
import type { Venue } from '../venue/venue.ts';
import { cancelAtVenue, recordCancel, requestCancel, type Cancelled } from './cancel-at-venue.ts';
import type { Item } from './item.ts';
import { workingOrders } from './ledger-queries.ts';
import { sleep, urgentVenue, type ExecutionPorts } from './ports.ts';
import { resultFailure, withRetries } from './venue-calls.ts';

/** What an order in flight is given to arrive, so that it can be cancelled. */
const ARRIVAL_ROUNDS = 3;
const ARRIVAL_PAUSE = seconds(1);

/**
 * Cancels every order of a book at the venue and says what became of each. All requests go out
 * before the first answer is booked (RSK-91).
 *
 * @param sweep - also cancels what the ledger does not know, in every market of the book's venue.
 *   Only when all books are stopped: they may share an account.
 */
export async function cancelOrders(
  ports: ExecutionPorts,
  book: BookDoc,
  sweep: boolean,
): Promise<readonly Item[]> {
  const { store } = ports;
  const venue = await urgentVenue(ports, book);
  const orders = await store.query(workingOrders(store, book.bookId), orderDoc);
  const swept = sweep ? await sweepMarkets(ports, venue, book) : new Map<string, OrderReport>();
  const answers = await Promise.all(
    orders.map(async (order) => {
      const report = swept.get(order.orderId);
      return report === undefined
        ? requestCancel(ports, venue, order)
        : ({ kind: 'found', report } as const);
    }),
  );
  const items: Item[] = [];
  // One after the other: each changes the same book.
  for (const [index, order] of orders.entries()) {
    const answer = answers[index];
    if (answer === undefined) continue;
    const cancelled: Cancelled =
      answer.kind === 'found'
        ? await recordCancel(ports, venue, { order, report: answer.report })
        : answer;
    const settled =
      cancelled.kind === 'absent' ? await awaitArrival(ports, venue, order) : cancelled;
    items.push(itemOf(order, settled));
  }
  return sweep ? [...items, ...(await listLeftovers(ports, venue, orders))] : items;
}

/** The venue's own cancel-all, market by market; what it does not cover is cancelled one by one. */
async function sweepMarkets(
  ports: ExecutionPorts,
  venue: Venue,
  book: BookDoc,
): Promise<ReadonlyMap<string, OrderReport>> {
  const { store } = ports;
  const markets = await store.query(
    store.firestore.collection(paths.markets).where('venue', '==', book.venue),
    marketDoc,
  );
  const answers = await Promise.all(
    markets.map(({ symbol }) => withRetries(ports, () => venue.cancelAll(symbol), resultFailure)),
  );
  const reports = answers.flatMap((answer) => (answer.ok ? answer.value : []));
  return new Map(reports.map((report) => [report.clientOrderId, report]));
}

/** What is still open at the venue although everything was cancelled; known orders have lines of their own. */
async function listLeftovers(
  ports: ExecutionPorts,
  venue: Venue,
  known: readonly OrderDoc[],
): Promise<readonly Item[]> {
  const open = await withRetries(ports, () => venue.openOrders(), resultFailure);
  if (!open.ok)
    return [{ item: 'open orders', result: `could not be read: ${open.error.message}`, ok: false }];
  const ids = new Set(known.map(({ orderId }) => orderId));
  return open.value
    .filter(({ clientOrderId }) => !ids.has(clientOrderId))
    .map(({ clientOrderId }) => ({
      item: `order ${clientOrderId} of nobody here`,
      result: 'is still open at the venue',
      ok: false,
    }));
}

/** An order that the venue does not know may be on its way. */
async function awaitArrival(
  ports: ExecutionPorts,
  venue: Venue,
  order: OrderDoc,
): Promise<Cancelled> {
  for (let round = 0; round < ARRIVAL_ROUNDS; round += 1) {
    await sleep(ports, ARRIVAL_PAUSE);
    const cancelled = await cancelAtVenue(ports, venue, order);
    if (cancelled.kind !== 'absent') return cancelled;
  }
  return { kind: 'absent' };
}

function itemOf({ orderId, side, symbol }: OrderDoc, cancelled: Cancelled): Item {
  const item = `order ${orderId} (${side} ${symbol})`;
  switch (cancelled.kind) {
    case 'failed':
      return { item, result: `could not be cancelled: ${cancelled.error.message}`, ok: false };
    case 'absent':
      return {
        item,
        result: 'is unclear: the venue does not know it; watched until proven',
        ok: false,
      };
    case 'recorded': {
      const { status, filledQuantity } = cancelled.order;
      const filled = filledQuantity > 0n ? `, ${formatDecimal(filledQuantity)} filled` : '';
      return { item, result: `${status.toLowerCase()}${filled}`, ok: isTerminal(status) };
    }
  }
}
