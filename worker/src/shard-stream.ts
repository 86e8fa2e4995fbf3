import type { FeedBatch } from '@tradewind/adapters/venue/venue';
import type { BoardPrice } from '@tradewind/contracts/documents/market';
import type { EpochMs } from '@tradewind/core/lib/time';
import { judgeSkew } from '@tradewind/core/market/skew';
import { createBoard, type Board } from './board.ts';
import type { TellCondition } from './conditions.ts';
import { stateOf } from './connection.ts';
import { createFeeds, judgeFeed, type Feed, type Feeds } from './feeds.ts';
import type { LedgerView } from './ledger-watch.ts';
import { createLimiter } from './limiter.ts';
import { createLineStore, type LineStore } from './line-store.ts';
import { createLines, type Lines } from './lines.ts';
import type { Line } from './line.ts';
import type { WorkerPorts } from './ports.ts';
import type { PositionGuard } from './position-guard.ts';
import { createQueue, type Queue } from './queue.ts';
import { createVerifier, type Verifier } from './verify-candles.ts';

/** Requests of REST that run at once when many markets are brought up to date. */
const SYNCS_AT_ONCE = 6;

export type StreamParts = {
  readonly shard: string;
  readonly signal: AbortSignal;
  readonly guard: Pick<PositionGuard, 'onTrade' | 'onGap'>;
  readonly ledger: Pick<LedgerView, 'traders' | 'isHeld'>;
  readonly isWatched: () => boolean;
  readonly tell: TellCondition;
  /** Market time up to which somebody watched a market's prices before this session. */
  readonly seenBefore: (marketKey: string) => EpochMs | null;
};

/** From a shard's connections to its documents. */
export type ShardStream = {
  readonly feeds: Feeds;
  readonly lines: Lines;
  readonly queue: Queue;
  readonly board: Board;
  readonly store: LineStore;
  readonly trust: Trust;
  readonly verifier: Verifier;
};

/** True for a market that lives, or that nobody has relied on yet: there is nothing to catch up with. */
const isCaughtUp = (line: Line): boolean => line.phase === 'live' || !line.interrupted;

/** How each connection was judged last. */
export type Trust = ReturnType<typeof createTrust>;

function createTrust(ports: WorkerPorts, linesOf: (feed: Feed) => readonly Line[]) {
  const { clock, metrics } = ports;
  const judged = new WeakMap<Feed, { readonly isTrusted: boolean; readonly polls: boolean }>();
  return {
    /** Once a second (MD-60, MD-65). */
    judge: (feed: Feed): void => {
      const now = clock.wallNow();
      const { status, poll } = judgeFeed(feed, linesOf(feed).every(isCaughtUp), now);
      const isSkewed = feed.skewMs !== null && judgeSkew(feed.skewMs) === 'block';
      judged.set(feed, { isTrusted: status === 'live' && !isSkewed, polls: poll });
      metrics.connection(feed.key, stateOf(feed.loop.connection(), now));
    },
    /** Prices of the stream may be acted on. */
    of: (feed: Feed | undefined): boolean =>
      feed !== undefined && (judged.get(feed)?.isTrusted ?? true),
    /** REST is asked in its place (MD-62): while it is silent or gone. */
    needsPolling: (feed: Feed): boolean =>
      (judged.get(feed)?.polls ?? false) &&
      stateOf(feed.loop.connection(), clock.wallNow()) !== 'LIVE',
  };
}

const boardPrices = (
  lines: readonly Line[],
  now: EpochMs,
  isTrusted: (line: Line) => boolean,
): Record<string, BoardPrice> =>
  Object.fromEntries(
    lines.flatMap((line) => {
      const record = line.price.record({ now, isTrusted: isTrusted(line) && isCaughtUp(line) });
      return record === undefined ? [] : [[line.market.marketKey, record] as const];
    }),
  );

/** Hands a batch on: prices are judged at once, the rest is queued. */
function takeBatch(
  ports: WorkerPorts,
  lines: Lines,
  { feed, batch }: { readonly feed: Feed; readonly batch: FeedBatch },
): void {
  const { clock, metrics } = ports;
  const { venue } = feed.key;
  const ahead = clock.marketNow() - clock.wallNow();
  for (const trade of batch.trades) {
    metrics.arrived(venue, trade.receivedAt + ahead - trade.at);
    lines.receive(trade);
  }
  batch.quotes.forEach(lines.quote);
  for (const fault of batch.faults) lines.fault(fault, feed.key);
}

export function createShardStream(ports: WorkerPorts, parts: StreamParts): ShardStream {
  const { clock, latency, precise } = ports;
  const { shard, signal, guard, ledger, tell } = parts;
  const board = createBoard(ports, shard, {
    prices: () => boardPrices(lines.all(), clock.wallNow(), ({ key }) => trust.of(feeds.of(key))),
    isWatched: parts.isWatched,
  });
  const verifier = createVerifier(ports);
  const store = createLineStore(ports, {
    board,
    traders: ledger.traders,
    onStored: verifier.offer,
  });
  const limiter = createLimiter(SYNCS_AT_ONCE);
  const lines = createLines(ports, {
    shard,
    sync: { guard, limiter, isHeld: ledger.isHeld, signal },
    store,
    tell,
    queue: () => queue,
    seenBefore: parts.seenBefore,
    onProcessed: (receivedAt) => {
      const now = precise();
      latency.add(now - receivedAt, now);
    },
  });
  const queue = createQueue(ports, {
    shard,
    tell,
    process: lines.process,
    onDropped: lines.dropped,
    hasPosition: ledger.isHeld,
    onSlow: lines.slow,
  });
  const trust = createTrust(ports, ({ key }) => lines.of(key));
  const feeds = createFeeds(ports, {
    shard,
    signal,
    onRejoin: ({ key }) => {
      lines.rejoin(key);
    },
    onBatch: (feed, batch) => {
      takeBatch(ports, lines, { feed, batch });
      queue.drain();
    },
  });
  return { feeds, lines, queue, board, store, trust, verifier };
}
