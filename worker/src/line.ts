import type { MarketWriter } from '@tradewind/adapters/archive/writer';
import type { FeedTrade, MarketData } from '@tradewind/adapters/venue/venue';
import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import type { Bar, SeriesName } from '@tradewind/core/market/bar';
import type { Batch } from '@tradewind/core/market/batch';
import { LATENESS_MS, type TickFate } from '@tradewind/core/market/cascade';
import { candleOf, tickOf } from '@tradewind/core/market/convert';
import type { Grid } from '@tradewind/core/market/grid';
import type { Dropped } from '@tradewind/core/market/lanes';
import type { Candle } from '@tradewind/core/market/market';
import {
  outlierInit,
  outlierLimit,
  outlierNext,
  type OutlierState,
} from '@tradewind/core/market/outlier';
import type { Tick } from '@tradewind/core/market/tick';
import { priceOfSteps } from '@tradewind/core/lib/units';
import type { Analysis } from './analysis.ts';
import type { ChunkWriter } from './chunks.ts';
import type { MarketPrice } from './market-price.ts';
import type { MarketCounters } from './metrics.ts';
import type { FeedKey, Followed } from './ports.ts';
import type { PositionGuard } from './position-guard.ts';

/** A trade in steps, and the wall time at which it arrived. */
export type Arrival = Tick & { readonly receivedAt: number };

/** What a market has closed and not stored yet. */
export type Pending = {
  candles: Candle[];
  /** Market time of the newest trade in them, and when it arrived. */
  venueAt: EpochMs | null;
  receivedAt: EpochMs;
  /** Wall time of the next write; `null` while nothing waits. */
  dueAt: number | null;
};

/** One market on its way from trades to documents; its parts change it in place, and no other's. */
export type Line = {
  readonly market: Followed;
  readonly key: FeedKey;
  readonly data: MarketData;
  readonly counters: MarketCounters;
  readonly chunks: ChunkWriter;
  readonly price: MarketPrice;
  readonly outlier: OutlierState;
  readonly pending: Pending;
  grid: Grid | null;
  analysis: Analysis | null;
  archive: MarketWriter | null;
  /** Variants on trades that strategies read of this market. */
  windows: readonly string[];
  /** `syncing` while trades wait for what REST is asked for. */
  phase: 'syncing' | 'live';
  /** True when prices were watched before this sync: there is something to catch up with (MD-65). */
  interrupted: boolean;
  /** Trades from before the grid was known. */
  raw: FeedTrade[];
  waiting: Arrival[];
  /** What the queue had folded before the sync began. */
  batches: Batch[];
  /** Number of the sync that runs: a newer one makes older ones end. */
  turn: number;
  /** Syncs that failed since one succeeded. */
  failures: number;
  /** Id and time of the newest trade that went through, where ids count up; -1 before the first. */
  lastId: number;
  lastAt: number;
  /** Trades that arrived by the stream, the id of the last, and the newest of their times. */
  arrived: number;
  receivedId: number | string;
  newestAt: number;
  /** Its analytics were too slow too often: they wait for all others (MD-74). */
  isSlow: boolean;
  /** Trades that the queue gave up: the leap of ids that they leave is no news. */
  forgiven: number;
  /** Jumps of ids that hid no trade: a venue that has many does not count its trades. */
  phantoms: number;
  /** Trades that are in its bars. */
  taken: number;
  /** Up to where archived trades are whole already: they are not written twice. */
  archivedId: number;
  /** Market time up to which prices were watched by whoever came before us. */
  seenBefore: EpochMs | null;
  /** Trades that REST told after a gap. */
  backfilled: number;
};

/** Trades that may wait for one market while it syncs; more than that is a market to be read anew. */
const MAX_WAITING = 50_000;
/** Leaps of ids that turned out to hide nothing, after which they are not believed any more. */
const MAX_PHANTOMS = 3;

export const newLine = (
  parts: Pick<Line, 'market' | 'key' | 'data' | 'counters' | 'chunks' | 'price'>,
): Line => ({
  ...parts,
  outlier: outlierInit(outlierLimit(parts.key.market)),
  pending: { candles: [], venueAt: null, receivedAt: epochMs(0), dueAt: null },
  grid: null,
  analysis: null,
  archive: null,
  windows: [],
  phase: 'syncing',
  interrupted: false,
  raw: [],
  waiting: [],
  batches: [],
  turn: 0,
  failures: 0,
  lastId: -1,
  lastAt: -1,
  arrived: 0,
  receivedId: -1,
  newestAt: -1,
  isSlow: false,
  forgiven: 0,
  phantoms: 0,
  taken: 0,
  archivedId: -1,
  seenBefore: null,
  backfilled: 0,
});

/** What a line hands its trades to. */
export type LineSinks = {
  readonly guard: Pick<PositionGuard, 'onTrade'>;
  /** Puts it into the queue to `processArrival`. */
  readonly enqueue: (line: Line, arrival: Arrival) => void;
};

