import type { Instrument } from '../instrument/instrument.ts';
import type { EpochMs } from '../lib/time.ts';
import {
  addMoney,
  addQty,
  amountOf,
  feeQty,
  minQty,
  notional,
  qty,
  roundQty,
  subQty,
  ZERO_MONEY,
  ZERO_QTY,
  type Money,
  type Price,
  type Qty,
} from '../lib/units.ts';
import { bookTrade, incomeEvents, insure, lockedAfter } from './futures.ts';
import type { SimBalance, SimConfig, SimEvent, SimFill, SimOrder, SimState } from './state.ts';

/** Commissions have eight decimals at Binance; less is cut off. */
const FEE_STEP = qty('0.00000001');

/** What the venue charges on what is received: base of a buy, quote of a sell. */
export const commission = (received: Qty, rate: number): Qty =>
  roundQty(feeQty(received, rate, 'floor'), FEE_STEP, 'floor');

export type Execution = {
  readonly order: SimOrder;
  readonly price: Price;
  readonly quantity: Qty;
  readonly liquidity: 'maker' | 'taker';
  readonly at: EpochMs;
};

const EMPTY: SimBalance = { free: ZERO_QTY, locked: ZERO_QTY };

/** Amounts that move within, into and out of the balance of one asset; absent is none. */
type Movement = {
  readonly credit?: Qty;
  readonly debit?: Qty;
  readonly lock?: Qty;
  readonly unlock?: Qty;
};

/** Books one movement. @throws RangeError when free or locked would fall below zero. */
export function move(
  balances: SimState['balances'],
  asset: string,
  { credit = ZERO_QTY, debit = ZERO_QTY, lock = ZERO_QTY, unlock = ZERO_QTY }: Movement,
): SimState['balances'] {
  const before = balances[asset] ?? EMPTY;
  const free = subQty(addQty(before.free, addQty(credit, unlock)), addQty(debit, lock));
  const locked = subQty(addQty(before.locked, lock), unlock);
  return { ...balances, [asset]: { free, locked } };
}

/** What the order must keep locked for what is still to be filled. */
function lockAfter(order: SimOrder, filled: Qty, rest: Qty): Qty {
  if (order.quantity === null) return rest;
  const remaining = subQty(order.quantity, filled);
  if (remaining === 0n) return ZERO_QTY;
  if (order.side === 'SELL') return remaining;
  return order.price === null ? rest : amountOf(notional(order.price, remaining, 'ceil'));
}

/** An execution with all that it changed. `incomes` are of the futures account. */
export type Executed = {
  readonly state: SimState;
  readonly order: SimOrder;
  readonly fill: SimFill;
  readonly events: readonly SimEvent[];
};

/** What the parties of an execution share: the order after it, and the fill. */
function recordOf(
  state: SimState,
  { order, price, quantity, liquidity, at }: Execution,
  terms: {
    readonly value: Money;
    readonly fee: Qty;
    readonly feeAsset: string;
    readonly realized: Money;
    readonly locked: Qty;
  },
): { readonly order: SimOrder; readonly fill: SimFill } {
  const { value, fee, feeAsset, realized, locked } = terms;
  return {
    order: {
      ...order,
      filled: addQty(order.filled, quantity),
      filledQuote: addMoney(order.filledQuote, value),
      locked,
      status: 'PARTIALLY_FILLED',
      updatedAt: at,
      dueAt: null,
    },
    fill: {
      fillId: state.nextFillId,
      orderId: order.orderId,
      clientOrderId: order.clientOrderId,
      marketKey: order.marketKey,
      side: order.side,
      price,
      quantity,
      quote: value,
      fee,
      feeAsset,
      liquidity,
      realized,
      at,
    },
  };
}

function instrumentOf(config: SimConfig, marketKey: string): Instrument {
  const instrument = config.instruments[marketKey];
  if (instrument === undefined) throw new Error('Invariant: an open order has an instrument');
  return instrument;
}

/**
 * Books one execution: the order, the fill and the account together.
 *
 * Spot: a buy pays from its lock first, then from free; its fee is taken from the base it receives. A
 * sell's fee is taken from the quote. Nothing else changes, so balances move by fills and fees alone.
 */
export function applyExecution(state: SimState, config: SimConfig, execution: Execution): Executed {
  const { order, price, quantity, liquidity } = execution;
  const instrument = instrumentOf(config, order.marketKey);
  if (instrument.market === 'futures') return applyFutures(state, config, execution);
  const { base, quote } = instrument;
  const buys = order.side === 'BUY';
  const value = notional(price, quantity, buys ? 'ceil' : 'floor');
  const [paid, received] = buys ? [amountOf(value), quantity] : [quantity, amountOf(value)];
  const fee = commission(received, config.fees[liquidity]);
  const fromLock = minQty(paid, order.locked);
  const locked = lockAfter(order, addQty(order.filled, quantity), subQty(order.locked, fromLock));
  const unlock = subQty(order.locked, locked);
  const afterPaying = move(state.balances, buys ? quote : base, { debit: paid, unlock });
  const balances = move(afterPaying, buys ? base : quote, { credit: subQty(received, fee) });
  const terms = { value, fee, feeAsset: buys ? base : quote, realized: ZERO_MONEY, locked };
  const nextFillId = state.nextFillId + 1;
  return {
    state: { ...state, balances, nextFillId },
    ...recordOf(state, execution, terms),
    events: [],
  };
}

function applyFutures(state: SimState, config: SimConfig, execution: Execution): Executed {
  const { order, price, quantity, liquidity, at } = execution;
  const value = notional(price, quantity, 'floor');
  const fee = commission(amountOf(value), config.futures.fees[liquidity]);
  const fillId = state.nextFillId;
  const booked = bookTrade(state, { order, price, quantity, fee, fillId, at });
  const settled = insure(booked, order.marketKey, at);
  const before = subQty(order.quantity ?? ZERO_QTY, order.filled);
  const locked = lockedAfter(order, subQty(before, quantity), before);
  const feeAsset = instrumentOf(config, order.marketKey).quote;
  return {
    state: { ...state, futures: settled.futures, nextFillId: fillId + 1 },
    ...recordOf(state, execution, { value, fee, feeAsset, realized: booked.realized, locked }),
    events: incomeEvents(settled),
  };
}

/** Takes an order that is done off the book and gives back what it had locked. */
export function closeOrder(
  state: SimState,
  config: SimConfig,
  { order, status, at }: { order: SimOrder; status: SimOrder['status']; at: EpochMs },
): { readonly state: SimState; readonly order: SimOrder } {
  const instrument = instrumentOf(config, order.marketKey);
  const asset = order.side === 'BUY' ? instrument.quote : instrument.base;
  const orders = Object.fromEntries(
    Object.entries(state.orders).filter(([, open]) => open.orderId !== order.orderId),
  );
  // Futures lock nothing in the balances: what their open orders bind is counted from the orders.
  const balances =
    order.locked === 0n || instrument.market === 'futures'
      ? state.balances
      : move(state.balances, asset, { unlock: order.locked });
  const done: SimOrder = { ...order, status, locked: ZERO_QTY, updatedAt: at, dueAt: null };
  return { state: { ...state, balances, orders }, order: done };
}
