import {
  marketKeyOf,
  type Instrument,
  type MarketKind,
} from '@tradewind/core/instrument/instrument';
import { epochMs } from '@tradewind/core/lib/time';
import {
  averagePrice,
  notional,
  parseMoney,
  parsePrice,
  parseQty,
  sumMoney,
  type Money,
  type Price,
  type Qty,
} from '@tradewind/core/lib/units';
import type { Candle } from '@tradewind/core/market/market';
import { fillSize, isSameValue } from '@tradewind/core/order/fill-size';
import type { Fill, OrderReport } from '@tradewind/core/order/order';
import type { Result } from '@tradewind/core/lib/result';
import * as z from 'zod';
import type { AccountFill, AccountOrder, Balance } from './venue.ts';

/**
 * Binance's own words, parsed where they enter. ccxt's unified numbers are floats; its `info` holds
 * what came over the wire, so money is read from there.
 */

const unit = <T extends Price | Qty | Money>(parse: (text: string) => Result<T, string>) =>
  z.string().transform((text, context): T => {
    const parsed = parse(text);
    if (parsed.ok) return parsed.value;
    context.addIssue({ code: 'custom', message: parsed.error });
    return z.NEVER;
  });
export const price = unit(parsePrice);
export const qty = unit(parseQty);
export const money = unit(parseMoney);
export const time = z
  .union([z.int().nonnegative(), z.string().regex(/^\d{1,15}$/)])
  .transform((ms) => epochMs(Number(ms)));
/** Ids are numbers on the wire, and names to us. */
export const wireId = z
  .union([z.string().min(1), z.int().nonnegative()])
  .transform((id) => String(id));
export const count = z
  .union([z.int().nonnegative(), z.string().regex(/^\d{1,12}$/)])
  .transform(Number);

const STATUS: Readonly<Record<string, OrderReport['status']>> = {
  NEW: 'ACKNOWLEDGED',
  PENDING_NEW: 'ACKNOWLEDGED',
  PARTIALLY_FILLED: 'PARTIAL',
  FILLED: 'FILLED',
  CANCELED: 'CANCELLED',
  PENDING_CANCEL: 'ACKNOWLEDGED',
  REJECTED: 'REJECTED',
  EXPIRED: 'EXPIRED',
  EXPIRED_IN_MATCH: 'EXPIRED',
};
/** An order's status; a word that is not known fails. */
export const orderStatus = z.string().transform((word, context): OrderReport['status'] => {
  const known = Object.hasOwn(STATUS, word) ? STATUS[word] : undefined;
  if (known !== undefined) return known;
  context.addIssue({ code: 'custom', message: `"${word}" is not a known order status` });
  return z.NEVER;
});

/** One order as create, look-up, listing and cancel report it. */
export const orderReply = z
  .object({
    orderId: wireId,
    clientOrderId: z.string().min(1),
    /** In a cancel's reply: ours, while `clientOrderId` is the cancel's own. */
    origClientOrderId: z.string().min(1).optional(),
    status: orderStatus,
    executedQty: qty,
    cummulativeQuoteQty: money,
    updateTime: time.optional(),
    transactTime: time.optional(),
    time: time.optional(),
  })
  .transform((reply, context): OrderReport => {
    const updatedAt = reply.updateTime ?? reply.transactTime ?? reply.time;
    if (updatedAt === undefined) {
      context.addIssue({ code: 'custom', message: 'no time' });
      return z.NEVER;
    }
    const filled = reply.executedQty > 0n;
    // Binance sends a negative quote quantity for history that it no longer has.
    if (reply.cummulativeQuoteQty < 0n || (filled && reply.cummulativeQuoteQty === 0n)) {
      context.addIssue({ code: 'custom', message: 'filled without a quote value' });
      return z.NEVER;
    }
    return {
      clientOrderId: reply.origClientOrderId ?? reply.clientOrderId,
      venueOrderId: reply.orderId,
      status: reply.status === 'ACKNOWLEDGED' && filled ? 'PARTIAL' : reply.status,
      filledQuantity: reply.executedQty,
      filledQuote: reply.cummulativeQuoteQty,
      averagePrice: filled
        ? averagePrice(reply.cummulativeQuoteQty, reply.executedQty, 'floor')
        : null,
      updatedAt,
    };
  });

