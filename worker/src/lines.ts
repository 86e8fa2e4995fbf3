import type { FeedFault, FeedTrade, Quote } from '@tradewind/adapters/venue/venue';
import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import type { Dropped } from '@tradewind/core/market/lanes';
import type { Tick } from '@tradewind/core/market/tick';
import { feedBatch, feedTick, hold, isJump, loseTrades, receiveTrade } from './line.ts';
import type { Arrival, Line, LineSinks } from './line.ts';
import type { SyncContext } from './line-resume.ts';
import { createRoster, type Roster, type RosterParts } from './line-roster.ts';
import type { LineStore } from './line-store.ts';
import { startSync } from './line-sync.ts';
import type { FeedKey, WorkerPorts } from './ports.ts';
import type { Queue, QueuedTrades } from './queue.ts';

/** All followed markets of a shard: each takes its own trades, and keeps its own troubles (MD-06). */
export type Lines = ReturnType<typeof createLines>;

export type LinesParts = Pick<RosterParts, 'shard' | 'tell' | 'seenBefore'> & {
  readonly sync: Omit<SyncContext, 'sinks' | 'ports'> & Pick<LineSinks, 'guard'>;
  readonly store: LineStore;
  /** A trade's analytics are done: how long since it arrived is measured. */
  readonly onProcessed: (receivedAt: number) => void;
  readonly queue: () => Queue;
};

const isArrival = (tick: Tick): tick is Arrival => 'receivedAt' in tick;
/** The queue hands out what it was given: a tick with its arrival. */
const arrivalOf = (tick: Tick, now: EpochMs): Arrival =>
  isArrival(tick) ? tick : { ...tick, receivedAt: now };

/** How a shard's lines begin, and begin anew. */
function createStarts(ports: WorkerPorts, { sync, queue }: LinesParts) {
  const sinks: LineSinks = {
    guard: sync.guard,
    enqueue: (line, arrival) => {
      queue().offer(line.market.marketKey, arrival, line.isSlow);
    },
  };
  const context: SyncContext = { ...sync, ports, sinks };
  const restart = (line: Line): void => {
    startSync(context, line, { kind: 'restart', from: null });
  };
  return {
    sinks,
    restart,
    heal: (line: Line, kind: 'jump' | 'rejoin'): void => {
      startSync(context, line, { kind });
    },
    /** One market's poison stays its own: it begins anew from what REST tells (MD-06). */
    alone: (line: Line, work: () => void): void => {
      try {
        work();
      } catch (error) {
        line.counters.bad.inc();
        line.interrupted = true;
        const { symbol } = line.market;
        ports.log.error('a trade could not be processed; its market begins anew', {
          symbol,
          error,
        });
        restart(line);
      }
    },
  };
}

/** What comes out of the queue. */
function createProcessing(
  ports: WorkerPorts,
  parts: LinesParts,
  { alone, heal }: Pick<ReturnType<typeof createStarts>, 'alone' | 'heal'>,
) {
  const one = (line: Line, arrival: Arrival): void => {
    if (line.phase === 'live' && isJump(line, arrival)) heal(line, 'jump');
    if (line.phase === 'syncing') {
      hold(line, arrival);
      return;
    }
    feedTick(line, arrival);
    parts.onProcessed(arrival.receivedAt);
  };
  return (line: Line, item: QueuedTrades): void => {
    alone(line, () => {
      if (item.kind === 'tick') one(line, arrivalOf(item.tick, ports.clock.wallNow()));
      else if (line.phase === 'syncing') line.batches.push(item.batch);
      else feedBatch(line, item.batch);
    });
    if (line.pending.candles.length > 0) parts.store.look(line);
  };
}

/** A flood of faults is counted one by one, and told once in this time. */
const FAULT_LOG_MS = 10_000;

/** True for what was not said within the last ten seconds. */
function createNews(wallNow: () => EpochMs) {
  const saidAt = new Map<string, number>();
  return (what: string): boolean => {
    const now = wallNow();
    if (now - (saidAt.get(what) ?? -Infinity) < FAULT_LOG_MS) return false;
    saidAt.set(what, now);
    return true;
  };
}

/** What comes from the venue, to the line that it is for. */
function createIntake(
  { clock, log, metrics }: WorkerPorts,
  roster: Roster,
  { alone, sinks }: Pick<ReturnType<typeof createStarts>, 'alone' | 'sinks'>,
) {
  const isNews = createNews(clock.wallNow);
  /** Work of a market that is followed. */
  const withLine = (marketKey: string, work: (line: Line) => void): void => {
    const line = roster.get(marketKey);
    if (line !== undefined)
      alone(line, () => {
        work(line);
      });
  };
  return {
    receive: (trade: FeedTrade): void => {
      withLine(trade.marketKey, (line) => {
        receiveTrade(line, trade, sinks);
      });
    },
    quote: (quote: Quote): void => {
      withLine(quote.marketKey, (line) => {
        line.price.onQuote(quote);
        line.analysis?.quote(quote);
      });
    },
    fault: ({ kind, marketKey, count, what }: FeedFault, { venue }: FeedKey): void => {
      const line = marketKey === null ? undefined : roster.get(marketKey);
      if (isNews(`${kind} ${marketKey ?? ''}`))
        log.warn('the venue sent something that cannot be used', { kind, marketKey, count, what });
      (line?.counters ?? metrics.market(venue, 'unknown')).bad.inc(count);
    },
    dropped: (lost: Dropped): void => {
      withLine(lost.marketKey, (line) => {
        loseTrades(line, lost);
      });
    },
  };
}

export function createLines(ports: WorkerPorts, parts: LinesParts) {
  const { log } = ports;
  const starts = createStarts(ports, parts);
  const roster = createRoster(ports, {
    ...parts,
    onAdded: starts.restart,
    onRemoved: (line) => {
      Promise.all([parts.store.finish(line), line.archive?.close()]).catch((error: unknown) => {
        log.warn('a market could not be closed', { symbol: line.market.symbol, error });
      });
    },
  });
  const process = createProcessing(ports, parts, starts);
  return {
    ...roster,
    ...createIntake(ports, roster, starts),
    /** The stream is back for these: what they missed is read. Called before its first trades. */
    rejoin: (key: FeedKey): void => {
      for (const line of roster.of(key)) {
        if (line.phase !== 'live') continue;
        line.interrupted = true;
        line.seenBefore = line.newestAt < 0 ? null : epochMs(line.newestAt);
        starts.heal(line, 'rejoin');
      }
    },
    process: (item: QueuedTrades): void => {
      const line = roster.get(item.marketKey);
      if (line !== undefined) process(line, item);
    },
    slow: (marketKey: string): void => {
      const line = roster.get(marketKey);
      if (line === undefined || line.isSlow) return;
      line.isSlow = true;
      log.warn('the analytics of a market are too slow: they wait for all others', { marketKey });
    },
    /** Once a second. `until` is the market time up to which trades have arrived, where they do. */
    tick: (until: EpochMs, isFlowing: (line: Line) => boolean): void => {
      for (const line of roster.all()) {
        if (line.phase === 'live' && isFlowing(line))
          starts.alone(line, () => line.analysis?.advance(until));
        parts.store.look(line);
      }
    },
    finish: async (): Promise<void> => {
      await Promise.allSettled(roster.all().map((line) => parts.store.finish(line)));
    },
  };
}
