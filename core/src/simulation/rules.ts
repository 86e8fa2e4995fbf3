import type { Instrument } from '../instrument/instrument.ts';
import { err, ok, type Result } from '../lib/result.ts';
import {
  amountOf,
  maxPrice,
  notional,
  subQty,
  ZERO_QTY,
  type Price,
  type Qty,
} from '../lib/units.ts';
import { availableMargin, isFutures, marginFor, onlyReduces, reducible } from './futures.ts';
import { takerPrice, touch } from './pricing.ts';
import type {
  SimConfig,
  SimMarket,
  SimOrder,
  SimRejection,
  SimRequest,
  SimState,
} from './state.ts';
import { fires } from './triggers.ts';

/** Where an order is to be placed. */
export type Venue = {
  readonly instrument: Instrument;
  readonly market: SimMarket;
  readonly volume: Qty;
};

/** The venue's filters: price on the tick, quantity on the lot, value not too small. */
function breaksFilter(request: SimRequest, { instrument, market }: Venue): SimRejection | null {
  const { price, quantity, quote, stopPrice } = request;
  if (stopPrice !== null && (stopPrice === 0n || stopPrice % instrument.tickSize !== 0n))
    return { code: 'price_filter', price: stopPrice, tickSize: instrument.tickSize };
  if (price !== null && (price === 0n || price % instrument.tickSize !== 0n))
    return { code: 'price_filter', price, tickSize: instrument.tickSize };
  if (quantity !== null && (quantity < instrument.minQty || quantity % instrument.lotSize !== 0n))
    return { code: 'lot_size', quantity, lotSize: instrument.lotSize };
  const value =
    quote ?? notional(price ?? stopPrice ?? market.lastPrice, quantity ?? ZERO_QTY, 'floor');
  // Closing what is left of a future is never too small.
  return value < instrument.minNotional && !request.reduceOnly
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
  const fired = request.stopPrice === null ? expected : maxPrice(request.stopPrice, expected);
  return amountOf(notional(request.price ?? fired, size, 'ceil'));
}

/** True when an open order of the same kind of market has the id. */
const hasOpen = (
  { clientOrderId, marketKey }: SimRequest,
  { state, config }: { readonly state: SimState; readonly config: SimConfig },
): boolean =>
  Object.values<SimOrder>(state.orders).some(
    (order) =>
      order.clientOrderId === clientOrderId &&
      isFutures(config, order.marketKey) === isFutures(config, marketKey),
  );

type Admitted = Result<{ readonly asset: string; readonly need: Qty }, SimRejection>;

/**
 * What `request` locks, if the venue takes it.
 *
 * As at Binance a client order id is unique among open orders only: one that is done may be used
 * again, which is why a sender looks an unclear order up before it sends again.
 */
export function admit(
  request: SimRequest,
  { state, config, venue }: { state: SimState; config: SimConfig; venue: Venue },
): Admitted {
  const broken = breaksFilter(request, venue);
  if (broken !== null) return err(broken);
  if (hasOpen(request, { state, config }))
    return err({ code: 'duplicate_client_order_id', clientOrderId: request.clientOrderId });
  const { side, price, type, stopPrice } = request;
  if (stopPrice !== null && fires(request, venue.market.lastPrice))
    return err({ code: 'would_trigger', stopPrice });
  if (type === 'LIMIT_MAKER' && price !== null)
    if (crosses({ side, price }, venue, config.slippage.spreadPct))
      return err({ code: 'would_match', price });
  if (venue.instrument.market === 'futures') return admitFuture(request, { state, config, venue });
  const asset = side === 'BUY' ? venue.instrument.quote : venue.instrument.base;
  const need = needOf(request, venue, config);
  const free = state.balances[asset]?.free ?? ZERO_QTY;
  return need > free
    ? err({ code: 'insufficient_balance', asset, needed: need, free })
    : ok({ asset, need });
}

/** A future binds margin for what it opens; orders that wait bind none until they fire. */
function admitFuture(
  request: SimRequest,
  { state, config, venue }: { state: SimState; config: SimConfig; venue: Venue },
): Admitted {
  const { marketKey, positionSide, quantity, side, stopPrice } = request;
  const { hedge } = state.futures;
  if (hedge === (positionSide === 'BOTH') || (hedge && request.reduceOnly))
    return err({ code: 'position_side', hedge });
  const asset = venue.instrument.quote;
  if (stopPrice !== null) return ok({ asset, need: ZERO_QTY });
  const size = quantity ?? ZERO_QTY;
  const closing = reducible(state, request);
  if (onlyReduces(request))
    return closing === 0n ? err({ code: 'reduce_only', marketKey }) : ok({ asset, need: ZERO_QTY });
  const opening = size > closing ? subQty(size, closing) : ZERO_QTY;
  const expected = takerPrice(
    { side, size },
    { last: venue.market.lastPrice, volume: venue.volume },
    { slippage: config.slippage, tick: venue.instrument.tickSize },
  );
  const px = request.price ?? expected;
  const needed = marginFor(state, config, { marketKey, quantity: opening, px });
  const free = availableMargin(state, config);
  return needed > free
    ? err({ code: 'insufficient_margin', needed, free })
    : ok({ asset, need: amountOf(needed) });
}
