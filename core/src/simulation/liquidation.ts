import { epochMs, type EpochMs } from '../lib/time.ts';
import {
  addMoney,
  amountOf,
  averagePrice,
  moneyOf,
  negMoney,
  notional,
  subMoney,
  sumMoney,
  feeMoney,
  feeQty,
  ZERO_QTY,
  type Money,
  type Price,
} from '../lib/units.ts';
import { closeOrder, commission } from './fill.ts';
import {
  bookTrade,
  crossEquity,
  crossOf,
  earn,
  incomeEvents,
  insure,
  maintenanceOf,
  markOf,
  positionKey,
  unrealized,
  withPosition,
  type Booking,
} from './futures.ts';
import {
  setupOf,
  type SimConfig,
  type SimEvent,
  type SimFill,
  type SimOrder,
  type SimPosition,
  type SimState,
  type SimStep,
} from './state.ts';

/** How the venue names the orders with which it closes positions itself. */
export const LIQUIDATION_PREFIX = 'autoclose-';

/** The positions that the account can no longer bear at the last prices. */
function unbearable(state: SimState, config: SimConfig): readonly SimPosition[] {
  const maintenance = (position: SimPosition): Money =>
    maintenanceOf(position, markOf(state, position), config);
  const cross = crossOf(state);
  const isolated = Object.values(state.futures.positions).filter(
    (position) =>
      !cross.includes(position) &&
      addMoney(position.margin, unrealized(position, markOf(state, position))) <=
        maintenance(position),
  );
  const sinks = cross.length > 0 && crossEquity(state) <= sumMoney(cross.map(maintenance));
  return sinks ? [...isolated, ...cross] : isolated;
}

type Now = { readonly config: SimConfig; readonly at: EpochMs };

/** Takes every open order of a market off the book. */
function cancelAll(state: SimState, { config, at }: Now, marketKey: string): SimStep {
  const events: SimEvent[] = [];
  let current = state;
  for (const order of Object.values<SimOrder>(state.orders)) {
    if (order.marketKey !== marketKey) continue;
    const closed = closeOrder(current, config, { order, status: 'CANCELED', at });
    current = closed.state;
    events.push({ kind: 'cancelled', order: closed.order });
  }
  return { state: current, events };
}

/** The venue's own order and fill that close a position at the last price. */
function closing(state: SimState, { config, at }: Now, position: SimPosition) {
  const { marketKey, positionSide, quantity } = position;
  const price = markOf(state, position);
  const side = position.side === 'LONG' ? ('SELL' as const) : ('BUY' as const);
  const quote = notional(price, quantity, 'floor');
  const base = config.instruments[marketKey];
  if (base === undefined) throw new Error('Invariant: a position has an instrument');
  const common = { marketKey, side, clientOrderId: `${LIQUIDATION_PREFIX}${state.nextOrderId}` };
  const order: SimOrder = {
    ...common,
    orderId: state.nextOrderId,
    type: 'MARKET',
    timeInForce: 'GTC',
    quantity,
    quote: null,
    price: null,
    stopPrice: null,
    reduceOnly: true,
    positionSide,
    status: 'FILLED',
    filled: quantity,
    filledQuote: quote,
    locked: ZERO_QTY,
    placedAt: at,
    updatedAt: at,
    dueAt: null,
    triggeredAt: null,
  };
  const fill: SimFill = {
    ...common,
    fillId: state.nextFillId,
    orderId: order.orderId,
    price,
    quantity,
    quote,
    fee: commission(amountOf(quote), config.futures.fees.taker),
    feeAsset: base.quote,
    liquidity: 'taker',
    realized: unrealized(position, price),
    at,
  };
  return { order, fill };
}

