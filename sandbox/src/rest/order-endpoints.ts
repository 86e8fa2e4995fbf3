import type { Instrument } from '@tradewind/core/instrument/instrument';
import { err, ok, type Result } from '@tradewind/core/lib/result';
import { parseMoney, parsePrice, parseQty, ZERO_PRICE, ZERO_QTY } from '@tradewind/core/lib/units';
import type { SimOrder, SimRequest } from '@tradewind/core/simulation/state';
import { isMarketType } from '@tradewind/core/simulation/triggers';
import type { Context } from '../context.ts';
import { readInstrument, type Answer, type Endpoint } from './endpoint.ts';
import { errors, explainRejection, rejectionError, type ApiError } from './errors.ts';
import { readerOf, type Params, type Reader } from './params.ts';
import { renderCancelled, renderFill, renderOrder, renderPlaced } from './render.ts';
import { warn } from '../log.ts';

const TYPES = [
  'MARKET',
  'LIMIT',
  'LIMIT_MAKER',
  'STOP_LOSS',
  'STOP_LOSS_LIMIT',
  'TAKE_PROFIT',
  'TAKE_PROFIT_LIMIT',
] as const;
const CLIENT_ID = /^[a-zA-Z0-9-_.:/]{1,36}$/;
let generated = 0;

/** A client order id for a request that brought none, as the venue makes one up. */
const ownId = (now: number): string => `sandbox${now.toString(36)}${(generated++).toString(36)}`;

function readClientId(read: Reader, name: string): string | undefined {
  const text = read.optional(name);
  if (text !== undefined && !CLIENT_ID.test(text))
    read.fail(errors.illegal(name, '^[a-zA-Z0-9-_]{1,36}$'));
  return text;
}

/** Checks which parameters go with which type, in the order in which the venue complains. */
function checkShape(read: Reader, request: Omit<SimRequest, 'timeInForce'> & { tif: boolean }) {
  const { type, quantity, quote, price, stopPrice, tif, side } = request;
  const waits = type !== 'MARKET' && type !== 'LIMIT' && type !== 'LIMIT_MAKER';
  if (waits && stopPrice === null) read.fail(errors.mandatory('stopPrice'));
  if (!waits && stopPrice !== null) read.fail(errors.notRequired('stopPrice'));
  if (isMarketType(type)) {
    if (price !== null) read.fail(errors.notRequired('price'));
    if (tif) read.fail(errors.notRequired('timeInForce'));
    if (waits && quote !== null) read.fail(errors.notRequired('quoteOrderQty'));
    if (quantity === null && quote === null) read.fail(errors.mandatory('quantity'));
    if (quantity !== null && quote !== null) read.fail(errors.combination);
    // Selling by quote amount is left out: nothing here needs it.
    if (quote !== null && side === 'SELL') read.fail(errors.notRequired('quoteOrderQty'));
    return;
  }
  if (type !== 'LIMIT_MAKER' && !tif) read.fail(errors.mandatory('timeInForce'));
  if (type === 'LIMIT_MAKER' && tif) read.fail(errors.notRequired('timeInForce'));
  if (quote !== null) read.fail(errors.notRequired('quoteOrderQty'));
  if (quantity === null) read.fail(errors.mandatory('quantity'));
  if (price === null) read.fail(errors.mandatory('price'));
}

/** What only futures ask for. */
const SPOT_TERMS = { reduceOnly: false, positionSide: 'BOTH' } as const;

type Placing = { readonly request: SimRequest; readonly detail: 'ACK' | 'RESULT' | 'FULL' };

