import type { RestClient } from './ccxt-clients.ts';
import {
  amountOnGrid,
  checkClientId,
  checkPrices,
  InvalidOrder,
  isStop,
  onTick,
  shapeWords,
  type CcxtOrder,
} from './order-shapes.ts';
import { ccxtSymbol } from './session.ts';
import type { VenueOrder } from './venue.ts';

/**
 * The only shapes of orders that may leave for Binance USD-M futures. `REDUCE` is an order that can
 * only make a position smaller; `HEDGE` one that names its position's side, which says the same.
 *
 * Stops are protective, and they fire into the market: nothing that fired is left on the book.
 */
export const FUTURES_SHAPES = [
  'MARKET',
  'LIMIT GTC',
  'LIMIT IOC',
  'LIMIT FOK',
  'MARKET REDUCE',
  'LIMIT GTC REDUCE',
  'LIMIT IOC REDUCE',
  'LIMIT FOK REDUCE',
  'STOP REDUCE',
  'TAKE_PROFIT REDUCE',
  'MARKET HEDGE',
  'LIMIT GTC HEDGE',
  'LIMIT IOC HEDGE',
  'LIMIT FOK HEDGE',
  'STOP HEDGE',
  'TAKE_PROFIT HEDGE',
] as const;

/** The name of an order's shape, on the list or not. */
function shapeOf(order: VenueOrder): string {
  const hedged = (order.positionSide ?? null) !== null;
  const reduces = order.reduceOnly === true && !hedged;
  return [...shapeWords(order), ...(reduces ? ['REDUCE'] : []), ...(hedged ? ['HEDGE'] : [])].join(
    ' ',
  );
}

/** @throws InvalidOrder when an order that must close would open. */
function checkHedge({ side, positionSide, reduceOnly, type }: VenueOrder): void {
  if (positionSide === undefined || positionSide === null) return;
  const closes = (positionSide === 'LONG') === (side === 'SELL');
  const mustClose = reduceOnly === true || type === 'STOP' || type === 'TAKE_PROFIT';
  if (mustClose && !closes)
    throw new InvalidOrder(`${side} makes a ${positionSide} position larger, not smaller`);
}

/**
 * The request for a futures order of an allowed shape. In hedge mode `reduceOnly` is not sent: the
 * venue refuses it there, and the side of the position says it already.
 *
 * @throws InvalidOrder for every other shape.
 */
export function toFuturesOrder(client: RestClient, order: VenueOrder): CcxtOrder {
  const symbol = ccxtSymbol(order.symbol, 'futures');
  checkClientId(order);
  checkPrices(order);
  checkHedge(order);
  const shape = shapeOf(order);
  if (!FUTURES_SHAPES.some((allowed) => allowed === shape))
    throw new InvalidOrder(
      `"${shape}" is not among the orders that may be sent to Binance futures`,
    );
  const amount = amountOnGrid(client, symbol, order);
  const price = onTick(client, symbol, order.limitPrice);
  const trigger = onTick(client, symbol, order.triggerPrice ?? null);
  const fires = order.type === 'STOP' ? 'stopLossPrice' : 'takeProfitPrice';
  const { clientOrderId, positionSide = null, reduceOnly, timeInForce } = order;
  const params = {
    clientOrderId,
    ...(trigger === undefined ? {} : { [fires]: trigger, workingType: 'CONTRACT_PRICE' }),
    ...(isStop(order) || price === undefined ? {} : { timeInForce }),
    ...(positionSide === null ? {} : { positionSide }),
    ...(positionSide === null && reduceOnly === true ? { reduceOnly: 'true' } : {}),
  };
  const side = order.side === 'BUY' ? 'buy' : 'sell';
  return [symbol, price === undefined ? 'market' : 'limit', side, amount, price, params];
}
