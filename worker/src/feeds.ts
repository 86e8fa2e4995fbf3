import type { FeedBatch } from '@tradewind/adapters/venue/venue';
import type { FeedRecord } from '@tradewind/contracts/documents/system';
import type { EpochMs } from '@tradewind/core/lib/time';
import {
  feedBackfilled,
  feedInit,
  feedJudge,
  feedLost,
  feedMessage,
  type FeedHealth,
  type FeedState,
} from '@tradewind/core/market/staleness';
import { stateOf, type Connection } from './connection.ts';
import { createFeedAlerts } from './feed-alerts.ts';
import { startFeedLoop, type FeedLoop, type Wanted } from './feed-loop.ts';
import { feedName, feedOf, type FeedKey, type Followed, type WorkerPorts } from './ports.ts';

/** One connection of a session, and how far its prices are to be trusted. */
export type Feed = {
  readonly key: FeedKey;
  readonly loop: FeedLoop;
  readonly health: FeedState;
  readonly alerts: ReturnType<typeof createFeedAlerts>;
  /** The venue's clock less ours; `null` until it was measured (MD-25). */
  skewMs: number | null;
  /** It ended or was silent: what comes next may not follow what came before. */
  broken: boolean;
};

export type FeedsEvents = {
  readonly onBatch: (feed: Feed, batch: FeedBatch) => void;
  /** Data comes again after an end or a silence; called before that data. */
  readonly onRejoin: (feed: Feed) => void;
};

/** All connections of a session, made and given up as markets need them (MD-20, MD-24). */
export type Feeds = {
  readonly all: () => readonly Feed[];
  readonly of: (key: FeedKey) => Feed | undefined;
  readonly want: (markets: readonly Followed[], isQuoted: (marketKey: string) => boolean) => void;
  readonly done: () => Promise<void>;
};

export function createFeeds(
  ports: WorkerPorts,
  {
    signal,
    shard,
    ...events
  }: FeedsEvents & { readonly signal: AbortSignal; readonly shard: string },
): Feeds {
  const feeds = new Map<string, Feed>();
  const now = (): EpochMs => ports.clock.wallNow();
  const open = (key: FeedKey): Feed => {
    const health = feedInit(now());
    const takes = {
      onBatch: (batch: FeedBatch): void => {
        const isData = batch.trades.length > 0 || batch.quotes.length > 0;
        if (isData) {
          const { status } = feedJudge(health, now());
          feedMessage(health, now());
          if (feed.broken || status === 'stale') events.onRejoin(feed);
          feed.broken = false;
        }
        events.onBatch(feed, batch);
      },
      onLost: (): void => {
        feed.broken = true;
        feedLost(health, now());
      },
    };
    const loop = startFeedLoop(ports, key, { ...takes, signal });
    const alerts = createFeedAlerts(ports, `${shard}_${feedName(key)}`);
    const feed: Feed = { key, loop, health, alerts, skewMs: null, broken: false };
    feeds.set(feedName(key), feed);
    return feed;
  };
  const of = (key: FeedKey): Feed | undefined => feeds.get(feedName(key));
  return {
    all: () => [...feeds.values()],
    of,
    want: (markets, isQuoted) => {
      const wanted = new Map<string, { readonly key: FeedKey; readonly list: Wanted[] }>();
      for (const { marketKey, symbol } of markets) {
        const key = feedOf(marketKey);
        if (key === undefined) continue;
        const entry = wanted.get(feedName(key)) ?? { key, list: [] };
        entry.list.push({ symbol, quotes: isQuoted(marketKey) });
        wanted.set(feedName(key), entry);
      }
      for (const { key, list } of wanted.values()) (of(key) ?? open(key)).loop.want(list);
      for (const [name, { loop }] of feeds) if (!wanted.has(name)) loop.want([]);
    },
    done: async () => {
      await Promise.all([...feeds.values()].map(({ loop }) => loop.done));
    },
  };
}

/** Judges a feed; `isCaughtUp` tells whether all that it missed has been read. */
export function judgeFeed(feed: Feed, isCaughtUp: boolean, now: EpochMs): FeedHealth {
  if (isCaughtUp) feedBackfilled(feed.health);
  return feedJudge(feed.health, now);
}

/** What a heartbeat tells of a feed (MD-67). */
export function feedRecord(
  { key, loop, skewMs }: Feed,
  told: { readonly symbols: number; readonly staleSymbols: string[] },
  now: EpochMs,
): FeedRecord {
  const connection: Connection = loop.connection();
  return {
    ...key,
    state: stateOf(connection, now),
    symbols: told.symbols,
    staleSymbols: told.staleSymbols.slice(0, 500),
    lastMessageAt: connection.lastDataAt,
    reconnects: connection.reconnects,
    skewMs,
  };
}
