import type { Instrument } from '../instrument/instrument.ts';
import type { EpochMs } from '../lib/time.ts';
import {
  addQty,
  maxPrice,
  minPrice,
  minQty,
  moneyOf,
  qtyFor,
  roundQty,
  subMoney,
  subQty,
  ZERO_QTY,
  type Price,
  type Qty,
} from '../lib/units.ts';
import { applyExecution, closeOrder } from './fill.ts';
import { affordableFutures } from './futures.ts';
import { fillLimit, minuteVolume, takerPrice } from './pricing.ts';
import { crosses } from './rules.ts';
import { fires, isWaiting } from './triggers.ts';
import type { SimConfig, SimEvent, SimMarket, SimOrder, SimState, SimStep } from './state.ts';

type Place = {
  readonly config: SimConfig;
  readonly instrument: Instrument;
  readonly market: SimMarket;
  readonly volume: Qty;
  readonly now: EpochMs;
};

/** Base quantity still to be filled; of an order by quote, what its rest buys at `price`. */
function remainingOf(order: SimOrder, price: Price, lotSize: Qty): Qty {
  if (order.quantity !== null) return subQty(order.quantity, order.filled);
  if (order.quote === null) throw new Error('Invariant: an order has a quantity or a quote amount');
  const rest = subMoney(order.quote, order.filledQuote);
  return roundQty(qtyFor(rest, price, 'floor'), lotSize, 'floor');
}

/** The price at which an order would trade now; `null` when its limit does not allow it. */
function priceNow(order: SimOrder, place: Place, resting: boolean): Price | null {
  const { config, instrument, market, volume } = place;
  const { price: limit, side } = order;
  const { slippage } = config;
  const tick = instrument.tickSize;
  if (limit !== null && resting) {
    const reached = side === 'BUY' ? market.lastPrice <= limit : market.lastPrice >= limit;
    return reached ? limit : null;
  }
  if (limit !== null && !crosses({ side, price: limit }, place, slippage.spreadPct)) return null;
  const size = order.quantity === null ? ZERO_QTY : subQty(order.quantity, order.filled);
  const taken = takerPrice({ side, size }, { last: market.lastPrice, volume }, { slippage, tick });
  if (limit === null) return taken;
  return side === 'BUY' ? minPrice(limit, taken) : maxPrice(limit, taken);
}

/** Cut down to what the account can pay: a market buy may have become dearer than its lock. */
function affordable(
  state: SimState,
  order: SimOrder,
  {
    price,
    quantity,
    place,
  }: {
    readonly price: Price;
    readonly quantity: Qty;
    readonly place: Place;
  },
): Qty {
  const { lotSize } = place.instrument;
  if (place.instrument.market === 'futures')
    return affordableFutures(state, place.config, { order, price, quantity, lotSize });
  if (order.side === 'SELL') return quantity;
  const free = state.balances[place.instrument.quote]?.free ?? ZERO_QTY;
  const funds = moneyOf(addQty(order.locked, free));
  return minQty(
    quantity,
    roundQty(qtyFor(funds, price, 'floor'), place.instrument.lotSize, 'floor'),
  );
}

const immediate = ({ price, timeInForce }: SimOrder): boolean =>
  price !== null && (timeInForce === 'IOC' || timeInForce === 'FOK');

const unfilled = (state: SimState, order: SimOrder, { config, now }: Place): SimStep => {
  const closed = closeOrder(state, config, { order, status: 'EXPIRED', at: now });
  return { state: closed.state, events: [{ kind: 'expired', order: closed.order }] };
};

/** Keeps an order on the book that did not trade now. */
const rest = (state: SimState, order: SimOrder): SimStep => ({
  state: { ...state, orders: { ...state.orders, [order.orderId]: { ...order, dueAt: null } } },
  events: [],
});

/** Keeps an order waiting, or fires it: then it takes at once what its type lets it. */
function wait(state: SimState, order: SimOrder, { config, market, now }: Place): SimStep {
  if (!fires(order, market.lastPrice)) return rest(state, order);
  const fired: SimOrder = { ...order, triggeredAt: now, updatedAt: now, dueAt: null };
  const traded = matchOrder(rest(state, fired).state, fired, { config, now, resting: false });
  return { state: traded.state, events: [{ kind: 'triggered', order: fired }, ...traded.events] };
}

/**
 * Lets one order trade as much as it may at this moment.
 *
 * `resting` orders wait on the book: a limit is filled as maker at its own price once the market
 * trades there. Others have just arrived, or are the rest of a market order, and take.
 */
export function matchOrder(
  state: SimState,
  order: SimOrder,
  args: {
    readonly config: SimConfig;
    readonly now: EpochMs;
    readonly resting: boolean;
  },
): SimStep {
  const { config, now, resting } = args;
  const instrument = config.instruments[order.marketKey];
  const market = state.markets[order.marketKey];
  if (instrument === undefined || market === undefined)
    throw new Error('Invariant: an open order has a market');
  const place: Place = { config, instrument, market, volume: minuteVolume(market, now), now };
  if (isWaiting(order)) return wait(state, order, place);
  const none = (): SimStep =>
    immediate(order) ? unfilled(state, order, place) : rest(state, order);

  const price = priceNow(order, place, resting);
  if (price === null) return none();
  const wanted = remainingOf(order, price, instrument.lotSize);
  const most = fillLimit(place.volume, instrument, config.participationPct);
  const taken = minQty(wanted, most);
  if (taken === 0n) return wanted === 0n ? unfilled(state, order, place) : none();
  if (order.timeInForce === 'FOK' && immediate(order) && taken < wanted) return none();
  const quantity = affordable(state, order, { price, quantity: taken, place });
  if (quantity === 0n) return unfilled(state, order, place);
  const liquidity = resting && order.price !== null ? 'maker' : 'taker';
  const done = applyExecution(state, config, { order, price, quantity, liquidity, at: now });
  const cut = quantity < taken || (immediate(order) && quantity < wanted);
  const complete = !cut && remainingOf(done.order, price, instrument.lotSize) === 0n;
  return settle(done, { complete, cut, place });
}

/** Says what became of an order after an execution: filled, ended short, or still open. */
function settle(
  done: ReturnType<typeof applyExecution>,
  { complete, cut, place }: { complete: boolean; cut: boolean; place: Place },
): SimStep {
  const { order, fill, events } = done;
  const { config, now } = place;
  if (complete) {
    const closed = closeOrder(done.state, config, { order, status: 'FILLED', at: now });
    const filled: SimEvent = { kind: 'filled', order: closed.order, fill };
    return { state: closed.state, events: [filled, ...events] };
  }
  const filled: SimEvent = { kind: 'filled', order, fill };
  const step = cut ? unfilled(done.state, order, place) : rest(done.state, order);
  return { state: step.state, events: [filled, ...events, ...step.events] };
}