/** The order that the parameters ask for. */
function readPlacing(context: Context, params: Params): Result<Placing, ApiError> {
  const read = readerOf(params);
  const instrument = readInstrument(read, context);
  const side = read.oneOf('side', ['BUY', 'SELL'], errors.side);
  if (side === undefined) read.fail(errors.mandatory('side'));
  const type = read.oneOf('type', TYPES, errors.orderType);
  if (type === undefined) read.fail(errors.mandatory('type'));
  const tif = read.oneOf('timeInForce', ['GTC', 'IOC', 'FOK'], errors.timeInForce);
  const quantity = read.decimal('quantity', parseQty);
  const quote = read.decimal('quoteOrderQty', parseMoney);
  const price = read.decimal('price', parsePrice);
  const stopPrice = read.decimal('stopPrice', parsePrice);
  const clientOrderId = readClientId(read, 'newClientOrderId') ?? ownId(context.wallNow());
  const wanted = read.oneOf('newOrderRespType', ['ACK', 'RESULT', 'FULL'], errors.combination);
  if (instrument === undefined || side === undefined || type === undefined)
    return err(read.error() ?? errors.symbol);
  const { marketKey } = instrument;
  const order = {
    ...{ clientOrderId, marketKey, side, type, quantity, quote, price, stopPrice },
    ...SPOT_TERMS,
  };
  checkShape(read, { ...order, tif: tif !== undefined });
  if (price === ZERO_PRICE) read.fail(errors.filter('PRICE_FILTER'));
  if (quantity === ZERO_QTY) read.fail(errors.filter('LOT_SIZE'));
  const error = read.error();
  if (error !== undefined) return err(error);
  const detail = wanted ?? (type === 'MARKET' || type === 'LIMIT' ? 'FULL' : 'ACK');
  return ok({ request: { ...order, timeInForce: tif ?? 'GTC' }, detail });
}

/** Places an order and answers once it has reached the book, with what it traded. */
async function place(context: Context, params: Params): Promise<Answer> {
  const placing = readPlacing(context, params);
  if (!placing.ok) return placing;
  const { exchange } = context;
  const { request, detail } = placing.value;
  const placed = exchange.place(request, context.marketNow());
  if (!placed.ok) {
    const { clientOrderId } = request;
    warn('order rejected', { clientOrderId, reason: explainRejection(placed.error) });
    return err(rejectionError(placed.error));
  }
  const { orderId } = placed.value;
  await exchange.arrived(orderId);
  const order = exchange.order(orderId) ?? placed.value;
  const fills = exchange.fillsOf(orderId);
  return ok(renderPlaced(order, instrumentOfOrder(context, order), { detail, fills }));
}

function instrumentOfOrder({ exchange }: Context, order: SimOrder): Instrument {
  const instrument = exchange.config.instruments[order.marketKey];
  if (instrument === undefined) throw new Error('Invariant: an order is of a listed market');
  return instrument;
}

/** The order that `orderId` or `origClientOrderId` names. */
function findOrder(context: Context, params: Params, absent: ApiError) {
  const read = readerOf(params);
  const instrument = readInstrument(read, context);
  const orderId = read.integer('orderId');
  const clientId = read.optional('origClientOrderId');
  if (orderId === undefined && clientId === undefined)
    read.fail({
      status: 400,
      code: -1102,
      msg: "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!",
    });
  const cancelId = readClientId(read, 'newClientOrderId');
  const error = read.error();
  if (instrument === undefined || error !== undefined) return err(error ?? errors.symbol);
  const { exchange } = context;
  const order =
    orderId === undefined
      ? exchange.orderByClientId(instrument.marketKey, clientId ?? '')
      : exchange.order(orderId);
  const named = order !== undefined && order.marketKey === instrument.marketKey;
  const agrees = clientId === undefined || order?.clientOrderId === clientId;
  return named && agrees ? ok({ order, instrument, cancelId }) : err(absent);
}

function lookUp(context: Context, params: Params): Answer {
  const found = findOrder(context, params, errors.noOrder);
  return found.ok ? ok(renderOrder(found.value.order, found.value.instrument)) : found;
}

function cancel(context: Context, params: Params): Answer {
  const found = findOrder(context, params, errors.cancelUnknown);
  if (!found.ok) return found;
  const { order, instrument, cancelId } = found.value;
  const now = context.marketNow();
  const cancelled = context.exchange.cancel(order.orderId, now);
  if (!cancelled.ok) return err(errors.cancelUnknown);
  return ok(renderCancelled(cancelled.value, instrument, cancelId ?? ownId(context.wallNow())));
}

