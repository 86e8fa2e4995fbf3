import type { BookDoc } from '@tradewind/contracts/documents/book';
import { orderDoc, type OrderDoc } from '@tradewind/contracts/documents/execution';
import { seconds } from '@tradewind/core/lib/time';
import { formatDecimal } from '@tradewind/core/lib/units';
import type { OrderReport } from '@tradewind/core/order/order';
import { isTerminal } from '@tradewind/core/order/transitions';
import { createLimiter } from '../archive/limiter.ts';
import type { AccountOrder, Lookup, Venue } from '../venue/venue.ts';
import { cancelAtVenue, recordCancel, requestCancel, type Cancelled } from './cancel-at-venue.ts';
import type { Item } from './item.ts';
import { workingOrders } from './ledger-queries.ts';
import { sleep, urgentVenue, type ExecutionPorts } from './ports.ts';
import { protectAfter } from './protect-position.ts';
import { recordUnfilled } from './record-unfilled.ts';
import { isEntry, isStop } from './records.ts';
import { resultFailure, withRetries } from './venue-calls.ts';

/** What an order in flight is given to arrive, so that it can be cancelled. */
const ARRIVAL_ROUNDS = 3;
const ARRIVAL_PAUSE = seconds(1);
/** Requests under way at once (RSK-91: 50 orders within 5 s); the venue's own limit stays the limit. */
const LANES = 10;

/** What is to be cancelled. */
export type CancelScope = {
  /** Also what the ledger does not know. Only when all books are stopped: they may share an account. */
  readonly sweep: boolean;
  /** Positions are to be closed: what is left open in a market may go with everything else there. */
  readonly flatten: boolean;
};

type Scene = {
  readonly ports: ExecutionPorts;
  readonly venue: Venue;
  /** Orders of the book that are to end. */
  readonly orders: readonly OrderDoc[];
  /** Symbols in which a protective stop rests that has to stay. */
  readonly guarded: ReadonlySet<string>;
  readonly flatten: boolean;
};

/** Orders whose cancellation was asked for, and how to book the answers and say what became of each. */
export type Cancelling = { readonly record: () => Promise<readonly Item[]> };

/**
 * Asks the venue to cancel every order of a book. All requests go out before the first answer is booked (RSK-91).
 *
 * Protective stops stay, because they protect what is held; where positions are closed, each goes with its own.
 */
export async function requestCancels(
  ports: ExecutionPorts,
  book: BookDoc,
  { sweep, flatten }: CancelScope,
): Promise<Cancelling> {
  const { store } = ports;
  const venue = await urgentVenue(ports, book);
  const working = await store.query(workingOrders(store, book.bookId), orderDoc);
  // What closes a position is what is wanted where positions are to be closed.
  const orders = working.filter((order) => !isStop(order) && !(flatten && !isEntry(order)));
  const stops = working.filter(isStop);
  const guarded = new Set(flatten ? [] : stops.map(({ symbol }) => symbol));
  const scene = { ports, venue, orders, guarded, flatten };
  const swept = sweep ? await sweepMarkets(scene, working) : new Map<string, OrderReport>();
  const answers = await requestAll(scene, swept);
  // Looked at before anything is sold: what is sent from now on is nobody's leftover.
  const leftovers = sweep ? await listLeftovers(scene, working) : [];
  return {
    record: async () => {
      // First what protected: its position has no stop until it is placed again.
      if (!flatten) await recordSwept(scene, book, swept);
      const items = await recordAll(scene, answers);
      return [...items, ...leftovers];
    },
  };
}

/**
 * Books orders of ours that the sweep took along although they were not there when it was planned: a stop that had
 * just been placed, which is placed again.
 */
async function recordSwept(
  { ports, venue, orders }: Scene,
  { bookId }: BookDoc,
  swept: ReadonlyMap<string, OrderReport>,
): Promise<void> {
  const asked = new Set(orders.map(({ orderId }) => orderId));
  if ([...swept.keys()].every((orderId) => asked.has(orderId))) return;
  for (const order of await ports.store.query(workingOrders(ports.store, bookId), orderDoc)) {
    const report = swept.get(order.orderId);
    if (report === undefined || asked.has(order.orderId)) continue;
    const settled = await recordCancel(ports, venue, { order, report });
    if (settled.kind === 'recorded')
      await protectAfter(ports, { before: order, after: settled.order });
  }
}

