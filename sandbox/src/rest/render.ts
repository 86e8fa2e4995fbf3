import type { Instrument } from '@tradewind/core/instrument/instrument';
import {
  formatDecimal,
  ZERO_MONEY,
  ZERO_PRICE,
  ZERO_QTY,
  type Money,
  type Price,
  type Qty,
} from '@tradewind/core/lib/units';
import type { SimFill, SimOrder } from '@tradewind/core/simulation/state';
import { isWaiting } from '@tradewind/core/simulation/triggers';
import { venueSymbol } from '../symbols.ts';
import type { TapeCandle, TapeTrade } from '../exchange/tape.ts';
import { MINUTE } from '../exchange/tape.ts';

/** Decimal text with eight decimals or more, as Binance writes all amounts. */
export function fixed8(value: Price | Qty | Money): string {
  const [whole = '0', fraction = ''] = formatDecimal(value).split('.');
  return `${whole}.${fraction.padEnd(8, '0')}`;
}

/** What every answer about an order says. */
const renderBody = (order: SimOrder) => ({
  price: fixed8(order.price ?? ZERO_PRICE),
  origQty: fixed8(order.quantity ?? order.filled),
  executedQty: fixed8(order.filled),
  cummulativeQuoteQty: fixed8(order.filledQuote),
  origQuoteOrderQty: fixed8(order.quote ?? ZERO_MONEY),
  status: order.status,
  timeInForce: order.timeInForce,
  type: order.type,
  side: order.side,
  stopPrice: fixed8(order.stopPrice ?? ZERO_PRICE),
  icebergQty: fixed8(ZERO_QTY),
  workingTime: isWaiting(order) ? -1 : (order.triggeredAt ?? order.placedAt),
  selfTradePreventionMode: 'NONE',
});

const renderHead = (order: SimOrder, instrument: Instrument) => ({
  symbol: venueSymbol(instrument.symbol),
  orderId: order.orderId,
  orderListId: -1,
});

/** An order as look-ups and listings answer it. */
export const renderOrder = (order: SimOrder, instrument: Instrument) => ({
  ...renderHead(order, instrument),
  clientOrderId: order.clientOrderId,
  ...renderBody(order),
  time: order.placedAt,
  updateTime: order.updatedAt,
  isWorking: !isWaiting(order),
});

/** The answer to placing: ACK, RESULT or FULL. */
export function renderPlaced(
  order: SimOrder,
  instrument: Instrument,
  {
    detail,
    fills,
  }: { readonly detail: 'ACK' | 'RESULT' | 'FULL'; readonly fills: readonly SimFill[] },
) {
  const { clientOrderId, updatedAt: transactTime } = order;
  const acknowledged = { ...renderHead(order, instrument), clientOrderId, transactTime };
  if (detail === 'ACK') return acknowledged;
  const result = { ...acknowledged, ...renderBody(order) };
  if (detail === 'RESULT') return result;
  return {
    ...result,
    fills: fills.map((fill) => ({
      price: fixed8(fill.price),
      qty: fixed8(fill.quantity),
      commission: fixed8(fill.fee),
      commissionAsset: fill.feeAsset,
      tradeId: fill.fillId,
    })),
  };
}

/** The answer to cancelling: `clientOrderId` is the request's own, ours is `origClientOrderId`. */
export const renderCancelled = (order: SimOrder, instrument: Instrument, cancelId: string) => ({
  ...renderHead(order, instrument),
  origClientOrderId: order.clientOrderId,
  clientOrderId: cancelId,
  transactTime: order.updatedAt,
  ...renderBody(order),
});

/** One of our own trades. */
export const renderFill = (fill: SimFill, instrument: Instrument) => ({
  symbol: venueSymbol(instrument.symbol),
  id: fill.fillId,
  orderId: fill.orderId,
  orderListId: -1,
  price: fixed8(fill.price),
  qty: fixed8(fill.quantity),
  quoteQty: fixed8(fill.quote),
  commission: fixed8(fill.fee),
  commissionAsset: fill.feeAsset,
  time: fill.at,
  isBuyer: fill.side === 'BUY',
  isMaker: fill.liquidity === 'maker',
  isBestMatch: true,
});

/** A public trade in its aggregated form: every trade is an aggregate of itself. */
export const renderAggregate = (trade: TapeTrade) => ({
  a: trade.id,
  p: fixed8(trade.price),
  q: fixed8(trade.size),
  f: trade.id,
  l: trade.id,
  T: trade.at,
  m: trade.side === 'sell',
  M: true,
});

/** A candle of `sizeMs` as the array that `klines` answers. */
export const renderCandle = (candle: TapeCandle, sizeMs: number = MINUTE) => [
  candle.openAt,
  fixed8(candle.open),
  fixed8(candle.high),
  fixed8(candle.low),
  fixed8(candle.close),
  fixed8(candle.volume),
  candle.openAt + sizeMs - 1,
  fixed8(candle.quoteVolume),
  candle.trades,
  fixed8(candle.buyVolume),
  fixed8(candle.buyQuoteVolume),
  '0',
];
