import type { EpochMs } from '../lib/time.ts';
import {
  addMoney,
  addQty,
  amountOf,
  feeMoney,
  maxMoney,
  minMoney,
  minQty,
  moneyOf,
  negMoney,
  notional,
  qty,
  qtyFor,
  qtyOfSteps,
  roundQty,
  shareOf,
  subMoney,
  subQty,
  sumMoney,
  toNumber,
  moneyFromFloat,
  ZERO_MONEY,
  ZERO_QTY,
  type Money,
  type Price,
  type Qty,
} from '../lib/units.ts';
import {
  setupOf,
  type SimConfig,
  type SimEvent,
  type SimFutures,
  type SimIncome,
  type SimOrder,
  type SimPosition,
  type SimPositionSide,
  type SimRequest,
  type SimState,
} from './state.ts';

/** Name of a position among those of the account. */
export const positionKey = (marketKey: string, side: SimPositionSide): string =>
  `${marketKey} ${side}`;

export const isFutures = (config: SimConfig, marketKey: string): boolean =>
  config.instruments[marketKey]?.market === 'futures';

/** What a position has gained at `px`, exactly where prices and quantities have at most 18 decimals together. */
export function unrealized({ side, quantity, cost }: SimPosition, px: Price): Money {
  const value = notional(px, quantity, 'floor');
  return side === 'LONG' ? subMoney(value, cost) : subMoney(cost, value);
}

/** The last price of a position's market. @throws RangeError when it never traded. */
export function markOf(state: SimState, { marketKey }: Pick<SimPosition, 'marketKey'>): Price {
  const market = state.markets[marketKey];
  if (market === undefined) throw new RangeError(`Invariant: ${marketKey} has traded`);
  return market.lastPrice;
}

/** Least that must stand behind a position. */
export const maintenanceOf = (position: SimPosition, px: Price, config: SimConfig): Money =>
  feeMoney(notional(px, position.quantity, 'ceil'), config.futures.maintenanceRate, 'ceil');

const allOf = (state: SimState): readonly SimPosition[] => Object.values(state.futures.positions);
export const crossOf = (state: SimState): readonly SimPosition[] =>
  allOf(state).filter(({ marketKey }) => setupOf(state.futures, marketKey).marginMode === 'cross');

/** What stands behind the positions with cross margin: the wallet without what is bound elsewhere. */
export function crossEquity(state: SimState): Money {
  const cross = crossOf(state);
  const bound = allOf(state).filter((position) => !cross.includes(position));
  const gains = cross.map((position) => unrealized(position, markOf(state, position)));
  const free = subMoney(state.futures.wallet, sumMoney(bound.map(({ margin }) => margin)));
  return addMoney(free, sumMoney(gains));
}

/** What new orders may bind. Below zero when losses have used up what was free. */
export function availableMargin(state: SimState, config: SimConfig): Money {
  const bound = sumMoney(allOf(state).map(({ margin }) => margin));
  const locked = Object.values<SimOrder>(state.orders)
    .filter(({ marketKey }) => isFutures(config, marketKey))
    .map((order) => moneyOf(order.locked));
  const losses = sumMoney(
    crossOf(state).map((position) => unrealized(position, markOf(state, position))),
  );
  const free = subMoney(subMoney(state.futures.wallet, bound), sumMoney(locked));
  return addMoney(free, minMoney(losses, ZERO_MONEY));
}

/** Everything that the account is worth. */
export const futuresEquity = (state: SimState): Money =>
  addMoney(
    state.futures.wallet,
    sumMoney(allOf(state).map((position) => unrealized(position, markOf(state, position)))),
  );

type Wish = Pick<SimRequest, 'marketKey' | 'side' | 'reduceOnly' | 'positionSide'>;

const longsBy = (side: SimRequest['side']): SimPosition['side'] =>
  side === 'BUY' ? 'LONG' : 'SHORT';

/** True for an order that may never open: it says so, or in hedge mode its side does. */
export const onlyReduces = ({ side, reduceOnly, positionSide }: Wish): boolean =>
  reduceOnly || (positionSide !== 'BOTH' && positionSide !== longsBy(side));

/** How much of the open position an order would close. */
export function reducible(state: SimState, { marketKey, side, positionSide }: Wish): Qty {
  const position = state.futures.positions[positionKey(marketKey, positionSide)];
  return position === undefined || position.side === longsBy(side) ? ZERO_QTY : position.quantity;
}

/** Money that `quantity` at `px` binds, with the fee of opening it. */
export function marginFor(
  state: SimState,
  config: SimConfig,
  {
    marketKey,
    quantity,
    px,
  }: { readonly marketKey: string; readonly quantity: Qty; readonly px: Price },
): Money {
  const value = notional(px, quantity, 'ceil');
  const { leverage } = setupOf(state.futures, marketKey);
  return addMoney(
    initialMargin(value, leverage),
    feeMoney(value, config.futures.fees.taker, 'ceil'),
  );
}

const ONE = qty('1');
const initialMargin = (value: Money, leverage: number): Money =>
  shareOf(value, { part: ONE, whole: qtyOfSteps(ONE, leverage) }, 'ceil');

