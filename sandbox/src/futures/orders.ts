import type { Instrument } from '@tradewind/core/instrument/instrument';
import { err, ok, type Result } from '@tradewind/core/lib/result';
import { parsePrice, parseQty } from '@tradewind/core/lib/units';
import type { SimOrder, SimOrderType, SimRequest } from '@tradewind/core/simulation/state';
import type { Context } from '../context.ts';
import type { Answer, Endpoint } from '../rest/endpoint.ts';
import { errors, explainRejection, rejectionError, type ApiError } from '../rest/errors.ts';
import { readerOf, type Params, type Reader } from '../rest/params.ts';
import { fromVenueSymbol } from '../symbols.ts';
import { warn } from '../log.ts';
import {
  ALGO_ID_OFFSET,
  isAlgo,
  isRegular,
  regularId,
  renderAlgo,
  renderRegular,
  renderTrade,
} from './render.ts';

const CLIENT_ID = /^[.A-Z:/a-z0-9_-]{1,36}$/;
let generated = 0;

/** The futures market that `symbol` names; an unknown one is the reader's error. */
export function readFuture(read: Reader, { exchange }: Context): Instrument | undefined {
  const symbol = fromVenueSymbol(read.required('symbol'));
  const instrument = symbol === undefined ? undefined : exchange.futures.get(symbol);
  if (instrument === undefined) read.fail(errors.symbol);
  return instrument;
}

const REGULAR: Readonly<Record<string, SimOrderType>> = { MARKET: 'MARKET', LIMIT: 'LIMIT' };
const WAITING: Readonly<Record<string, SimOrderType>> = {
  STOP_MARKET: 'STOP_LOSS',
  STOP: 'STOP_LOSS_LIMIT',
  TAKE_PROFIT_MARKET: 'TAKE_PROFIT',
  TAKE_PROFIT: 'TAKE_PROFIT_LIMIT',
};

type Kind = 'regular' | 'algo';

/** The type of an order as the engine names it; one of the other kind has an endpoint of its own. */
function readType(read: Reader, kind: Kind): SimOrderType | undefined {
  const text = read.required('type');
  const [here, there] = kind === 'regular' ? [REGULAR, WAITING] : [WAITING, REGULAR];
  if (here[text] === undefined)
    read.fail(there[text] === undefined ? errors.orderType : errors.otherEndpoint);
  return here[text];
}

/** The order that the parameters ask for. */
function readRequest(context: Context, params: Params, kind: Kind): Result<SimRequest, ApiError> {
  const read = readerOf(params);
  const instrument = readFuture(read, context);
  const side = read.oneOf('side', ['BUY', 'SELL'], errors.side);
  if (side === undefined) read.fail(errors.mandatory('side'));
  if (kind === 'algo' && read.required('algoType') !== 'CONDITIONAL')
    read.fail(errors.mandatory('algoType'));
  const type = readType(read, kind);
  const timeInForce = read.oneOf('timeInForce', ['GTC', 'IOC', 'FOK'], errors.timeInForce);
  const quantity = read.decimal('quantity', parseQty);
  if (quantity === null) read.fail(errors.mandatory('quantity'));
  const price = read.decimal('price', parsePrice);
  const stopPrice = read.decimal('triggerPrice', parsePrice);
  const positionSide = read.oneOf('positionSide', ['BOTH', 'LONG', 'SHORT'], errors.positionSide);
  const reduceOnly = read.oneOf('reduceOnly', ['true', 'false'], errors.mandatory('reduceOnly'));
  const limited = type === 'LIMIT' || type?.endsWith('_LIMIT') === true;
  if (limited && price === null) read.fail(errors.mandatory('price'));
  if (!limited && price !== null) read.fail(errors.notRequired('price'));
  if (type === 'LIMIT' && timeInForce === undefined) read.fail(errors.mandatory('timeInForce'));
  if ((kind === 'algo') !== (stopPrice !== null)) read.fail(errors.mandatory('triggerPrice'));
  const idName = kind === 'algo' ? 'clientAlgoId' : 'newClientOrderId';
  const clientOrderId = read.optional(idName) ?? `sandbox${context.wallNow()}${generated++}`;
  if (!CLIENT_ID.test(clientOrderId)) read.fail(errors.illegal(idName, CLIENT_ID.source));
  const error = read.error();
  if (error !== undefined || instrument === undefined || side === undefined || type === undefined)
    return err(error ?? errors.symbol);
  return ok({
    ...{ clientOrderId, marketKey: instrument.marketKey, side, type, quantity, price, stopPrice },
    quote: null,
    timeInForce: timeInForce ?? 'GTC',
    reduceOnly: reduceOnly === 'true',
    positionSide: positionSide ?? 'BOTH',
  });
}

