import { formatDecimal, parsePrice, parseQty } from '@tradewind/core/lib/units';
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
 * The only requests that may become orders (each is pinned by a golden test): ccxt passes on what
 * it does not understand, so a parameter too many can turn an order into another one.
 *
 * A market order never carries a price: ccxt would read it as an amount of quote to spend.
 *
 * @throws InvalidOrder for every other shape.
 */
export function toCcxtOrder(client: RestClient, order: VenueOrder): CcxtOrder {
  const symbol = ccxtSymbol(order.symbol);
  const { clientOrderId } = order;
  if (!CLIENT_ID.test(clientOrderId))
    throw new InvalidOrder(`client order id "${clientOrderId}" is not one that Binance takes`);
  const side = order.side === 'BUY' ? 'buy' : 'sell';
  const amount = amountOnGrid(client, symbol, order);
  if (order.type === 'MARKET') {
    if (order.limitPrice !== null) throw new InvalidOrder('a market order has no limit price');
    return [symbol, 'market', side, amount, undefined, { clientOrderId }];
  }
  const price = priceOnGrid(client, symbol, order);
  return [symbol, 'limit', side, amount, price, { clientOrderId, timeInForce: order.timeInForce }];
}

/** The quantity as text, once ccxt agrees that sending it changes nothing. */
function amountOnGrid(client: RestClient, symbol: string, order: VenueOrder): string {
  const text = formatDecimal(order.quantity);
  if (order.quantity <= 0n) throw new InvalidOrder('an order has a quantity above 0');
  const sent = parseQty(client.amountToPrecision(symbol, text));
  if (!sent.ok || sent.value !== order.quantity)
    throw new InvalidOrder(`quantity ${text} of ${order.symbol} is not on its lot grid`);
  return text;
}

function priceOnGrid(client: RestClient, symbol: string, order: VenueOrder): string {
  if (order.limitPrice === null || order.limitPrice <= 0n)
    throw new InvalidOrder('a limit order has a price above 0');
  const text = formatDecimal(order.limitPrice);
  const sent = parsePrice(client.priceToPrecision(symbol, text));
  if (!sent.ok || sent.value !== order.limitPrice)
    throw new InvalidOrder(`price ${text} of ${order.symbol} is not on its tick grid`);
  return text;
}