/** `quantity` cut down to what the order may do and the account can bear. */
export function affordableFutures(
  state: SimState,
  config: SimConfig,
  {
    order,
    price,
    quantity,
    lotSize,
  }: {
    readonly order: SimOrder;
    readonly price: Price;
    readonly quantity: Qty;
    readonly lotSize: Qty;
  },
): Qty {
  const closing = minQty(quantity, reducible(state, order));
  if (onlyReduces(order)) return closing;
  const opening = subQty(quantity, closing);
  const { marketKey } = order;
  const funds = addMoney(availableMargin(state, config), moneyOf(order.locked));
  if (marginFor(state, config, { marketKey, quantity: opening, px: price }) <= funds)
    return quantity;
  const { leverage } = setupOf(state.futures, marketKey);
  const reach = toNumber(maxMoney(funds, ZERO_MONEY)) / (1 / leverage + config.futures.fees.taker);
  const most = roundQty(qtyFor(moneyFromFloat(reach, 'floor'), price, 'floor'), lotSize, 'floor');
  return addQty(closing, minQty(opening, most));
}

/** The futures account with its movements, while a step is put together. */
export type Booking = { readonly futures: SimFutures; readonly incomes: readonly SimIncome[] };

/** Adds one movement to the wallet; one of nothing is none. */
export function earn({ futures, incomes }: Booking, income: Omit<SimIncome, 'incomeId'>): Booking {
  if (income.amount === 0n) return { futures, incomes };
  return {
    futures: {
      ...futures,
      wallet: addMoney(futures.wallet, income.amount),
      nextIncomeId: futures.nextIncomeId + 1,
    },
    incomes: [...incomes, { ...income, incomeId: futures.nextIncomeId }],
  };
}

/** What the wallet owes after a loss beyond it is borne by the venue's insurance, and told. */
export const insure = (booking: Booking, marketKey: string, at: EpochMs): Booking =>
  booking.futures.wallet >= 0n
    ? booking
    : earn(booking, {
        type: 'INSURANCE_CLEAR',
        amount: negMoney(booking.futures.wallet),
        marketKey,
        fillId: null,
        at,
      });

export const incomeEvents = ({ incomes }: Booking): SimEvent[] =>
  incomes.map((income) => ({ kind: 'income', income }));

/** Replaces or removes one position. */
export const withPosition = (futures: SimFutures, key: string, next: SimPosition): SimFutures => ({
  ...futures,
  positions:
    next.quantity === 0n
      ? Object.fromEntries(Object.entries(futures.positions).filter(([name]) => name !== key))
      : { ...futures.positions, [key]: next },
});

/** A position made smaller by `quantity` at `px`: what it realises, and what is left. */
export function reduced(
  position: SimPosition,
  { quantity, px, at }: { readonly quantity: Qty; readonly px: Price; readonly at: EpochMs },
): { readonly realized: Money; readonly next: SimPosition } {
  const share = { part: quantity, whole: position.quantity };
  const cost = shareOf(position.cost, share, 'floor');
  const realized = unrealized({ ...position, quantity, cost }, px);
  return {
    realized,
    next: {
      ...position,
      quantity: subQty(position.quantity, quantity),
      cost: subMoney(position.cost, cost),
      margin: subMoney(position.margin, shareOf(position.margin, share, 'floor')),
      updatedAt: at,
    },
  };
}

export type Trade = {
  readonly order: Wish;
  readonly price: Price;
  readonly quantity: Qty;
  readonly fee: Qty;
  readonly fillId: number;
  readonly at: EpochMs;
};

/**
 * Books one execution on the futures account: it closes what is open on the other side, and opens
 * with the rest. Money moves by the fee and what was realised, and nothing else (ADR 0025).
 */
export function bookTrade(
  state: SimState,
  { order, price, quantity, fee, fillId, at }: Trade,
): Booking & { readonly realized: Money } {
  const { marketKey, positionSide } = order;
  const key = positionKey(marketKey, positionSide);
  const origin = { marketKey, fillId, at };
  let booking: Booking = { futures: state.futures, incomes: [] };
  let realized = ZERO_MONEY;
  const closing = minQty(quantity, reducible(state, order));
  const open = state.futures.positions[key];
  if (closing > 0n && open !== undefined) {
    const { realized: made, next } = reduced(open, { quantity: closing, px: price, at });
    realized = made;
    booking = { ...booking, futures: withPosition(booking.futures, key, next) };
    booking = earn(booking, { type: 'REALIZED_PNL', amount: realized, ...origin });
  }
  const opening = subQty(quantity, closing);
  if (opening > 0n) {
    const held = booking.futures.positions[key];
    const value = notional(price, opening, 'floor');
    const { leverage } = setupOf(state.futures, marketKey);
    const next: SimPosition = {
      marketKey,
      positionSide,
      side: longsBy(order.side),
      quantity: addQty(held?.quantity ?? ZERO_QTY, opening),
      cost: addMoney(held?.cost ?? ZERO_MONEY, value),
      margin: addMoney(held?.margin ?? ZERO_MONEY, initialMargin(value, leverage)),
      updatedAt: at,
    };
    booking = { ...booking, futures: withPosition(booking.futures, key, next) };
  }
  booking = earn(booking, { type: 'COMMISSION', amount: negMoney(moneyOf(fee)), ...origin });
  return { ...booking, realized };
}

/** What an order keeps locked after part of it traded. */
export const lockedAfter = (order: SimOrder, rest: Qty, before: Qty): Qty =>
  before === 0n || rest === 0n
    ? ZERO_QTY
    : amountOf(shareOf(moneyOf(order.locked), { part: rest, whole: before }, 'ceil'));