function instrumentOf({ exchange }: Context, { marketKey }: SimOrder): Instrument {
  const instrument = exchange.config.instruments[marketKey];
  if (instrument === undefined) throw new Error('Invariant: an order is of a listed market');
  return instrument;
}

const render = (context: Context, order: SimOrder, kind: Kind) =>
  kind === 'algo'
    ? renderAlgo(order, instrumentOf(context, order))
    : renderRegular(order, instrumentOf(context, order));

/** Places an order and answers once it has reached the book. */
const place =
  (kind: Kind) =>
  async (context: Context, params: Params): Promise<Answer> => {
    const request = readRequest(context, params, kind);
    if (!request.ok) return request;
    const { exchange } = context;
    const placed = exchange.place(request.value, context.marketNow());
    if (!placed.ok) {
      const { clientOrderId } = request.value;
      warn('order rejected', { clientOrderId, reason: explainRejection(placed.error) });
      return err(futuresError(rejectionError(placed.error)));
    }
    const { orderId } = placed.value;
    await exchange.arrived(orderId);
    return ok(render(context, exchange.order(orderId) ?? placed.value, kind));
  };

/** Some refusals have other codes here than on the spot market. */
function futuresError(error: ApiError): ApiError {
  if (error === errors.duplicate) return errors.duplicateFuture;
  if (error === errors.wouldTrigger) return errors.wouldTriggerFuture;
  return error.msg.endsWith('NOTIONAL') ? errors.notionalFuture : error;
}

const NAMES = {
  regular: { id: 'orderId', client: 'origClientOrderId' },
  algo: { id: 'algoId', client: 'clientAlgoId' },
} as const;

/** Orders of one kind, oldest first; of all futures markets, or of one. */
function ordersOf({ exchange }: Context, kind: Kind, marketKey?: string): readonly SimOrder[] {
  const markets = [...exchange.futures.values()].map((instrument) => instrument.marketKey);
  return exchange
    .orders()
    .filter(kind === 'algo' ? isAlgo : isRegular)
    .filter((order) =>
      marketKey === undefined ? markets.includes(order.marketKey) : order.marketKey === marketKey,
    );
}

const isOpen = (order: SimOrder, kind: Kind): boolean =>
  (order.status === 'NEW' || order.status === 'PARTIALLY_FILLED') &&
  (kind === 'regular' || order.triggeredAt === null);

/** The order that the venue's id or the client's names; the newest where several had that id. */
function find(
  context: Context,
  params: Params,
  { kind, absent }: { readonly kind: Kind; readonly absent: ApiError },
) {
  const read = readerOf(params);
  // Waiting orders are named without their market.
  const one = kind === 'regular' ? readFuture(read, context) : undefined;
  const names = NAMES[kind];
  const id = read.integer(names.id);
  const client = read.optional(names.client);
  if (id === undefined && client === undefined) read.fail(errors.mandatory(names.client));
  const error = read.error();
  if (error !== undefined) return err(error);
  const order = ordersOf(context, kind, one?.marketKey).findLast((each) =>
    id === undefined
      ? (kind === 'algo' ? each.clientOrderId : regularId(each)) === client
      : each.orderId === (kind === 'algo' ? id - ALGO_ID_OFFSET : id),
  );
  return order === undefined ? err(absent) : ok(order);
}

const lookUp =
  (kind: Kind) =>
  (context: Context, params: Params): Answer => {
    const found = find(context, params, { kind, absent: errors.noOrder });
    return found.ok ? ok(render(context, found.value, kind)) : found;
  };

const cancel =
  (kind: Kind) =>
  (context: Context, params: Params): Answer => {
    const found = find(context, params, { kind, absent: errors.cancelUnknown });
    if (!found.ok) return found;
    if (!isOpen(found.value, kind)) return err(errors.cancelUnknown);
    const { orderId, clientOrderId } = found.value;
    const done = context.exchange.cancel(orderId, context.marketNow());
    if (!done.ok) return err(errors.cancelUnknown);
    return kind === 'algo'
      ? ok({
          algoId: ALGO_ID_OFFSET + orderId,
          clientAlgoId: clientOrderId,
          code: '200',
          msg: 'success',
        })
      : ok(render(context, done.value, kind));
  };

