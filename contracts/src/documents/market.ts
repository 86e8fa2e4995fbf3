import * as z from 'zod';
import { id, marketKey, money, price, qty, symbol, time } from '../wire.ts';

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
  /** Most leverage that the venue gives on a future (VEN-30); absent = not known, which allows none. */
  maxLeverage: z.int().min(1).max(200).optional(),
  updatedAt: time,
});
export type MarketDoc = z.infer<typeof marketDoc>;

/** One closed candle inside a chunk; with its buys it is also the minute's order flow (IND-50). */
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
  buyTrades: z.int().nonnegative().nullable(),
  gapFilled: z.boolean(),
  incomplete: z.boolean(),
  revision: z.int().nonnegative(),
  source: z.enum(['trades', 'venue']),
});

const timeframe = z.enum(['1m', '5m', '15m', '1h']);

/** Volume by price row (IND-64): row `i` is `[from + i × rowSize, from + (i + 1) × rowSize)`. */
export const profileRecord = z.strictObject({
  timeframe,
  /** Close of the last bar in it, market clock. */
  asOf: time,
  poc: price,
  valueAreaHigh: price,
  valueAreaLow: price,
  from: price,
  rowSize: price,
  /** Base volume of each row, for charts. */
  volumes: z.array(z.number().nonnegative()).max(200),
  shape: z.enum(['P', 'b', 'D', 'B', 'thin']),
  totalVolume: z.number().nonnegative(),
  /**
   * Of it, what was spread over a bar's range for want of its trades, as of a venue's own candles; absent where
   * the writer did not tell.
   */
  estimatedVolume: z.number().nonnegative().optional(),
});
export type ProfileRecord = z.infer<typeof profileRecord>;

/** A supply or demand zone (IND-74). */
export const zoneRecord = z.strictObject({
  zoneId: id,
  timeframe,
  type: z.enum(['demand', 'supply']),
  priceLow: price,
  priceHigh: price,
  strength: z.number().min(0).max(100),
  firstSeen: time,
  lastTested: time.nullable(),
  testCount: z.int().nonnegative(),
  status: z.enum(['fresh', 'tested']),
  createdFrom: z.enum(['rejection', 'consolidation']),
});
export type ZoneRecord = z.infer<typeof zoneRecord>;

/** A fair value gap that is not filled (IND-81). */
export const gapRecord = z.strictObject({
  fvgId: id,
  timeframe,
  type: z.enum(['bullish', 'bearish']),
  gapLow: price,
  gapHigh: price,
  createdAt: time,
  fillPct: z.number().min(0).max(100),
  status: z.enum(['open', 'partial']),
});
export type GapRecord = z.infer<typeof gapRecord>;

/** What the stream's analytics say as of the last closed minute. */
export const analyticsRecord = z.strictObject({
  /** Close of the last bar that went in, market clock. */
  asOf: time,
  /**
   * Values by variant and timeframe, such as `RSI_14@1m` or `CVD_SESSION`; `null` until ready and where the
   * data do not suffice: no signal, never a neutral zero (MD-50).
   */
  readings: z.record(z.string(), z.number().nullable()),
  /** What a timeframe waits for, in words; absent for one that is ready (MD-51). */
  waiting: z.record(z.string(), z.string()),
  /** Order flow of the last 60 s (IND-51 to IND-54). */
  flow: z.strictObject({
    signal: z.enum(['BUY', 'SELL', 'NEUTRAL']).nullable(),
    microstructure: z.enum(['BULLISH', 'BEARISH', 'NEUTRAL']).nullable(),
    tags: z.array(z.enum(['absorption', 'cvdDivergence'])),
  }),
  regime: z.enum(['RANGING', 'UPTREND', 'DOWNTREND']).nullable(),
});
export type AnalyticsRecord = z.infer<typeof analyticsRecord>;

/**
 * `markets/{k}/chunks/{yyyymmddhh}`: one hour, written once a minute (MD-81). Candles oldest first; profiles,
 * zones, gaps and analytics are the latest ones. Larger timeframes are derived from it.
 */
export const chunkDoc = z.strictObject({
  marketKey,
  timeframe: z.literal('1m'),
  hourAt: time,
  candles: z.array(candleRecord).max(60),
  profiles: z.array(profileRecord).max(4),
  zones: z.array(zoneRecord).max(40),
  gaps: z.array(gapRecord).max(40),
  analytics: analyticsRecord.nullable(),
  origin,
  /** The venue's time of the last trade in it, market clock; `null` where it holds the venue's own candles. */
  venueAt: time.nullable(),
  /** When that was received, wall clock. */
  receivedAt: time,
  /** When it was written, wall clock. */
  updatedAt: time,
  maxAgeMs: z.int().positive(),
  /** When Firestore may delete it, wall clock; the archive keeps what is older. */
  expiresAt: time,
});
export type ChunkDoc = z.infer<typeof chunkDoc>;

