import { raiseAlert, resolveAlert } from '@tradewind/adapters/alerts/raise-alert';
import type { FeedFault, FeedTrade, Quote } from '@tradewind/adapters/venue/venue';
import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import type { Tick } from '@tradewind/core/market/tick';
import { createChunkWriter } from './chunks.ts';
import { feedBatch, feedTick, hold, isJump, loseTrades, newLine, receiveTrade } from './line.ts';
import type { Arrival, Line, LineSinks } from './line.ts';
import type { SyncContext } from './line-resume.ts';
import type { LineStore } from './line-store.ts';
import { startSync } from './line-sync.ts';
import { createMarketPrice } from './market-price.ts';
import { feedName, feedOf, type FeedKey, type Followed, type WorkerPorts } from './ports.ts';
import type { Queue, QueuedTrades } from './queue.ts';

/** A market that nobody wants any more stays for this long: bots stop and start again. */
const KEPT_MS = 600_000;
/** Above this share of the memory limit no market is added (MD-86). */
const MEMORY_SHARE = 0.7;

/** All followed markets of a shard: each takes its own trades, and keeps its own troubles (MD-06). */
export type Lines = ReturnType<typeof createLines>;

type Parts = {
  readonly shard: string;
  readonly sync: Omit<SyncContext, 'sinks' | 'ports'> & Pick<LineSinks, 'guard'>;
  readonly store: LineStore;
  /** A trade's analytics are done: how long since it arrived is measured. */
  readonly onProcessed: (receivedAt: number) => void;
  readonly queue: () => Queue;
  /** Market time up to which somebody watched prices before this session. */
  readonly seenBefore: (marketKey: string) => EpochMs | null;
};

/** Tells when markets had to be refused for want of memory, and when there is room again. */
function createMemoryAlert({ store, clock, log }: WorkerPorts, shard: string) {
  const key = { rule: 'worker_memory', bookId: null, symbol: null, label: shard };
  let refused = '';
  return (symbols: readonly string[]): void => {
    const now = clock.wallNow();
    const text = symbols.join(', ');
    if (text === refused) return;
    refused = text;
    const message = `This worker's memory is in use: ${text} cannot be followed. Give it more memory, or more shards.`;
    const work: Promise<unknown> =
      text === ''
        ? resolveAlert(store, { ...key, now })
        : raiseAlert(store, { ...key, severity: 'CRITICAL', message, details: { shard }, now });
    work.catch((error: unknown) => {
      log.warn('an alert could not be written', { error });
    });
  };
}

