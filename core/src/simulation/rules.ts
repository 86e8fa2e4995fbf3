import type { Instrument } from '../instrument/instrument.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { amountOf, notional, ZERO_QTY, type Price, type Qty } from '../lib/units.ts';
import { takerPrice, touch } from './pricing.ts';
import type {
  SimConfig,
  SimMarket,
  SimOrder,
  SimRejection,
  SimRequest,
  SimState,
} from './state.ts';

/** Where an order is to be placed. */
export type Venue = {
  readonly instrument: Instrument;
  readonly market: SimMarket;
  readonly volume: Qty;
};

/** The venue's filters: price on the tick, quantity on the lot, value not too small. */
function breaksFilter(request: SimRequest, { instrument, market }: Venue): SimRejection | null {
  const { price, quantity, quote } = request;
  if (price !== null && (price === 0n || price % instrument.tickSize !== 0n))
    return { code: 'price_filter', price, tickSize: instrument.tickSize };
  if (quantity !== null && (quantity < instrument.minQty || quantity % instrument.lotSize !== 0n))
    return { code: 'lot_size', quantity, lotSize: instrument.lotSize };
  const value = quote ?? notional(price ?? market.lastPrice, quantity ?? ZERO_QTY, 'floor');
  return value < instrument.minNotional
    ? { code: 'notional', notional: value, minimum: instrument.minNotional }
    : null;
}

/** True when a limit order at `price` would trade at once. */
export function crosses(
  order: { readonly side: SimRequest['side']; readonly price: Price },
  { instrument, market }: Pick<Venue, 'instrument' | 'market'>,
  spreadPct: number,
): boolean {
  const best = touch(order.side, market.lastPrice, { spreadPct, tick: instrument.tickSize });
  return order.side === 'BUY' ? order.price >= best : order.price <= best;
}

/** What an order needs of the account until it is filled: base to sell, or quote to buy with. */
export function needOf(request: SimRequest, venue: Venue, config: SimConfig): Qty {
  const size = request.quantity ?? ZERO_QTY;
  if (request.side === 'SELL') return size;
  if (request.quote !== null) return amountOf(request.quote);
  const { instrument, market, volume } = venue;
  const expected = takerPrice(
    { side: request.side, size },
    { last: market.lastPrice, volume },
    {
      slippage: config.slippage,
      tick: instrument.tickSize,
    },
  );
  return amountOf(notional(request.price ?? expected, size, 'ceil'));
}

const hasOpen = (state: SimState, clientOrderId: string): boolean =>
  Object.values<SimOrder>(state.orders).some((order) => order.clientOrderId === clientOrderId);

/**
 * What `request` locks, if the venue takes it.
 *
 * As at Binance a client order id is unique among open orders only: one that is done may be used
 * again, which is why a sender looks an unclear order up before it sends again.
 */
export function admit(
  request: SimRequest,
  { state, config, venue }: { state: SimState; config: SimConfig; venue: Venue },
): Result<{ readonly asset: string; readonly need: Qty }, SimRejection> {
  const broken = breaksFilter(request, venue);
  if (broken !== null) return err(broken);
  if (hasOpen(state, request.clientOrderId))
    return err({ code: 'duplicate_client_order_id', clientOrderId: request.clientOrderId });
  const { side, price, type } = request;
  if (type === 'LIMIT_MAKER' && price !== null)
    if (crosses({ side, price }, venue, config.slippage.spreadPct))
      return err({ code: 'would_match', price });
  const asset = side === 'BUY' ? venue.instrument.quote : venue.instrument.base;
  const need = needOf(request, venue, config);
  const free = state.balances[asset]?.free ?? ZERO_QTY;
  return need > free
    ? err({ code: 'insufficient_balance', asset, needed: need, free })
    : ok({ asset, need });
}
