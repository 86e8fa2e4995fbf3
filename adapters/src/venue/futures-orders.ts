import { err, ok } from '@tradewind/core/lib/result';
import { isOrderNotFound } from './errors.ts';
import type { RestClient } from './ccxt-clients.ts';
import { checked, idOf, list, named, readAlgo, readOrder, withOutcome } from './futures-calls.ts';
import { algoOrder, firedOrder, futuresOrder } from './futures-replies.ts';
import { toFuturesOrder } from './futures-shapes.ts';
import { PAGE } from './history.ts';
import { readInfo, readReply } from './replies.ts';
import type { Attempt, Session } from './session.ts';
import type { AccountOrder, Lookup, SubmitOutcome, VenueOrder } from './venue.ts';

/** Sends an order of an allowed shape. */
export async function submit(
  session: Session,
  order: VenueOrder,
  withinMs?: number,
): Promise<SubmitOutcome> {
  const place = async (client: RestClient) => {
    const reply = await client.createOrder(...toFuturesOrder(client, order));
    const waits = order.type === 'STOP' || order.type === 'TAKE_PROFIT';
    const placed = waits
      ? readInfo('a new waiting order', algoOrder, reply).order
      : readInfo('a new order', futuresOrder, reply).order;
    return checked('a new order', order.clientOrderId, placed);
  };
  const sent = await session.signed('submit', place, withinMs);
  // Futures never tell the fills of a new order: they are read when they are needed.
  return sent.ok
    ? { kind: 'accepted', report: sent.value, fills: [] }
    : { kind: sent.fate, error: sent.error };
}

/** Orders and waiting orders have ids in two spaces: absent is what neither knows. */
export async function lookup(
  session: Session,
  symbol: string,
  clientOrderId: string,
): Promise<Lookup> {
  const regular = await session.signed('repeatable', async (client) => {
    const found = await readOrder(client, symbol, { origClientOrderId: clientOrderId });
    return checked('an order look-up', clientOrderId, found);
  });
  if (regular.ok) return { kind: 'found', report: regular.value };
  if (!isOrderNotFound(regular.thrown)) return { kind: 'failed', error: regular.error };
  const waiting = await session.signed('repeatable', async (client) => {
    const algo = await readAlgo(client, clientOrderId);
    return checked('an order look-up', clientOrderId, await withOutcome(client, algo));
  });
  if (waiting.ok) return { kind: 'found', report: waiting.value };
  return isOrderNotFound(waiting.thrown)
    ? { kind: 'absent' }
    : { kind: 'failed', error: waiting.error };
}

/** Cancels by our id, on the book or waiting, and says what became of it. */
export async function cancel(
  session: Session,
  symbol: string,
  clientOrderId: string,
): Promise<Lookup> {
  const regular = await session.signed('repeatable', async (client) => {
    const asked = { symbol: idOf(client, symbol), origClientOrderId: clientOrderId };
    const reply = await client.fapiPrivateDeleteOrder(asked);
    const { order } = readReply('a cancel', futuresOrder, reply);
    return checked('a cancel', clientOrderId, named(client, order));
  });
  if (regular.ok) return { kind: 'found', report: regular.value };
  if (!isOrderNotFound(regular.thrown)) {
    // An answer that was lost or cannot be read: the venue knows what became of it.
    return regular.fate === 'unknown'
      ? lookup(session, symbol, clientOrderId)
      : { kind: 'failed', error: regular.error };
  }
  const waiting = await session.signed('repeatable', async (client) => {
    await client.fapiPrivateDeleteAlgoOrder({ clientAlgoId: clientOrderId });
  });
  if (!waiting.ok && !isOrderNotFound(waiting.thrown) && waiting.fate !== 'unknown')
    return { kind: 'failed', error: waiting.error };
  return lookup(session, symbol, clientOrderId);
}

/** Every open order of the account, or of one market. */
export async function readOpen(
  session: Session,
  symbol?: string,
): Promise<Attempt<AccountOrder[]>> {
  return session.signed('repeatable', async (client) => {
    const query = symbol === undefined ? {} : { symbol: idOf(client, symbol) };
    const [orders, waiting] = await Promise.all([
      client.fapiPrivateGetOpenOrders(query),
      client.fapiPrivateGetOpenAlgoOrders(query),
    ]);
    const rows = list('open orders', futuresOrder, orders).map(({ order }) => named(client, order));
    const algos = list('open waiting orders', algoOrder, waiting);
    const regular = await Promise.all(rows.map((row) => asPlaced(client, row)));
    return [...regular, ...algos.map(({ order }) => named(client, order))];
  });
}

const WEEK_MS = 604_800_000;
const OURS = /^tw/;

/** An order of the book that a waiting order of ours turned into, under the name that we gave that. */
async function asPlaced(client: RestClient, order: AccountOrder): Promise<AccountOrder> {
  if (OURS.test(order.clientOrderId) || !order.reduceOnly) return order;
  const reply = await client.fapiPrivateGetAllAlgoOrders({
    symbol: idOf(client, order.symbol),
    startTime: order.updatedAt - WEEK_MS + 1_000,
    limit: PAGE,
  });
  const algos = list('waiting orders', algoOrder, reply);
  const algo = algos.find(({ firedId }) => firedId === order.venueOrderId);
  return algo === undefined
    ? order
    : firedOrder({ ...algo, order: named(client, algo.order) }, order);
}

/** Cancels what is open in a market, on the book and waiting: the venue's own call leaves the latter. */
export async function cancelAll(session: Session, symbol: string) {
  const open = await readOpen(session, symbol);
  if (!open.ok) return err(open.error);
  const cancelled = await session.signed('repeatable', async (client) => {
    const query = { symbol: idOf(client, symbol) };
    await Promise.all([
      client.fapiPrivateDeleteAllOpenOrders(query),
      client.fapiPrivateDeleteAlgoOpenOrders(query),
    ]);
  });
  if (!cancelled.ok) return err(cancelled.error);
  const reports: AccountOrder[] = [];
  for (const order of open.value) {
    const now = await lookup(session, symbol, order.clientOrderId);
    if (now.kind === 'failed') return err(now.error);
    if (now.kind === 'found') reports.push({ ...order, ...now.report });
  }
  return ok(reports);
}