const side = z.enum(['BUY', 'SELL']);

const TYPES: Readonly<Record<string, AccountOrder['type']>> = {
  MARKET: 'MARKET',
  LIMIT: 'LIMIT',
  LIMIT_MAKER: 'LIMIT',
  STOP_LOSS: 'STOP',
  STOP_LOSS_LIMIT: 'STOP',
  TAKE_PROFIT: 'TAKE_PROFIT',
  TAKE_PROFIT_LIMIT: 'TAKE_PROFIT',
};
/** A price of 0 is Binance's way of saying that there is none. */
const noPrice = (found: Price | undefined): Price | null =>
  found === undefined || found === 0n ? null : found;

/** What was asked for with an order, beside what became of it. */
export const orderTerms = z
  .object({ side, type: z.string(), origQty: qty, price, stopPrice: price.optional() })
  .transform((reply): Omit<AccountOrder, keyof OrderReport | 'symbol'> => ({
    side: reply.side,
    type: Object.hasOwn(TYPES, reply.type) ? (TYPES[reply.type] ?? 'OTHER') : 'OTHER',
    quantity: reply.origQty,
    limitPrice: noPrice(reply.price),
    triggerPrice: noPrice(reply.stopPrice),
    reduceOnly: false,
    positionSide: null,
  }));

/** Binance counts sizes in base and has no flag for it: a value beside the size proves it (PF-20). */
export const sizeOf = (
  execution: { readonly price: Price; readonly qty: Qty; readonly quoteQty?: Money | undefined },
  context: z.RefinementCtx,
): Pick<Fill, 'quantity' | 'sizeQuote' | 'sizeAssumed'> => {
  const size = fillSize(
    { price: execution.price, size: execution.qty, value: execution.quoteQty },
    'base',
  );
  if (size.ok) return size.value;
  context.addIssue({ code: 'custom', message: 'size and value of an execution contradict' });
  return z.NEVER;
};

/** Executions inside the reply to a new order: the order's value proves their sizes. */
export const instantFills = z
  .object({
    side,
    transactTime: time,
    cummulativeQuoteQty: money.optional(),
    fills: z
      .array(
        z.object({
          tradeId: wireId,
          price,
          qty,
          commission: qty,
          commissionAsset: z.string().min(1),
        }),
      )
      .default([]),
  })
  .transform((reply) => {
    const sum = sumMoney(
      reply.fills.map(({ price: px, qty: size }) => notional(px, size, 'floor')),
    );
    const { fills, cummulativeQuoteQty: value } = reply;
    const isProven = value !== undefined && isSameValue(sum, value, fills.length);
    return (clientOrderId: string): Fill[] =>
      fills.map((fill) => ({
        fillId: fill.tradeId,
        orderId: clientOrderId,
        side: reply.side,
        price: fill.price,
        quantity: fill.qty,
        ...(isProven ? {} : { sizeAssumed: true as const }),
        fee: fill.commission,
        feeCurrency: fill.commissionAsset,
        at: reply.transactTime,
      }));
  });

/** One of our executions in the account's history. */
export const tradeReply = z
  .object({
    id: wireId,
    orderId: wireId,
    price,
    qty,
    quoteQty: money.optional(),
    commission: qty,
    commissionAsset: z.string().min(1),
    isBuyer: z.boolean(),
    time,
  })
  .transform((trade, context): Omit<AccountFill, 'symbol'> => ({
    fillId: trade.id,
    venueOrderId: trade.orderId,
    side: trade.isBuyer ? 'BUY' : 'SELL',
    price: trade.price,
    ...sizeOf(trade, context),
    fee: trade.commission,
    feeCurrency: trade.commissionAsset,
    at: trade.time,
  }));