function openOrders(context: Context, params: Params): Answer {
  const read = readerOf(params);
  const one = params['symbol'] === undefined ? undefined : readInstrument(read, context);
  const error = read.error();
  if (error !== undefined) return err(error);
  const spot = [...context.exchange.instruments.values()];
  const open = Object.values(context.exchange.engine().orders).filter(({ marketKey }) =>
    one === undefined
      ? spot.some((instrument) => instrument.marketKey === marketKey)
      : marketKey === one.marketKey,
  );
  return ok(open.map((order) => renderOrder(order, instrumentOfOrder(context, order))));
}

/** Cancels all open orders of one market; none open is an error, as at the venue. */
function cancelAll(context: Context, params: Params): Answer {
  const read = readerOf(params);
  const instrument = readInstrument(read, context);
  const error = read.error();
  if (instrument === undefined || error !== undefined) return err(error ?? errors.symbol);
  const { exchange } = context;
  const open = Object.values(exchange.engine().orders).filter(
    ({ marketKey }) => marketKey === instrument.marketKey,
  );
  if (open.length === 0) return err(errors.cancelUnknown);
  const now = context.marketNow();
  return ok(
    open.flatMap(({ orderId }) => {
      const done = exchange.cancel(orderId, now);
      const cancelId = ownId(context.wallNow());
      return done.ok ? [renderCancelled(done.value, instrument, cancelId)] : [];
    }),
  );
}

function allOrders(context: Context, params: Params): Answer {
  const read = readerOf(params);
  const instrument = readInstrument(read, context);
  const orderId = read.integer('orderId');
  const [startTime, endTime] = [read.time('startTime'), read.time('endTime')];
  const limit = read.limit(500, 1_000);
  const error = read.error();
  if (instrument === undefined || error !== undefined) return err(error ?? errors.symbol);
  const found = context.exchange
    .orders()
    .filter(({ marketKey }) => marketKey === instrument.marketKey)
    .filter((order) => order.orderId >= (orderId ?? 0))
    .filter(({ placedAt }) => placedAt >= (startTime ?? 0) && placedAt <= (endTime ?? Infinity));
  const forward = orderId !== undefined || startTime !== undefined;
  const page = forward ? found.slice(0, limit) : found.slice(-limit);
  return ok(page.map((order) => renderOrder(order, instrument)));
}

function myTrades(context: Context, params: Params): Answer {
  const read = readerOf(params);
  const instrument = readInstrument(read, context);
  const [orderId, fromId] = [read.integer('orderId'), read.integer('fromId')];
  const [startTime, endTime] = [read.time('startTime'), read.time('endTime')];
  const limit = read.limit(500, 1_000);
  const error = read.error();
  if (instrument === undefined || error !== undefined) return err(error ?? errors.symbol);
  const found = context.exchange
    .fills()
    .filter(({ marketKey }) => marketKey === instrument.marketKey)
    .filter((fill) => orderId === undefined || fill.orderId === orderId)
    .filter(({ fillId }) => fillId >= (fromId ?? 0))
    .filter(({ at }) => at >= (startTime ?? 0) && at <= (endTime ?? Infinity));
  const forward = fromId !== undefined || startTime !== undefined;
  const page = forward ? found.slice(0, limit) : found.slice(-limit);
  return ok(page.map((fill) => renderFill(fill, instrument)));
}

/** Checks an order as placing would, without placing it. */
function testOrder(context: Context, params: Params): Answer {
  const placing = readPlacing(context, params);
  return placing.ok ? ok({}) : placing;
}

const signed = (
  method: Endpoint['method'],
  path: string,
  handle: Endpoint['handle'],
): Endpoint => ({ method, path, security: 'signed', handle });

/** Orders and own trades. */
export const orderEndpoints: readonly Endpoint[] = [
  signed('POST', '/api/v3/order', place),
  signed('POST', '/api/v3/order/test', testOrder),
  signed('GET', '/api/v3/order', lookUp),
  signed('DELETE', '/api/v3/order', cancel),
  signed('GET', '/api/v3/openOrders', openOrders),
  signed('DELETE', '/api/v3/openOrders', cancelAll),
  signed('GET', '/api/v3/allOrders', allOrders),
  signed('GET', '/api/v3/myTrades', myTrades),
];