/** How long a chunk stays after its last write: 30 days (01, section 9). */
export const CHUNK_KEPT_MS = 30 * 86_400_000;

/** The last price of one market, on a board. */
export const boardPrice = z.strictObject({
  symbol,
  price,
  /** Top of book, for the spread filter only (MD-02). */
  bid: price.nullable(),
  ask: price.nullable(),
  /** The venue's time of the trade, market clock. */
  at: time,
  /** When it was received, wall clock. */
  receivedAt: time,
  source: z.enum(['ws', 'rest', 'external']),
  /** No trade for longer than this market usually takes (MD-61). */
  stale: z.boolean(),
  /** Priced by a lower-ranked source (MD-62). */
  degraded: z.boolean(),
  /** Two sources disagree: no entries (MD-12). */
  conflict: z.boolean(),
  /** 1 live, 0.6 REST, 0.3 external, 0 none (MD-11). */
  dataQuality: z.number().min(0).max(1),
});
export type BoardPrice = z.infer<typeof boardPrice>;

/**
 * `livePrices/{shard}`: the last prices of all markets of one worker shard (`worker-0` …), or `cycle` where no
 * worker runs: one write for all of them (docs/adr/0012).
 */
export const boardDoc = z.strictObject({
  shard: id,
  prices: z.record(marketKey, boardPrice),
  origin,
  /** Wall clock. */
  writtenAt: time,
  /** Wall milliseconds from `writtenAt` after which nothing on it must be shown as live (ARC-40). */
  maxAgeMs: z.int().positive(),
});
export type BoardDoc = z.infer<typeof boardDoc>;

/** One market's price as its board tells it. */
export type LivePriceDoc = BoardPrice &
  Pick<BoardDoc, 'shard' | 'origin' | 'writtenAt' | 'maxAgeMs'> & { readonly marketKey: string };

/** Received later, or told later where both were received together. */
const isYounger = (a: LivePriceDoc, b: LivePriceDoc): boolean =>
  a.receivedAt === b.receivedAt ? a.writtenAt >= b.writtenAt : a.receivedAt > b.receivedAt;

/**
 * The prices of some boards by market. Where two boards have one, the price received last counts, not
 * the board written last: a board is also written for its other markets.
 */
export function pricesOf(boards: readonly BoardDoc[]): Map<string, LivePriceDoc> {
  const prices = new Map<string, LivePriceDoc>();
  for (const { prices: listed, ...board } of boards)
    for (const [marketKey, told] of Object.entries(listed)) {
      const { shard, origin: from, writtenAt, maxAgeMs } = board;
      const next = { ...told, marketKey, shard, origin: from, writtenAt, maxAgeMs };
      const known = prices.get(marketKey);
      if (known === undefined || isYounger(next, known)) prices.set(marketKey, next);
    }
  return prices;
}

/** `dataSessions/{id}`: a recording or an import (MD-90). */
export const dataSessionDoc = z.strictObject({
  sessionId: id,
  name: z.string().min(1).max(100),
  purpose: z.string().max(500),
  venues: z.array(z.string()),
  marketKeys: z.array(marketKey).min(1).max(500),
  channels: z.array(z.enum(['trades', 'candles'])),
  timeframes: z.array(z.string()),
  /** `ticks`, or the candle length of an import that cannot drive tick-based strategies (MD-94). */
  granularity: z.enum(['ticks', '1s', '15s', '1m', '5m', '15m', '1h', '4h', '1d']),
  status: z.enum(['PLANNED', 'RECORDING', 'PAUSED', 'COMPLETED', 'FAILED']),
  origin: z.literal('recorded'),
  startedAt: time.nullable(),
  /** When it is to end by itself: at most 30 days after the start (MD-91). */
  endsAt: time.nullable(),
  endedAt: time.nullable(),
  startedBy: z.string(),
  rowCounts: z.record(marketKey, z.int().nonnegative()),
  bytes: z.int().nonnegative(),
  gaps: z
    .array(z.strictObject({ marketKey, from: time, to: time, backfilled: z.boolean() }))
    .max(1_000),
  /** Share of the time that is covered, by market; below 99 % a backtest must ask for it (MD-92). */
  coveragePct: z.record(marketKey, z.number().min(0).max(100)),
  /** SHA-256 by file. */
  checksums: z.record(z.string(), z.string()),
  collectorVersion: z.string(),
  planTier: z.enum(['basic', 'plus']),
  error: z.string().nullable(),
  updatedAt: time,
});
export type DataSessionDoc = z.infer<typeof dataSessionDoc>;