/** Prices at once: stops, and what is shown. A price far from the market waits for a second one (MD-32). */
function watchPrice(line: Line, arrival: Arrival, guard: LineSinks['guard']): void {
  const { market, price, grid } = line;
  if (grid === null) return;
  const pass = (tick: Tick): void => {
    const at = priceOfSteps(grid.tick, tick.price);
    price.onTrade({ price: at, at: tick.at, receivedAt: arrival.receivedAt });
    guard.onTrade(market.marketKey, at);
  };
  if (outlierNext(line.outlier, arrival, pass) === 'passed') pass(arrival);
}

/** Takes a trade as it arrives: prices are judged and trades are kept now, everything else is queued. */
export function receiveTrade(line: Line, trade: FeedTrade, sinks: LineSinks): void {
  const { grid, counters } = line;
  if (grid === null) {
    line.raw.push(trade);
    return;
  }
  line.arrived += 1;
  counters.ticks.inc();
  const tick = tickOf(trade, grid);
  if (tick === undefined) {
    counters.bad.inc();
    return;
  }
  const { receivedAt } = trade;
  const arrival: Arrival = { ...tick, receivedAt };
  line.receivedId = tick.id;
  const isLate = tick.at < line.newestAt - LATENESS_MS;
  if (tick.at > line.newestAt) line.newestAt = tick.at;
  line.archive?.tick(tick, receivedAt, isLate ? { late: true } : {});
  watchPrice(line, arrival, sinks.guard);
  if (line.phase === 'syncing') hold(line, arrival);
  else sinks.enqueue(line, arrival);
}

/** What came before the grid was known goes the way of all trades. */
export function receiveRaw(line: Line, sinks: LineSinks): void {
  const { raw } = line;
  line.raw = [];
  for (const trade of raw) receiveTrade(line, trade, sinks);
}

/** Has its analytics tell what strategies read of its trades, from now on and when it begins anew. */
export function needWindows(line: Line, windows: readonly string[]): void {
  if (windows.join() === line.windows.join()) return;
  line.windows = windows;
  line.analysis?.need(windows);
}

/** Lets a trade wait for the sync that runs. When too many do, the oldest is given up, and read again later. */
export function hold(line: Line, arrival: Arrival): void {
  line.waiting.push(arrival);
  if (line.waiting.length <= MAX_WAITING) return;
  line.waiting.shift();
  line.counters.dropped.inc();
}

/** A closed bar: kept in the archive, and a minute's candle to be stored. */
export function takeBar(line: Line, series: SeriesName, bar: Bar): void {
  line.archive?.bar(series, bar);
  if (series !== '1m' || line.grid === null) return;
  line.pending.candles.push(candleOf(bar, line.grid));
}

/** True when the venue's count says that trades are missing before this one. */
export function isJump(line: Line, { id }: Tick): boolean {
  if (typeof id !== 'number' || line.lastId < 0) return false;
  const missing = id - line.lastId - 1;
  if (missing <= 0 || line.phantoms >= MAX_PHANTOMS || !line.data.capabilities.tradesById)
    return false;
  if (missing > line.forgiven) return true;
  line.forgiven -= missing;
  return false;
}

/** Counts a trade into bars and indicators. */
export function feedTick(line: Line, tick: Tick): TickFate | 'quarantined' {
  const { analysis, counters } = line;
  if (analysis === null) return 'late';
  const fate = analysis.tick(tick);
  if (fate === 'duplicate') counters.duplicates.inc();
  if (fate === 'late') counters.late.inc();
  if (fate === 'taken') line.taken += 1;
  if (typeof tick.id === 'number' && tick.id > line.lastId) line.lastId = tick.id;
  if (tick.at > line.lastAt) line.lastAt = tick.at;
  return fate;
}

/** The same for trades that were folded under pressure (MD-72). */
export function feedBatch(line: Line, batch: Batch): void {
  line.analysis?.batch(batch);
  line.taken += batch.ids.length;
  for (const id of batch.ids) if (typeof id === 'number' && id > line.lastId) line.lastId = id;
  line.lastAt = Math.max(line.lastAt, batch.sums.lastAt);
}

/** Trades that REST told go to the archive unless it has them: the stream's own are in it already. */
export function archiveTold(line: Line, { receivedAt, ...tick }: Arrival): void {
  if (typeof tick.id === 'number' && tick.id <= line.archivedId) return;
  line.archive?.tick(tick, receivedAt, { source: 'rest' });
}

/** Trades that the queue gave up: their bars lack them (MD-73). */
export function loseTrades(line: Line, lost: Dropped): void {
  line.counters.dropped.inc(lost.trades);
  line.forgiven += lost.trades;
  line.analysis?.mark({ from: lost.from, until: lost.until, incomplete: true });
}