/** One row of `klines`, which has no names: open time, OHLC, volume, …, quote volume, trades, bought. */
export const candleReply = z
  .tuple([time, price, price, price, price, qty, time, money, count, qty])
  .rest(z.unknown())
  .transform(
    ([openAt, open, high, low, close, volume, , quoteVolume, trades, buyVolume]): Candle => ({
      openAt,
      open,
      high,
      low,
      close,
      volume,
      buyVolume,
      quoteVolume,
      trades,
      buyTrades: null,
      gapFilled: false,
      incomplete: false,
      revision: 0,
      source: 'venue',
    }),
  );

export const balancesReply = z
  .object({ balances: z.array(z.object({ asset: z.string().min(1), free: qty, locked: qty })) })
  .transform(({ balances }): Readonly<Record<string, Balance>> =>
    Object.fromEntries(
      balances
        .filter(({ free, locked }) => free > 0n || locked > 0n)
        .map(({ asset, free, locked }) => [asset, { free, used: locked }]),
    ),
  );

const filter = z.looseObject({ filterType: z.string() });
const priceFilter = z.object({ tickSize: price.refine((tick) => tick > 0n, 'no tick size') });
const lotFilter = z.object({ stepSize: qty.refine((step) => step > 0n, 'no step'), minQty: qty });
/** Futures call it `notional`. */
const notionalFilter = z
  .object({ minNotional: money.optional(), notional: money.optional() })
  .transform(({ minNotional, notional }, context) => {
    const found = minNotional ?? notional;
    if (found !== undefined) return { minNotional: found };
    context.addIssue({ code: 'custom', message: 'no minimum' });
    return z.NEVER;
  });

/** A market of `exchangeInfo`: the rules that its orders must obey. */
export const marketReply = z
  .object({
    baseAsset: z.string().min(1),
    quoteAsset: z.string().min(1),
    filters: z.array(filter),
  })
  .transform((market, context) => {
    const read = <T>(schema: z.ZodType<T>, ...types: readonly string[]): T | undefined => {
      const found = market.filters.find(({ filterType }) => types.includes(filterType));
      const parsed = schema.safeParse(found);
      if (parsed.success) return parsed.data;
      const why =
        found === undefined ? 'is missing' : (parsed.error.issues[0]?.message ?? 'is bad');
      context.addIssue({ code: 'custom', message: `filter ${types.join(' or ')}: ${why}` });
      return undefined;
    };
    const ticks = read(priceFilter, 'PRICE_FILTER');
    const lots = read(lotFilter, 'LOT_SIZE');
    const value = read(notionalFilter, 'NOTIONAL', 'MIN_NOTIONAL');
    if (ticks === undefined || lots === undefined || value === undefined) return z.NEVER;
    return (venue: string, symbol: string, kind: MarketKind = 'spot'): Instrument => ({
      marketKey: marketKeyOf(venue, kind, symbol),
      venue,
      market: kind,
      symbol,
      base: market.baseAsset,
      quote: market.quoteAsset,
      tickSize: ticks.tickSize,
      lotSize: lots.stepSize,
      minQty: lots.minQty,
      minNotional: value.minNotional,
    });
  });

/** The venue answered with something that is not what it documents. */
export class MalformedReply extends Error {
  constructor(what: string, faults: string) {
    super(`The venue's reply to ${what} cannot be read: ${faults}`);
    this.name = 'MalformedReply';
  }
}

/** Parses a reply. @throws MalformedReply that names what is wrong with it. */
export function readReply<S extends z.ZodType>(
  what: string,
  schema: S,
  reply: unknown,
): z.infer<S> {
  const parsed = schema.safeParse(reply);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
  throw new MalformedReply(what, faults.slice(0, 5).join('; ').trim());
}

const wrapped = z.object({ info: z.unknown() });

/** The venue's own reply inside what ccxt made of it. @throws MalformedReply as `readReply` does. */
export const readInfo = <S extends z.ZodType>(
  what: string,
  schema: S,
  reply: unknown,
): z.infer<S> => readReply(what, schema, readReply(what, wrapped, reply).info);
