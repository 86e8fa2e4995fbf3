import {
  amountOf,
  averagePrice,
  negMoney,
  subQty,
  ZERO_MONEY,
  ZERO_QTY,
} from '@tradewind/core/lib/units';
import * as z from 'zod';
import { money, orderStatus, price, qty, sizeOf, time, wireId } from './replies.ts';
import type {
  AccountFill,
  AccountOrder,
  Balance,
  CashFlow,
  LeverageSetup,
  Liquidation,
  PositionSide,
  VenuePosition,
} from './venue.ts';

/** Binance's words for USD-M futures, parsed where they enter. Symbols are still Binance's own. */

const side = z.enum(['BUY', 'SELL']);
const positionSide = z
  .enum(['BOTH', 'LONG', 'SHORT'])
  .transform((named): PositionSide | null => (named === 'BOTH' ? null : named));

const TYPES: Readonly<Record<string, AccountOrder['type']>> = {
  MARKET: 'MARKET',
  LIMIT: 'LIMIT',
  STOP_MARKET: 'STOP',
  STOP: 'STOP',
  TAKE_PROFIT_MARKET: 'TAKE_PROFIT',
  TAKE_PROFIT: 'TAKE_PROFIT',
};
const type = z
  .string()
  .transform((word): AccountOrder['type'] =>
    Object.hasOwn(TYPES, word) ? (TYPES[word] ?? 'OTHER') : 'OTHER',
  );
/** A price of 0 is Binance's way of saying that there is none. */
const priceOrNone = price.transform((found) => (found === 0n ? null : found));

/** One order of the book. */
export const futuresOrder = z
  .object({
    orderId: wireId,
    clientOrderId: z.string().min(1),
    symbol: z.string().min(1),
    status: orderStatus,
    side,
    positionSide,
    type,
    origQty: qty,
    price: priceOrNone,
    executedQty: qty,
    cumQuote: money.optional(),
    reduceOnly: z.boolean(),
    time: time.optional(),
    updateTime: time,
  })
  .transform((reply, context) => {
    const filled = reply.executedQty;
    const quote = reply.cumQuote;
    if (filled > 0n && (quote === undefined || quote <= 0n)) {
      context.addIssue({ code: 'custom', message: 'filled without a quote value' });
      return z.NEVER;
    }
    const order: AccountOrder = {
      clientOrderId: reply.clientOrderId,
      venueOrderId: reply.orderId,
      symbol: reply.symbol,
      status: reply.status === 'ACKNOWLEDGED' && filled > 0n ? 'PARTIAL' : reply.status,
      side: reply.side,
      positionSide: reply.positionSide,
      type: reply.type,
      quantity: reply.origQty,
      limitPrice: reply.price,
      triggerPrice: null,
      reduceOnly: reply.reduceOnly,
      filledQuantity: filled,
      filledQuote: quote ?? ZERO_MONEY,
      averagePrice:
        filled > 0n && quote !== undefined ? averagePrice(quote, filled, 'floor') : null,
      updatedAt: reply.updateTime,
    };
    return { order, placedAt: reply.time ?? reply.updateTime };
  });

/**
 * What a waiting order has come to. What fired is told by the order that it turned into: a venue that
 * says that one is finished and does not name it is not understood, for it may protect nothing.
 */
const ALGO_STATUS: Readonly<Record<string, AccountOrder['status']>> = {
  NEW: 'ACKNOWLEDGED',
  TRIGGERING: 'ACKNOWLEDGED',
  CANCELED: 'CANCELLED',
  EXPIRED: 'EXPIRED',
  REJECTED: 'REJECTED',
};

/** Waiting orders have ids of their own, which must not be taken for ids of orders. */
export const ALGO_PREFIX = 'algo-';

/** One order that waits for its price, and the id of the order that it turned into. */
export const algoOrder = z
  .object({
    algoId: wireId,
    clientAlgoId: z.string().min(1),
    symbol: z.string().min(1),
    orderType: type,
    side,
    positionSide,
    quantity: qty,
    algoStatus: z.string(),
    actualOrderId: z.union([z.string(), z.int()]).nullish(),
    triggerPrice: price,
    price: priceOrNone,
    reduceOnly: z.boolean(),
    updateTime: time,
  })
  .transform((reply, context) => {
    const fired = String(reply.actualOrderId ?? '');
    const firedId = fired === '' || fired === '0' ? null : fired;
    const status = Object.hasOwn(ALGO_STATUS, reply.algoStatus)
      ? ALGO_STATUS[reply.algoStatus]
      : undefined;
    if (status === undefined && firedId === null) {
      context.addIssue({
        code: 'custom',
        message: `"${reply.algoStatus}" without an order is not a known status`,
      });
      return z.NEVER;
    }
    const order: AccountOrder = {
      clientOrderId: reply.clientAlgoId,
      venueOrderId: `${ALGO_PREFIX}${reply.algoId}`,
      symbol: reply.symbol,
      status: status ?? 'ACKNOWLEDGED',
      side: reply.side,
      positionSide: reply.positionSide,
      type: reply.orderType,
      quantity: reply.quantity,
      limitPrice: reply.price,
      triggerPrice: reply.triggerPrice,
      reduceOnly: reply.reduceOnly,
      filledQuantity: ZERO_QTY,
      filledQuote: ZERO_MONEY,
      averagePrice: null,
      updatedAt: reply.updateTime,
    };
    return { order, firedId };
  });
export type AlgoOrder = z.output<typeof algoOrder>;

