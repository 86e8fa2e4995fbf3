import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import type { Archive } from '@tradewind/adapters/archive/archive';
import type { Sources } from '@tradewind/adapters/sources/hierarchy';
import type { MarketData, StreamedMarket, TradeFeed } from '@tradewind/adapters/venue/venue';
import type { Origin } from '@tradewind/core/market/market';
import type { Latency } from './latency.ts';
import type { Metrics } from './metrics.ts';

/** A market that somebody trades, holds or records. */
export type Followed = { readonly marketKey: string; readonly symbol: string };

/** One connection: a venue's stream of one kind of market. */
export type FeedKey = StreamedMarket;

export const feedName = ({ venue, market }: FeedKey): string => `${venue}_${market}`;

const MARKET_KEY = /^([a-z0-9]+)_(spot|futures)_(.+)$/;

/** The connection that a market's trades come by; `undefined` for markets that are not streamed here. */
export function feedOf(marketKey: string): FeedKey | undefined {
  const [, venue, market] = MARKET_KEY.exec(marketKey) ?? [];
  if (venue === undefined) return undefined;
  return { venue, market: market === 'spot' ? 'spot' : 'futures' };
}

/** Market of a key, with its symbol read from it; `undefined` for markets that are not streamed here. */
export function followedOf(marketKey: string): Followed | undefined {
  const symbol = MARKET_KEY.exec(marketKey)?.[3];
  return symbol === undefined ? undefined : { marketKey, symbol };
}

/** What the worker reaches the world through. */
export type WorkerPorts = ExecutionPorts & {
  /** Where its prices come from: never `live` on the local desk (ARC-26). */
  readonly origin: Origin;
  /** Whether this process can stream a connection's venue at all. */
  readonly streams: (key: FeedKey) => Promise<boolean>;
  readonly openFeed: (key: FeedKey) => TradeFeed;
  /** The same one for each call with the same key. */
  readonly marketData: (key: FeedKey) => MarketData;
  /** Prices from beside the venues; `null` where nothing real is traded. */
  readonly sources: Pick<Sources, 'lastPrice'> | null;
  /** `null` where nothing is kept. */
  readonly archive: Archive | null;
  readonly metrics: Metrics;
  /** From a trade's arrival to its analytics. */
  readonly latency: Latency;
  /** Share of the memory limit that is in use, 0 to 1 (MD-86). */
  readonly memoryInUse: () => number;
  /** Resolves after so many wall milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
  /** In [0, 1): jitter of pauses. */
  readonly random: () => number;
  /** Wall milliseconds with fractions, for what is measured. */
  readonly precise: () => number;
  readonly workerLeaseMs: number;
  readonly shards: { readonly count: number; readonly share: number };
  readonly version: string;
};
