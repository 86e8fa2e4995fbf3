import type { Instrument } from '@tradewind/core/instrument/instrument';
import {
  averagePrice,
  formatDecimal,
  moneyOf,
  negMoney,
  notional,
  roundPrice,
  ZERO_MONEY,
  ZERO_PRICE,
  type Money,
} from '@tradewind/core/lib/units';
import {
  availableMargin,
  crossOf,
  maintenanceOf,
  markOf,
  unrealized,
} from '@tradewind/core/simulation/futures';
import { liquidationPrice } from '@tradewind/core/simulation/liquidation';
import {
  setupOf,
  type SimFill,
  type SimIncome,
  type SimOrder,
  type SimPosition,
} from '@tradewind/core/simulation/state';
import type { Context } from '../context.ts';
import { fixed8 } from '../rest/render.ts';
import { venueSymbol } from '../symbols.ts';

/** Signed decimal text. */
const signed8 = (value: Money): string =>
  value < 0n ? `-${fixed8(negMoney(value))}` : fixed8(value);

/** How the venue names the types of orders that wait. */
export const ALGO_TYPES = {
  STOP_LOSS: 'STOP_MARKET',
  STOP_LOSS_LIMIT: 'STOP',
  TAKE_PROFIT: 'TAKE_PROFIT_MARKET',
  TAKE_PROFIT_LIMIT: 'TAKE_PROFIT',
} as const;
const isAlgoType = (type: SimOrder['type']): type is keyof typeof ALGO_TYPES =>
  Object.hasOwn(ALGO_TYPES, type);

/** An order that waits for its price lives apart from the others, under ids of its own. */
export const isAlgo = ({ stopPrice }: SimOrder): boolean => stopPrice !== null;
/** True for orders of the book: all that never waited, and those that fired. */
export const isRegular = ({ stopPrice, triggeredAt }: SimOrder): boolean =>
  stopPrice === null || triggeredAt !== null;
/** Ids of waiting orders are far from those of orders. */
export const ALGO_ID_OFFSET = 1_000_000_000;
/**
 * The client id of the order that a waiting one turned into. Nothing says that it is the waiting
 * one's own, so here it is not: who relies on that is found out.
 */
export const regularId = (order: SimOrder): string =>
  isAlgo(order) ? `aa-${order.orderId}` : order.clientOrderId;

/** An order as `order`, look-ups and listings answer it. */
export function renderRegular(order: SimOrder, { symbol }: Instrument) {
  const limited = order.price !== null;
  const type = isAlgo(order) ? (limited ? 'LIMIT' : 'MARKET') : order.type;
  const average =
    order.filled > 0n ? averagePrice(order.filledQuote, order.filled, 'floor') : ZERO_PRICE;
  return {
    orderId: order.orderId,
    symbol: venueSymbol(symbol),
    status: order.status,
    clientOrderId: regularId(order),
    price: fixed8(order.price ?? ZERO_PRICE),
    avgPrice: formatDecimal(average),
    origQty: fixed8(order.quantity ?? order.filled),
    executedQty: fixed8(order.filled),
    cumQuote: fixed8(order.filledQuote),
    timeInForce: order.timeInForce,
    type,
    reduceOnly: order.reduceOnly,
    closePosition: false,
    side: order.side,
    positionSide: order.positionSide,
    stopPrice: '0',
    workingType: 'CONTRACT_PRICE',
    priceProtect: false,
    origType: type,
    time: order.triggeredAt ?? order.placedAt,
    updateTime: order.updatedAt,
  };
}

/** What a waiting order has come to. */
function algoStatus({ triggeredAt, status }: SimOrder): string {
  if (triggeredAt === null) return status;
  return status === 'NEW' || status === 'PARTIALLY_FILLED' ? 'TRIGGERED' : 'FINISHED';
}

