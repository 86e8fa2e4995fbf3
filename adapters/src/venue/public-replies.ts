import type { Price, Qty } from '@tradewind/core/lib/units';
import * as z from 'zod';
import { price, qty, time, wireId } from './replies.ts';

/** Binance's replies to public calls that have no key. */

const above0 = <T extends Price | Qty>(amount: z.ZodType<T>) =>
  amount.refine((value) => value > 0n, 'is not above 0');
const sideOf = (buyerMakes: boolean): 'buy' | 'sell' => (buyerMakes ? 'sell' : 'buy');

/** One public trade; the id is the one that the stream gave it. */
export const publicTradeReply = z
  .object({ id: wireId, price: above0(price), qty: above0(qty), time, isBuyerMaker: z.boolean() })
  .transform(({ id, price: px, qty: size, time: at, isBuyerMaker }) => ({
    id,
    price: px,
    size,
    side: sideOf(isBuyerMaker),
    at,
  }));

/** Trades of one order at one price, and the first of them. */
export const publicAggregateReply = z
  .object({ a: wireId, p: above0(price), q: above0(qty), f: wireId, T: time, m: z.boolean() })
  .transform(({ a, p, q, f, T, m }) => ({
    id: a,
    firstTradeId: f,
    price: p,
    size: q,
    side: sideOf(m),
    at: T,
  }));

/** Last prices; `null` of a market that has not traded yet. */
export const lastPricesReply = z.array(
  z.object({ symbol: z.string().min(1), price: price.nullable(), time: time.optional() }),
);

/** Best bid and ask of one market. */
export const quoteReply = z
  .object({
    bidPrice: above0(price),
    bidQty: qty,
    askPrice: above0(price),
    askQty: qty,
    time: time.optional(),
  })
  .transform((reply) => ({
    bid: reply.bidPrice,
    bidSize: reply.bidQty,
    ask: reply.askPrice,
    askSize: reply.askQty,
    time: reply.time,
  }));

export const timeReply = z
  .object({ serverTime: z.int().positive() })
  .transform((r) => r.serverTime);