const cancelAll =
  (kind: Kind) =>
  (context: Context, params: Params): Answer => {
    const read = readerOf(params);
    const instrument = readFuture(read, context);
    const error = read.error();
    if (error !== undefined || instrument === undefined) return err(error ?? errors.symbol);
    for (const order of ordersOf(context, kind, instrument.marketKey))
      if (isOpen(order, kind)) context.exchange.cancel(order.orderId, context.marketNow());
    return ok({ code: 200, msg: 'The operation of cancel all open order is done.' });
  };

const openOrders =
  (kind: Kind) =>
  (context: Context, params: Params): Answer => {
    const read = readerOf(params);
    const one = params['symbol'] === undefined ? undefined : readFuture(read, context);
    const error = read.error();
    if (error !== undefined) return err(error);
    return ok(
      ordersOf(context, kind, one?.marketKey)
        .filter((order) => isOpen(order, kind))
        .map((order) => render(context, order, kind)),
    );
  };

const DAY = 86_400_000;
/** Histories are told a week at a time. */
const WINDOW = 7 * DAY;

/** The time that a history is asked for; `null` when it is longer than the venue tells at once. */
function readWindow(read: Reader, now: number) {
  const [from, until] = [read.time('startTime'), read.time('endTime')];
  const start = from ?? (until === undefined ? now - WINDOW : until - WINDOW);
  const end = until ?? start + WINDOW;
  if (end - start > WINDOW) read.fail(errors.tooLong);
  return { start, end };
}

const allOrders =
  (kind: Kind) =>
  (context: Context, params: Params): Answer => {
    const read = readerOf(params);
    const instrument = readFuture(read, context);
    const fromId = read.integer(NAMES[kind].id);
    const { start, end } = readWindow(read, context.marketNow());
    const limit = read.limit(500, 1_000);
    const error = read.error();
    if (error !== undefined || instrument === undefined) return err(error ?? errors.symbol);
    const first = kind === 'algo' && fromId !== undefined ? fromId - ALGO_ID_OFFSET : fromId;
    const found = ordersOf(context, kind, instrument.marketKey).filter(({ orderId, placedAt }) =>
      first === undefined ? placedAt >= start && placedAt <= end : orderId >= first,
    );
    return ok(found.slice(0, limit).map((order) => render(context, order, kind)));
  };

function userTrades(context: Context, params: Params): Answer {
  const read = readerOf(params);
  const instrument = readFuture(read, context);
  const [orderId, fromId] = [read.integer('orderId'), read.integer('fromId')];
  const { start, end } = readWindow(read, context.marketNow());
  const limit = read.limit(500, 1_000);
  const error = read.error();
  if (error !== undefined || instrument === undefined) return err(error ?? errors.symbol);
  const found = context.exchange
    .fills()
    .filter(({ marketKey }) => marketKey === instrument.marketKey)
    .filter((fill) => orderId === undefined || fill.orderId === orderId)
    .filter(({ fillId, at }) =>
      fromId === undefined ? orderId !== undefined || (at >= start && at <= end) : fillId >= fromId,
    );
  return ok(
    found.slice(0, limit).map((fill) => {
      const order = context.exchange.order(fill.orderId);
      return renderTrade(fill, instrument, order?.positionSide ?? 'BOTH');
    }),
  );
}

const signed = (
  method: Endpoint['method'],
  path: string,
  handle: Endpoint['handle'],
): Endpoint => ({ method, path: `/fapi/v1/${path}`, security: 'signed', handle });

/** Orders of the futures account: those of the book, and those that wait for their price. */
export const futuresOrderEndpoints: readonly Endpoint[] = [
  signed('POST', 'order', place('regular')),
  signed('GET', 'order', lookUp('regular')),
  signed('DELETE', 'order', cancel('regular')),
  signed('GET', 'openOrders', openOrders('regular')),
  signed('DELETE', 'allOpenOrders', cancelAll('regular')),
  signed('GET', 'allOrders', allOrders('regular')),
  signed('POST', 'algoOrder', place('algo')),
  signed('GET', 'algoOrder', lookUp('algo')),
  signed('DELETE', 'algoOrder', cancel('algo')),
  signed('GET', 'openAlgoOrders', openOrders('algo')),
  signed('DELETE', 'algoOpenOrders', cancelAll('algo')),
  signed('GET', 'allAlgoOrders', allOrders('algo')),
  signed('GET', 'userTrades', userTrades),
];
