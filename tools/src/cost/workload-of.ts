import {
  BOT_DAY,
  CYCLE_BOARD_DAY,
  CYCLE_POSITION_DAY,
  CYCLE_SYMBOL_DAY,
  cycleViewerHour,
  DESK_DAY,
  HOLDING_DAY,
  NO_OPERATIONS,
  operations,
  POSITION_DAY,
  scaled,
  STORED_BYTES_PER_SYMBOL_DAY,
  summed,
  viewerHour,
  type Operations,
  type Workload,
} from '@tradewind/core/cost/workload';
import type { Measurement } from './measure.ts';
import { inTime } from './usage-log.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const CANDLES_IN_CHUNK = 60;

/** Each count of `a` less that of `b`, and never below nothing. */
const less = (a: Operations, b: Operations): Operations => ({
  reads: Math.max(0, a.reads - b.reads),
  writes: Math.max(0, a.writes - b.writes),
  deletes: Math.max(0, a.deletes - b.deletes),
  bytesRead: Math.max(0, a.bytesRead - b.bytesRead),
  bytesWritten: Math.max(0, a.bytesWritten - b.bytesWritten),
});

/** What was seen of a session, as days and hours of each part of a desk. */
export function workloadOf(
  { whole, alone, watched, viewer, chunk }: Measurement,
  {
    symbols,
    bots,
    viewers,
  }: { readonly symbols: number; readonly bots: number; readonly viewers: number },
): Workload {
  const shardAlone = inTime(less(alone.total, alone.markets), alone, DAY_MS);
  const shardWatched = inTime(less(watched.total, watched.markets), watched, DAY_MS);
  // What a viewer makes the worker write and read more; the first pays for the faster board of all.
  const faster =
    viewers === 0 ? NO_OPERATIONS : scaled(less(shardWatched, shardAlone), 1 / 24 / viewers);
  const own =
    viewer.watchedMs === 0 ? NO_OPERATIONS : scaled(viewer.used, HOUR_MS / viewer.watchedMs);
  // A chunk grows through its hour: on average it is half as long as at its end.
  const perCandle = chunk.candles === 0 ? 0 : chunk.bytes / chunk.candles;
  return {
    perSymbolDay: scaled(inTime(whole.markets, whole, DAY_MS), 1 / symbols),
    perBotDay: BOT_DAY,
    perShardDay: shardAlone,
    perDeskDay: DESK_DAY,
    perHoldingDay: HOLDING_DAY,
    perPositionDay: POSITION_DAY,
    perViewerHour: summed(faster, own, viewerHour(bots)),
    storedBytesPerSymbolDay:
      chunk.candles === 0 ? STORED_BYTES_PER_SYMBOL_DAY : 24 * perCandle * CANDLES_IN_CHUNK,
  };
}

/** A desk without a worker, by what each step of the cycle is known to ask. */
export const workloadWithoutWorker = (bots: number): Workload => ({
  perSymbolDay: CYCLE_SYMBOL_DAY,
  perBotDay: BOT_DAY,
  perShardDay: operations({}),
  perDeskDay: summed(DESK_DAY, CYCLE_BOARD_DAY),
  perHoldingDay: NO_OPERATIONS,
  perPositionDay: CYCLE_POSITION_DAY,
  perViewerHour: cycleViewerHour(bots),
  storedBytesPerSymbolDay: STORED_BYTES_PER_SYMBOL_DAY,
});
