import type { AnalyticsRecord, ChunkDoc, MarketDoc } from '@tradewind/contracts/documents/market';
import type { FeedRecord, HeartbeatDoc, UsageDayDoc } from '@tradewind/contracts/documents/system';
import { epochMs } from '@tradewind/core/lib/time';
import { money, price, priceFromFloat, qty, qtyFromFloat } from '@tradewind/core/lib/units';
import { chunkOf, T0 } from './documents.ts';

const MINUTE = 60_000;
/** Start of the last minute that closed. */
const LAST = T0 - (T0 % MINUTE) - MINUTE;

export const market = (over: Partial<MarketDoc> = {}): MarketDoc => ({
  marketKey: 'binance_spot_BTC-USDT',
  venue: 'binance',
  market: 'spot',
  symbol: 'BTC-USDT',
  base: 'BTC',
  quote: 'USDT',
  tickSize: price('0.01'),
  lotSize: qty('0.00001'),
  minQty: qty('0.00001'),
  minNotional: money('5'),
  updatedAt: T0,
  ...over,
});

type Minute = ChunkDoc['candles'][number];

/** `back` minutes before the last one; of a volume of 2 it bought `bought`, `null` for not told. */
export const minute = (back: number, bought: number | null, over: Partial<Minute> = {}): Minute => {
  const px = priceFromFloat(10_000 + 20 * Math.sin(back / 5), 'floor');
  return {
    openAt: epochMs(LAST - back * MINUTE),
    open: px,
    high: px,
    low: px,
    close: px,
    volume: qty('2'),
    buyVolume: bought === null ? null : qtyFromFloat(bought, 'floor'),
    quoteVolume: money('20000'),
    trades: 10,
    buyTrades: bought === null ? null : 5,
    gapFilled: false,
    incomplete: false,
    revision: 0,
    source: 'trades',
    ...over,
  };
};

export const analytics = (over: Partial<AnalyticsRecord> = {}): AnalyticsRecord => ({
  asOf: epochMs(LAST + MINUTE),
  readings: {
    'RSI_14@1m': 55.123456,
    'RSI_14@5m': 48.5,
    'ADX_14@1m': null,
    CVD_SESSION: -3.25,
  },
  waiting: { '1h': '3 of 50 bars, about 47 h left' },
  flow: { signal: 'BUY', microstructure: 'BULLISH', tags: ['absorption'] },
  regime: 'RANGING',
  ...over,
});

/** An hour as a worker stores it. */
export const streamedChunk = (over: Partial<ChunkDoc> = {}): ChunkDoc =>
  chunkOf({
    candles: Array.from({ length: 30 }, (_, back) => minute(29 - back, 1 + Math.sin(back / 3))),
    profiles: (['1m', '5m'] as const).map((timeframe) => ({
      timeframe,
      asOf: epochMs(LAST + MINUTE),
      poc: price('10005'),
      valueAreaHigh: price('10010'),
      valueAreaLow: price('9995'),
      from: price('9980'),
      rowSize: price('5'),
      volumes: [1, 2, 4, 8, 12, 15, 9, 3],
      shape: 'D' as const,
      totalVolume: 54,
      estimatedVolume: 4,
    })),
    zones: [
      {
        zoneId: 'z1',
        timeframe: '5m',
        type: 'demand',
        priceLow: price('9970'),
        priceHigh: price('9980'),
        strength: 72,
        firstSeen: epochMs(LAST - 600_000),
        lastTested: null,
        testCount: 0,
        status: 'fresh',
        createdFrom: 'rejection',
      },
    ],
    gaps: [
      {
        fvgId: 'g1',
        timeframe: '1m',
        type: 'bearish',
        gapLow: price('10020'),
        gapHigh: price('10025'),
        createdAt: epochMs(LAST - 300_000),
        fillPct: 25,
        status: 'partial',
      },
    ],
    analytics: analytics(),
    ...over,
  });

export const feed = (over: Partial<FeedRecord> = {}): FeedRecord => ({
  venue: 'binance',
  market: 'spot',
  state: 'LIVE',
  symbols: 50,
  staleSymbols: [],
  lastMessageAt: epochMs(T0 - 200),
  reconnects: 2,
  skewMs: 14,
  ...over,
});

export const workerBeat = (over: Partial<HeartbeatDoc> = {}): HeartbeatDoc => ({
  component: 'worker-0',
  status: 'LIVE',
  detail: '50 markets',
  startedAt: epochMs(T0 - 3_600_000),
  beatAt: epochMs(T0 - 1_000),
  maxAgeMs: 15_000,
  version: 'test',
  feeds: [feed()],
  ...over,
});

const counts = (reads: number, writes: number) => ({
  reads,
  writes,
  deletes: 0,
  bytesRead: reads * 2_000,
  bytesWritten: writes * 5_000,
});

/** Half a day of fifty markets. */
export const usageDay = (over: Partial<UsageDayDoc> = {}): UsageDayDoc => ({
  day: '20270115',
  components: { worker: counts(11_000, 65_000), evaluateBots: counts(28_000, 4_300) },
  groups: {
    chunks: counts(9_000, 36_000),
    livePrices: counts(2_000, 8_600),
    none: counts(4_000, 0),
  },
  markets: { 'binance_spot_BTC-USDT': counts(0, 720) },
  topics: {
    orders: { published: 40, delivered: 39, failed: 1, latencies: { '50': 38, more: 2 } },
  },
  since: epochMs(Date.UTC(2027, 0, 15)),
  updatedAt: epochMs(Date.UTC(2027, 0, 15, 12)),
  ...over,
});