/** Closes one position; a loss beyond its own margin is borne by the venue's insurance. */
function liquidateOne(state: SimState, now: Now, position: SimPosition): SimStep {
  const { at } = now;
  const cleared = cancelAll(state, now, position.marketKey);
  const { order, fill } = closing(cleared.state, now, position);
  const { price, quantity, fee, fillId } = fill;
  const booked = bookTrade(cleared.state, { order, price, quantity, fee, fillId, at });
  const isolated = setupOf(state.futures, position.marketKey).marginMode === 'isolated';
  const beyond = subMoney(addMoney(negMoney(fill.realized), moneyOf(fee)), position.margin);
  const { marketKey } = position;
  const covered: Booking =
    isolated && beyond > 0n
      ? earn(booked, { type: 'INSURANCE_CLEAR', amount: beyond, marketKey, fillId: null, at })
      : booked;
  const settled = insure(covered, marketKey, at);
  return {
    state: {
      ...cleared.state,
      nextOrderId: order.orderId + 1,
      nextFillId: fillId + 1,
      futures: settled.futures,
    },
    events: [
      ...cleared.events,
      { kind: 'accepted', order: { ...order, status: 'NEW', filled: ZERO_QTY } },
      { kind: 'filled', order, fill },
      ...incomeEvents(settled),
    ],
  };
}

/** Closes what the account can no longer bear, with the open orders of those markets. */
export function liquidate(state: SimState, config: SimConfig, at: EpochMs): SimStep {
  const events: SimEvent[] = [];
  let current = state;
  for (const position of unbearable(state, config)) {
    const step = liquidateOne(current, { config, at }, position);
    current = step.state;
    events.push(...step.events);
  }
  return { state: current, events };
}

/** Pays funding for every interval that ended by `now`: longs to shorts at the last price. */
export function settleFunding(state: SimState, config: SimConfig, now: EpochMs): SimStep {
  const { fundingEveryMs, fundingRate } = config.futures;
  const interval = Math.floor(now / fundingEveryMs);
  const { futures } = state;
  if (futures.interval !== null && interval <= futures.interval) return { state, events: [] };
  const due = futures.interval === null ? 0 : interval - futures.interval;
  let booking: Booking = { futures: { ...futures, interval }, incomes: [] };
  for (const position of Object.values(futures.positions)) {
    const { marketKey, positionSide, side } = position;
    const value = notional(markOf(state, position), position.quantity, 'floor');
    const each = feeMoney(value, Math.abs(fundingRate), 'floor');
    const pays = (side === 'LONG') === fundingRate > 0;
    const isolated = setupOf(futures, marketKey).marginMode === 'isolated';
    for (let n = due - 1; n >= 0; n -= 1) {
      const at = epochMs((interval - n) * fundingEveryMs);
      const amount = pays ? negMoney(each) : each;
      booking = earn(booking, { type: 'FUNDING_FEE', amount, marketKey, fillId: null, at });
      const key = positionKey(marketKey, positionSide);
      const held = booking.futures.positions[key];
      if (isolated && held !== undefined) {
        const next = { ...held, margin: addMoney(held.margin, amount), updatedAt: at };
        booking = { ...booking, futures: withPosition(booking.futures, key, next) };
      }
    }
    booking = insure(booking, marketKey, now);
  }
  return { state: { ...state, futures: booking.futures }, events: incomeEvents(booking) };
}

/** The price at which a position is liquidated; `null` when no price above zero does it. */
export function liquidationPrice(
  state: SimState,
  config: SimConfig,
  position: SimPosition,
): Price | null {
  const { marketKey, side, quantity, cost } = position;
  const isolated = setupOf(state.futures, marketKey).marginMode === 'isolated';
  const others = subMoney(crossEquity(state), unrealized(position, markOf(state, position)));
  const behind = isolated ? position.margin : others;
  const rate = config.futures.maintenanceRate;
  // margin + (p - entry) * q = p * q * rate for a long; the mirror image for a short.
  const long = side === 'LONG';
  const target = long ? subMoney(cost, behind) : addMoney(cost, behind);
  if (target <= 0n) return null;
  const behindEach = feeQty(quantity, long ? 1 - rate : 1 + rate, 'floor');
  return averagePrice(target, behindEach, long ? 'ceil' : 'floor');
}
