import { formatDecimal, parsePrice, parseQty, type Price } from '@tradewind/core/lib/units';
import { CLIENT_ORDER_ID_MAX } from '@tradewind/core/lib/ids';
import type { RestClient } from './ccxt-clients.ts';
import { ccxtSymbol } from './session.ts';
import type { VenueOrder } from './venue.ts';

/** An order that must not leave: what it asks for is not on the allow-list, or not on the grid. */
export class InvalidOrder extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidOrder';
  }
}

export type CcxtOrder = Parameters<RestClient['createOrder']>;

const CLIENT_ID = new RegExp(`^[A-Za-z0-9_-]{1,${CLIENT_ORDER_ID_MAX}}$`);

/**
 * The only shapes of orders that may leave for Binance spot; the name says what sets them apart. A
 * golden test pins what each is on the wire: ccxt passes on what it does not understand, so a
 * parameter too many can turn an order into another one.
 *
 * Stops are protective: they sell.
 */
export const SPOT_SHAPES = [
  'BUY MARKET',
  'BUY LIMIT GTC',
  'BUY LIMIT IOC',
  'BUY LIMIT FOK',
  'SELL MARKET',
  'SELL LIMIT GTC',
  'SELL LIMIT IOC',
  'SELL LIMIT FOK',
  'SELL STOP',
  'SELL STOP LIMIT GTC',
  'SELL TAKE_PROFIT',
  'SELL TAKE_PROFIT LIMIT GTC',
] as const;

/** True for orders that wait for their trigger. */
export const isStop = ({ type }: VenueOrder): boolean => type === 'STOP' || type === 'TAKE_PROFIT';

/** The words that every shape's name has: the type, and of a limit how long it stays. */
export function shapeWords(order: VenueOrder): readonly string[] {
  const limited = isStop(order) ? ['LIMIT', order.timeInForce] : [order.timeInForce];
  return [order.type, ...(order.limitPrice === null ? [] : limited)];
}

/** @throws InvalidOrder for an id that Binance would not take, or would make up itself. */
export function checkClientId({ clientOrderId }: VenueOrder): void {
  if (!CLIENT_ID.test(clientOrderId))
    throw new InvalidOrder(`client order id "${clientOrderId}" is not one that Binance takes`);
}

/** @throws InvalidOrder for a price that does not go with the type. */
export function checkPrices(order: VenueOrder): void {
  const { type, limitPrice } = order;
  const triggerPrice = order.triggerPrice ?? null;
  if (type === 'MARKET' && limitPrice !== null)
    throw new InvalidOrder('a market order has no limit price');
  if (type === 'LIMIT' && limitPrice === null)
    throw new InvalidOrder('a limit order has a price above 0');
  if (isStop(order) !== (triggerPrice !== null))
    throw new InvalidOrder('a stop order has a trigger price, and no other order has');
}

/**
 * The request for a spot order of an allowed shape.
 *
 * A market order never carries a price: ccxt would read it as an amount of quote to spend.
 *
 * @throws InvalidOrder for every other shape.
 */
export function toCcxtOrder(client: RestClient, order: VenueOrder): CcxtOrder {
  const symbol = ccxtSymbol(order.symbol);
  const { clientOrderId } = order;
  checkClientId(order);
  checkPrices(order);
  if (order.reduceOnly === true && order.side === 'BUY')
    throw new InvalidOrder('a spot purchase cannot be reduce-only');
  if ((order.positionSide ?? null) !== null)
    throw new InvalidOrder('a spot order has no position side');
  const shape = [order.side, ...shapeWords(order)].join(' ');
  if (!SPOT_SHAPES.some((allowed) => allowed === shape))
    throw new InvalidOrder(`"${shape}" is not among the orders that may be sent to Binance spot`);
  const side = order.side === 'BUY' ? 'buy' : 'sell';
  const amount = amountOnGrid(client, symbol, order);
  const price = onTick(client, symbol, order.limitPrice);
  const trigger = onTick(client, symbol, order.triggerPrice ?? null);
  const fires = order.type === 'STOP' ? 'stopLossPrice' : 'takeProfitPrice';
  const params = {
    clientOrderId,
    ...(trigger === undefined ? {} : { [fires]: trigger }),
    ...(price === undefined ? {} : { timeInForce: order.timeInForce }),
  };
  return [symbol, price === undefined ? 'market' : 'limit', side, amount, price, params];
}

/** The quantity as text, once ccxt agrees that sending it changes nothing. */
export function amountOnGrid(client: RestClient, symbol: string, order: VenueOrder): string {
  const text = formatDecimal(order.quantity);
  if (order.quantity <= 0n) throw new InvalidOrder('an order has a quantity above 0');
  const sent = parseQty(client.amountToPrecision(symbol, text));
  if (!sent.ok || sent.value !== order.quantity)
    throw new InvalidOrder(`quantity ${text} of ${order.symbol} is not on its lot grid`);
  return text;
}

/** A price as text, once ccxt agrees that sending it changes nothing; none is none. */
export function onTick(
  client: RestClient,
  symbol: string,
  price: Price | null,
): string | undefined {
  if (price === null) return undefined;
  if (price <= 0n) throw new InvalidOrder('an order has a price above 0');
  const text = formatDecimal(price);
  const sent = parsePrice(client.priceToPrecision(symbol, text));
  if (!sent.ok || sent.value !== price)
    throw new InvalidOrder(`price ${text} of ${symbol} is not on its tick grid`);
  return text;
}