/** The waiting order, with what became of the order that it turned into. */
export const firedOrder = ({ order }: AlgoOrder, turnedInto: AccountOrder): AccountOrder => ({
  ...order,
  status: turnedInto.status,
  filledQuantity: turnedInto.filledQuantity,
  filledQuote: turnedInto.filledQuote,
  averagePrice: turnedInto.averagePrice,
  updatedAt: turnedInto.updatedAt,
});

/** One of our executions. */
export const futuresTrade = z
  .object({
    id: wireId,
    orderId: wireId,
    side,
    price,
    qty,
    quoteQty: money.optional(),
    commission: qty,
    commissionAsset: z.string().min(1),
    time,
  })
  .transform((trade, context): Omit<AccountFill, 'symbol'> => ({
    fillId: trade.id,
    venueOrderId: trade.orderId,
    side: trade.side,
    price: trade.price,
    ...sizeOf(trade, context),
    fee: trade.commission,
    feeCurrency: trade.commissionAsset,
    at: trade.time,
  }));

const positive = price.refine((px) => px > 0n, 'is not above 0');

/** One row of `positionRisk`; `null` for a row of nothing (EXE-52). Without an entry price it is refused (VEN-08). */
export const positionRow = z
  .object({ positionAmt: money, positionSide, symbol: z.string().min(1) })
  .loose()
  .transform((row, context): VenuePosition | null => {
    if (row.positionAmt === 0n) return null;
    const parsed = openPosition.safeParse(row);
    if (!parsed.success) {
      for (const { path, message } of parsed.error.issues)
        context.addIssue({ code: 'custom', path, message });
      return z.NEVER;
    }
    const { entryPrice, markPrice, liquidationPrice, unRealizedProfit, updateTime } = parsed.data;
    const { initialMargin, maintMargin, isolatedWallet = ZERO_MONEY } = parsed.data;
    const long = row.positionAmt > 0n;
    return {
      symbol: row.symbol,
      side: row.positionSide ?? (long ? 'LONG' : 'SHORT'),
      hedged: row.positionSide !== null,
      quantity: amountOf(long ? row.positionAmt : negMoney(row.positionAmt)),
      entryPrice,
      markPrice,
      liquidationPrice,
      unrealizedPnl: unRealizedProfit,
      margin: isolatedWallet > 0n ? isolatedWallet : initialMargin,
      initialMargin,
      maintenanceMargin: maintMargin,
      updatedAt: updateTime,
    };
  });
const openPosition = z.object({
  entryPrice: positive,
  markPrice: positive,
  liquidationPrice: priceOrNone,
  unRealizedProfit: money,
  initialMargin: money,
  maintMargin: money,
  isolatedWallet: money.optional(),
  updateTime: time,
});

export const symbolConfig = z
  .object({
    symbol: z.string().min(1),
    marginType: z.enum(['ISOLATED', 'CROSSED', 'CROSS']),
    leverage: z.coerce.number().int().positive(),
  })
  .transform(({ symbol, marginType, leverage }): LeverageSetup & { readonly symbol: string } => ({
    symbol,
    leverage,
    marginMode: marginType === 'ISOLATED' ? 'isolated' : 'cross',
  }));

/** Leverage by the size of positions; the most of it is what the smallest may have. */
export const bracketRow = z
  .object({
    symbol: z.string().min(1),
    brackets: z.array(z.object({ initialLeverage: z.coerce.number().int().positive() })).min(1),
  })
  .transform(({ symbol, brackets }): readonly [string, number] => [
    symbol,
    Math.max(...brackets.map(({ initialLeverage }) => initialLeverage)),
  ]);

export const dualReply = z.object({ dualSidePosition: z.boolean() });

export const walletRow = z
  .object({ asset: z.string().min(1), balance: qty, availableBalance: qty })
  .transform(({ asset, balance, availableBalance: free }): readonly [string, Balance] => [
    asset,
    { free, used: free > balance ? ZERO_QTY : subQty(balance, free) },
  ]);
/** Movements that trades explain by themselves. */
const FROM_TRADES = ['REALIZED_PNL', 'COMMISSION'];
const KINDS: Readonly<Record<string, CashFlow['kind']>> = {
  TRANSFER: 'transfer',
  INTERNAL_TRANSFER: 'transfer',
  FUNDING_FEE: 'funding',
  INSURANCE_CLEAR: 'insurance',
};

/** One movement of the wallet, and its id; trades' own movements are no flows. */
export const incomeRow = z
  .object({
    symbol: z.string(),
    incomeType: z.string().min(1),
    income: money,
    asset: z.string().min(1),
    tranId: wireId,
    tradeId: z.string().default(''),
    time,
  })
  .transform((row) => {
    const flow: CashFlow = {
      flowId: `${row.incomeType}-${row.tranId}-${row.tradeId}-${row.symbol}`,
      kind: KINDS[row.incomeType] ?? 'other',
      currency: row.asset,
      amount: row.income,
      symbol: row.symbol === '' ? null : row.symbol,
      at: row.time,
    };
    return { flow, ofTrade: FROM_TRADES.includes(row.incomeType) };
  });

/** An order with which the venue closed a position. */
export const forcedOrder = futuresOrder.transform(({ order }): Liquidation | null =>
  order.averagePrice === null
    ? null
    : {
        symbol: order.symbol,
        side: order.side,
        venueOrderId: order.venueOrderId,
        quantity: order.filledQuantity,
        averagePrice: order.averagePrice,
        cause: order.clientOrderId.startsWith('adl') ? 'adl' : 'liquidation',
        at: order.updatedAt,
      },
);