/**
 * The venue's own cancel-all in every market where something is open. In a market whose stop has to stay, what the
 * ledger does not know is cancelled one by one.
 */
async function sweepMarkets(
  { ports, venue, guarded }: Scene,
  working: readonly OrderDoc[],
): Promise<ReadonlyMap<string, OrderReport>> {
  const open = await withRetries(ports, () => venue.openOrders(), resultFailure);
  const listed = open.ok ? open.value : [];
  const known = new Set(working.map(({ orderId }) => orderId));
  const strangers = listed.filter(
    ({ symbol, clientOrderId }) => guarded.has(symbol) && !known.has(clientOrderId),
  );
  const symbols = new Set([...working, ...listed].map(({ symbol }) => symbol));
  const inLane = createLimiter(LANES);
  const [answers] = await Promise.all([
    Promise.all(
      [...symbols]
        .filter((symbol) => !guarded.has(symbol))
        .map((symbol) =>
          inLane(() => withRetries(ports, () => venue.cancelAll(symbol), resultFailure)),
        ),
    ),
    ...strangers.map(({ symbol, clientOrderId: orderId }) =>
      inLane(() => requestCancel(ports, venue, { symbol, orderId })),
    ),
  ]);
  const reports = answers.flatMap((answer) => (answer.ok ? answer.value : []));
  return new Map(reports.map((report) => [report.clientOrderId, report]));
}

type Answered = { readonly order: OrderDoc; readonly answer: Lookup };

/** What a sweep did not cover is cancelled one by one. */
function requestAll(
  { ports, venue, orders }: Scene,
  swept: ReadonlyMap<string, OrderReport>,
): Promise<readonly Answered[]> {
  const inLane = createLimiter(LANES);
  return Promise.all(
    orders.map(async (order): Promise<Answered> => {
      const report = swept.get(order.orderId);
      return report === undefined
        ? { order, answer: await inLane(() => requestCancel(ports, venue, order)) }
        : { order, answer: { kind: 'found', report } };
    }),
  );
}

/** Books every answer: entries that filled nothing many at once, the others one by one, since each changes the book. */
async function recordAll(
  { ports, venue, flatten }: Scene,
  answers: readonly Answered[],
): Promise<readonly Item[]> {
  const recorded = await recordUnfilled(ports, answers);
  const items: Item[] = [];
  // What has to be waited for comes last: others may have bought something that needs its stop.
  const waits = ({ answer }: Answered): number => (answer.kind === 'absent' ? 1 : 0);
  for (const { order, answer } of answers.toSorted((a, b) => waits(a) - waits(b))) {
    const done = recorded.get(order.orderId);
    const cancelled: Cancelled =
      done !== undefined
        ? { kind: 'recorded', order: done }
        : answer.kind === 'found'
          ? await recordCancel(ports, venue, { order, report: answer.report })
          : answer;
    const settled =
      cancelled.kind === 'absent' ? await awaitArrival(ports, venue, order) : cancelled;
    // It may have bought something that nobody knew of before: what stays open needs its stop.
    if (!flatten && settled.kind === 'recorded')
      await protectAfter(ports, { before: order, after: settled.order });
    items.push(itemOf(order, settled));
  }
  return items;
}

/** What is still open at the venue although everything was cancelled; known orders have lines of their own. */
async function listLeftovers(
  { ports, venue }: Scene,
  working: readonly OrderDoc[],
): Promise<readonly Item[]> {
  const open = await withRetries(ports, () => venue.openOrders(), resultFailure);
  if (!open.ok)
    return [{ item: 'open orders', result: `could not be read: ${open.error.message}`, ok: false }];
  const known = new Set(working.map(({ orderId }) => orderId));
  // A protective stop may be placed anew at any time, and adds no risk.
  const isLeft = ({ clientOrderId, type }: AccountOrder): boolean =>
    !known.has(clientOrderId) && type !== 'STOP';
  return open.value.filter(isLeft).map(({ clientOrderId }) => ({
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
