import * as z from 'zod';
import { marketKey, money, price, qty, symbol, time } from '../wire.ts';

export const origin = z.enum(['live', 'recorded', 'synthetic']);

/** `config/clock`: the market's clock (ARC-29). Absent in production, where it is the wall clock. */
export const clockDoc = z.strictObject({
  origin: time,
  startedAt: time,
  /** Market milliseconds per wall millisecond. */
  speed: z.number().positive().max(100_000),
  /** What feeds the market, in words for people, such as `sandbox` or a file's name. */
  feed: z.string(),
  dataOrigin: origin,
});
export type ClockDoc = z.infer<typeof clockDoc>;

/** `markets/{marketKey}`: the instrument and its venue's rules. */
export const marketDoc = z.strictObject({
  marketKey,
  venue: z.string(),
  market: z.enum(['spot', 'futures', 'equity', 'option', 'forex', 'dex']),
  symbol,
  base: z.string(),
  quote: z.string(),
  tickSize: price,
  lotSize: qty,
  minQty: qty,
  minNotional: money,
  updatedAt: time,
});
export type MarketDoc = z.infer<typeof marketDoc>;

/** One closed candle inside a chunk. */
export const candleRecord = z.strictObject({
  openAt: time,
  open: price,
  high: price,
  low: price,
  close: price,
  volume: qty,
  buyVolume: qty.nullable(),
  quoteVolume: money,
  trades: z.int().nonnegative(),
  gapFilled: z.boolean(),
});

/** `markets/{k}/chunks/{yyyymmddhh}`: the hour's closed one-minute candles, oldest first (MD-81). */
export const chunkDoc = z.strictObject({
  marketKey,
  timeframe: z.literal('1m'),
  hourAt: time,
  candles: z.array(candleRecord).max(60),
  origin,
  updatedAt: time,
});
export type ChunkDoc = z.infer<typeof chunkDoc>;

/** `livePrices/{marketKey}`: the last price and how old it may get before it is stale (ARC-40). */
export const livePriceDoc = z.strictObject({
  marketKey,
  symbol,
  price,
  /** The venue's time of the trade, market clock. */
  at: time,
  /** When the worker wrote it, wall clock. */
  writtenAt: time,
  /** Wall milliseconds from `writtenAt` after which it must not be shown as live. */
  maxAgeMs: z.int().positive(),
  source: z.enum(['ws', 'rest']),
  origin,
});
export type LivePriceDoc = z.infer<typeof livePriceDoc>;
