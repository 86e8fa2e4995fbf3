import { livePriceDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import type { BotDoc } from '@tradewind/contracts/documents/bot';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Trade } from '@tradewind/core/market/market';
import type { createLivePrices } from './live-prices.ts';
import type { Followed, WorkerPorts } from './ports.ts';
import type { PositionGuard } from './position-guard.ts';
import { createRecorder, ensureMarket, type Recorder } from './recorder.ts';
import { wakeBots, wakesFor } from './wake-bots.ts';

/** One market that is followed. */
type Line = {
  readonly market: Followed;
  readonly recorder: Recorder;
  /** Market time of the last trade before the stream (re)joined: a replay begins after it. */
  seenBefore: EpochMs | undefined;
  prepared: boolean;
  /** Wall time of the next try to prepare it. */
  retryAt: number;
};

/** A market that the venue does not list now may be listed later. */
const PREPARE_AGAIN_MS = 30_000;

/** All followed markets: each takes its own trades, and keeps its own troubles. */
export type Lines = {
  readonly markets: () => Followed[];
  /** The stream begins (again) for these and all earlier ones. */
  readonly join: (markets: readonly Followed[]) => void;
  /** Trades in the order of their times. */
  readonly take: (trades: readonly Trade[]) => void;
  /** Once a second. `until` is the market time up to which trades have arrived. */
  readonly tick: (until: EpochMs) => void;
  readonly finish: () => Promise<void>;
};

type Parts = {
  readonly guard: PositionGuard;
  readonly live: ReturnType<typeof createLivePrices>;
  readonly bots: () => BotDoc[];
};

/** Stores what is due; replays what was missed, and wakes the bots of a bar that closed. */
async function flush(
  ports: WorkerPorts,
  { guard, bots }: Parts,
  { line, final }: { readonly line: Line; readonly final?: 'final' },
): Promise<void> {
  const { marketKey } = line.market;
  const { gapFilled, closedBar } = await line.recorder.flush(final);
  const { seenBefore } = line;
  const missed =
    seenBefore === undefined ? [] : gapFilled.filter(({ openAt }) => openAt >= seenBefore);
  if (missed.length > 0) guard.onGap(marketKey, missed);
  if (closedBar !== null) await wakeBots(ports, wakesFor(bots(), marketKey, closedBar));
}

/** Hands a trade on. Returns what went wrong. */
function takeOne({ guard, live }: Parts, line: Line, trade: Trade): unknown {
  try {
    guard.onTrade(trade.marketKey, trade.price);
    live.add(trade);
    line.recorder.add(trade);
    return undefined;
  } catch (error) {
    // One market's poison stays its own: its minutes are read over REST instead.
    line.recorder.join();
    return error;
  }
}

export function createLines(ports: WorkerPorts, parts: Parts): Lines {
  const { log } = ports;
  const { live } = parts;
  const lines = new Map<string, Line>();
  const quietly = (work: Promise<unknown>, what: string, { market }: Line): void => {
    work.catch((error: unknown) => {
      log.warn(what, { symbol: market.symbol, error });
    });
  };
  const store = (line: Line): void => {
    quietly(flush(ports, parts, { line }), 'candles could not be stored', line);
  };
  const lineOf = (market: Followed): Line => {
    const recorder = createRecorder(ports, market);
    const line: Line = { market, recorder, seenBefore: undefined, prepared: false, retryAt: 0 };
    lines.set(market.marketKey, line);
    live.follow(market);
    quietly(prepare(ports, line), 'a market could not be prepared', line);
    return line;
  };
  return {
    markets: () => [...lines.values()].map(({ market }) => market),
    join: (markets) => {
      for (const market of markets) if (!lines.has(market.marketKey)) lineOf(market);
      for (const line of lines.values()) {
        line.seenBefore = live.lastAt(line.market.marketKey) ?? line.seenBefore;
        line.recorder.join();
      }
    },
    take: (trades) => {
      const touched = new Set<Line>();
      for (const trade of trades) {
        const line = lines.get(trade.marketKey);
        if (line === undefined) continue;
        const error = takeOne(parts, line, trade);
        if (error !== undefined)
          log.error('a trade could not be processed', { symbol: line.market.symbol, error });
        touched.add(line);
      }
      touched.forEach(store);
    },
    tick: (until) => {
      for (const line of lines.values()) {
        line.recorder.advance(until);
        store(line);
        quietly(prepare(ports, line), 'a market could not be prepared', line);
      }
    },
    finish: async () => {
      const last = [...lines.values()].map((line) => flush(ports, parts, { line, final: 'final' }));
      await Promise.allSettled(last);
    },
  };
}

/** Market rules, and when the last worker stopped watching; tried again until it is done. */
async function prepare(ports: WorkerPorts, line: Line): Promise<void> {
  const now = ports.clock.wallNow();
  if (line.prepared || now < line.retryAt) return;
  line.prepared = true;
  line.retryAt = now + PREPARE_AGAIN_MS;
  try {
    const stored = await ports.store.get(paths.livePrice(line.market.marketKey), livePriceDoc);
    // A price that REST gave was watched by nobody.
    if (stored?.source === 'ws') line.seenBefore ??= stored.at;
    line.prepared = await ensureMarket(ports, line.market);
  } catch (error) {
    line.prepared = false;
    throw error;
  }
}