export function createLines(ports: WorkerPorts, parts: Parts) {
  const { clock, log, metrics } = ports;
  const lines = new Map<string, Line>();
  const unwanted = new Map<Line, number>();
  const tellRefused = createMemoryAlert(ports, parts.shard);

  const sinks: LineSinks = {
    guard: parts.sync.guard,
    enqueue: (line, arrival) => {
      parts.queue().offer(line.market.marketKey, arrival, line.isSlow);
    },
  };
  const context: SyncContext = { ...parts.sync, ports, sinks };

  /** One market's poison stays its own: it begins anew from what REST tells (MD-06). */
  const isolate = (line: Line, error: unknown): void => {
    line.counters.bad.inc();
    line.interrupted = true;
    log.error('a trade could not be processed; its market begins anew', {
      symbol: line.market.symbol,
      error,
    });
    startSync(context, line, { kind: 'restart', from: null });
  };
  const alone = (line: Line, work: () => void): void => {
    try {
      work();
    } catch (error) {
      isolate(line, error);
    }
  };
  const add = (market: Followed, key: FeedKey): void => {
    const { marketKey, symbol } = market;
    const origin = ports.origin;
    const line = newLine({
      market,
      key,
      data: ports.marketData(key),
      counters: metrics.market(key.venue, symbol),
      chunks: createChunkWriter(ports.store, { marketKey, origin }, clock.wallNow),
      price: createMarketPrice(market, key),
    });
    line.seenBefore = parts.seenBefore(marketKey);
    line.interrupted = line.seenBefore !== null;
    lines.set(marketKey, line);
    startSync(context, line, { kind: 'restart', from: null });
  };
  const remove = (line: Line): void => {
    line.turn += 1;
    lines.delete(line.market.marketKey);
    unwanted.delete(line);
    metrics.forget(line.key.venue, line.market.symbol);
    Promise.all([parts.store.finish(line), line.archive?.close()]).catch((error: unknown) => {
      log.warn('a market could not be closed', { symbol: line.market.symbol, error });
    });
  };
  const processTick = (line: Line, arrival: Arrival): void => {
    if (line.phase === 'live' && isJump(line, arrival)) startSync(context, line, { kind: 'jump' });
    if (line.phase === 'syncing') {
      hold(line, arrival);
      return;
    }
    feedTick(line, arrival);
    parts.onProcessed(arrival.receivedAt);
  };
  return {
    all: (): readonly Line[] => [...lines.values()],
    get: (marketKey: string): Line | undefined => lines.get(marketKey),
    of: (key: FeedKey): readonly Line[] =>
      [...lines.values()].filter((line) => feedName(line.key) === feedName(key)),
    /** Once a second: what is wanted is begun, what nobody has wanted for a while is given up. */
    follow: (markets: readonly Followed[]): void => {
      const now = clock.wallNow();
      const wanted = new Set(markets.map(({ marketKey }) => marketKey));
      const refused: string[] = [];
      for (const market of markets) {
        const key = feedOf(market.marketKey);
        if (key === undefined || lines.has(market.marketKey)) continue;
        if (ports.memoryInUse() > MEMORY_SHARE) refused.push(market.symbol);
        else add(market, key);
      }
      tellRefused(refused);
      for (const line of lines.values()) {
        if (wanted.has(line.market.marketKey)) unwanted.delete(line);
        else if (!unwanted.has(line)) unwanted.set(line, now);
        else if (now - (unwanted.get(line) ?? now) >= KEPT_MS) remove(line);
      }
    },
    /** The stream is back for these: what they missed is read. Called before its first trades. */
    rejoin: (key: FeedKey): void => {
      for (const line of lines.values()) {
        if (feedName(line.key) !== feedName(key) || line.phase !== 'live') continue;
        line.interrupted = true;
        line.seenBefore = line.newestAt < 0 ? null : epochMs(line.newestAt);
        startSync(context, line, { kind: 'rejoin' });
      }
    },
    receive: (trade: FeedTrade): void => {
      const line = lines.get(trade.marketKey);
      if (line !== undefined)
        alone(line, () => {
          receiveTrade(line, trade, sinks);
        });
    },
    quote: (quote: Quote): void => {
      const line = lines.get(quote.marketKey);
      if (line !== undefined)
        alone(line, () => {
          line.price.onQuote(quote);
          line.analysis?.quote(quote);
        });
    },
    fault: ({ kind, marketKey, count, what }: FeedFault, feed: FeedKey): void => {
      const line = marketKey === null ? undefined : lines.get(marketKey);
      log.warn('the venue sent something that cannot be used', { kind, marketKey, count, what });
      (line?.counters ?? metrics.market(feed.venue, 'unknown')).bad.inc(count);
    },
    process: (item: QueuedTrades): void => {
      const line = lines.get(item.marketKey);
      if (line === undefined) return;
      alone(line, () => {
        if (item.kind === 'tick') processTick(line, arrivalOf(item.tick, clock.wallNow()));
        else if (line.phase === 'syncing') line.batches.push(item.batch);
        else feedBatch(line, item.batch);
      });
      if (line.pending.candles.length > 0) parts.store.look(line);
    },
    dropped: (lost: Parameters<typeof loseTrades>[1]): void => {
      const line = lines.get(lost.marketKey);
      if (line !== undefined) loseTrades(line, lost);
    },
    slow: (marketKey: string): void => {
      const line = lines.get(marketKey);
      if (line === undefined || line.isSlow) return;
      line.isSlow = true;
      log.warn('the analytics of a market are too slow: they wait for all others', { marketKey });
    },
    /** Once a second. `until` is the market time up to which trades have arrived, where they do. */
    tick: (until: EpochMs, isFlowing: (line: Line) => boolean): void => {
      for (const line of lines.values()) {
        if (line.phase === 'live' && isFlowing(line))
          alone(line, () => line.analysis?.advance(until));
        parts.store.look(line);
      }
    },
    finish: async (): Promise<void> => {
      await Promise.allSettled([...lines.values()].map((line) => parts.store.finish(line)));
    },
  };
}

const isArrival = (tick: Tick): tick is Arrival => 'receivedAt' in tick;
/** The queue hands out what it was given: a tick with its arrival. */
const arrivalOf = (tick: Tick, now: EpochMs): Arrival =>
  isArrival(tick) ? tick : { ...tick, receivedAt: now };