/** A waiting order as `algoOrder` answers it. */
export const renderAlgo = (order: SimOrder, { symbol }: Instrument) => ({
  algoId: ALGO_ID_OFFSET + order.orderId,
  clientAlgoId: order.clientOrderId,
  algoType: 'CONDITIONAL',
  orderType: isAlgoType(order.type) ? ALGO_TYPES[order.type] : order.type,
  symbol: venueSymbol(symbol),
  side: order.side,
  positionSide: order.positionSide,
  timeInForce: order.timeInForce,
  quantity: fixed8(order.quantity ?? order.filled),
  algoStatus: algoStatus(order),
  actualOrderId: order.triggeredAt === null ? '' : String(order.orderId),
  actualPrice: '0.00000',
  triggerPrice: fixed8(order.stopPrice ?? ZERO_PRICE),
  price: fixed8(order.price ?? ZERO_PRICE),
  workingType: 'CONTRACT_PRICE',
  closePosition: false,
  priceProtect: false,
  reduceOnly: order.reduceOnly,
  createTime: order.placedAt,
  updateTime: order.updatedAt,
  triggerTime: order.triggeredAt ?? 0,
  goodTillDate: 0,
});

/** One of our own trades. */
export const renderTrade = (
  fill: SimFill,
  { symbol }: Instrument,
  positionSide: SimOrder['positionSide'],
) => ({
  symbol: venueSymbol(symbol),
  id: fill.fillId,
  orderId: fill.orderId,
  side: fill.side,
  price: fixed8(fill.price),
  qty: fixed8(fill.quantity),
  realizedPnl: signed8(fill.realized),
  quoteQty: fixed8(fill.quote),
  commission: fixed8(fill.fee),
  commissionAsset: fill.feeAsset,
  time: fill.at,
  positionSide,
  buyer: fill.side === 'BUY',
  maker: fill.liquidity === 'maker',
});

/** An open position as `positionRisk` answers it. */
export function renderPosition(
  { exchange }: Context,
  position: SimPosition,
  instrument: Instrument,
) {
  const { config } = exchange;
  const state = exchange.engine();
  const mark = markOf(state, position);
  const value = moneyOf(position.quantity);
  const isolated = setupOf(state.futures, position.marketKey).marginMode === 'isolated';
  const gone = liquidationPrice(state, config, position);
  const gain = unrealized(position, mark);
  return {
    symbol: venueSymbol(instrument.symbol),
    positionSide: position.positionSide,
    positionAmt: signed8(position.side === 'LONG' ? value : negMoney(value)),
    entryPrice: formatDecimal(averagePrice(position.cost, position.quantity, 'floor')),
    breakEvenPrice: formatDecimal(averagePrice(position.cost, position.quantity, 'floor')),
    markPrice: fixed8(mark),
    unRealizedProfit: signed8(gain),
    liquidationPrice:
      gone === null ? '0' : formatDecimal(roundPrice(gone, instrument.tickSize, 'floor')),
    isolatedMargin: isolated ? signed8(position.margin) : '0',
    notional: signed8(notional(mark, position.quantity, 'floor')),
    marginAsset: instrument.quote,
    isolatedWallet: isolated ? signed8(position.margin) : '0',
    initialMargin: signed8(position.margin),
    maintMargin: signed8(maintenanceOf(position, mark, config)),
    positionInitialMargin: signed8(position.margin),
    openOrderInitialMargin: '0',
    adl: 1,
    updateTime: position.updatedAt,
  };
}

/** The wallet as `balance` and `account` answer it. */
export function renderWallet({ exchange, marketNow }: Context) {
  const state = exchange.engine();
  const cross = crossOf(state).reduce(
    (sum, position) => sum + unrealized(position, markOf(state, position)),
    0n,
  );
  const available = availableMargin(state, exchange.config);
  return {
    asset: 'USDT',
    balance: fixed8(state.futures.wallet),
    walletBalance: fixed8(state.futures.wallet),
    crossWalletBalance: fixed8(state.futures.wallet),
    crossUnPnl: String(cross),
    availableBalance: available < 0n ? fixed8(ZERO_MONEY) : fixed8(available),
    maxWithdrawAmount: available < 0n ? fixed8(ZERO_MONEY) : fixed8(available),
    marginAvailable: true,
    updateTime: marketNow(),
  };
}

/** One movement of the wallet as `income` answers it. */
export const renderIncome = (income: SimIncome, instrument: Instrument | undefined) => ({
  symbol: instrument === undefined ? '' : venueSymbol(instrument.symbol),
  incomeType: income.type,
  income: signed8(income.amount),
  asset: 'USDT',
  info: income.type,
  time: income.at,
  tranId: income.incomeId,
  tradeId: income.fillId === null ? '' : String(income.fillId),
});
