import { setImmediate as breathe } from 'node:timers/promises';
import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import { tickOf } from '@tradewind/core/market/convert';
import type { Candle, Trade } from '@tradewind/core/market/market';
import {
  archiveTold,
  feedBatch,
  feedTick,
  isJump,
  type Arrival,
  type Line,
  type LineSinks,
} from './line.ts';
import type { Limiter } from './limiter.ts';
import type { WorkerPorts } from './ports.ts';
import type { PositionGuard } from './position-guard.ts';

/** Trades that are fed before others get a turn. */
const SLICE = 250;
const MINUTE = 60_000;

/** What all lines of a session share when they ask REST. */
export type SyncContext = {
  readonly ports: WorkerPorts;
  readonly sinks: LineSinks;
  readonly guard: Pick<PositionGuard, 'onGap'>;
  readonly limiter: Limiter;
  readonly isHeld: (marketKey: string) => boolean;
  /** Aborts when the session ends. */
  readonly signal: AbortSignal;
};

/** One sync of a line: over, as far as the line is concerned, once a newer one has begun. */
export type Sync = SyncContext & {
  readonly line: Line;
  readonly isOver: () => boolean;
  /** Asks REST: some at most at once, markets with open positions first. */
  readonly ask: <R>(work: () => Promise<R>) => Promise<R>;
};

/** Why a line is to be brought up to date. */
export type SyncReason =
  /** The venue's count leaps: trades are missing, or come out of order. */
  | { readonly kind: 'jump' }
  /** The stream is back: something may have been missed. */
  | { readonly kind: 'rejoin' }
  /** From the beginning; `from` is the minute to rebuild, where it is known. */
  | { readonly kind: 'restart'; readonly from: EpochMs | null };

/** The venue's order: by its count, or by time where it does not count. */
export const inOrder = (a: Arrival, b: Arrival): number =>
  typeof a.id === 'number' && typeof b.id === 'number' ? a.id - b.id : a.at - b.at;

/** Trades of REST as arrivals of now; what is off the grid is left out. */
export function arrivalsOf(line: Line, trades: readonly Trade[], now: EpochMs): Arrival[] {
  const { grid } = line;
  if (grid === null) return [];
  return trades.flatMap((trade) => {
    const tick = tickOf(trade, grid);
    return tick === undefined ? [] : [{ ...tick, receivedAt: now }];
  });
}

/** Positions hear of prices that nobody watched (PF-45): of trades, each as a candle of one price, and of candles. */
export function replayMissed(
  { line, guard }: Pick<Sync, 'line' | 'guard'>,
  missed: { readonly trades?: readonly Trade[]; readonly candles?: readonly Candle[] },
): void {
  const { seenBefore, waiting, market } = line;
  if (seenBefore === null) return;
  const watched = new Set(waiting.map(({ id }) => String(id)));
  const trades = (missed.trades ?? []).filter(
    ({ tradeId, at }) => at > seenBefore && !watched.has(tradeId),
  );
  const steps = [
    ...(missed.candles ?? []).filter(({ openAt }) => openAt >= seenBefore),
    ...trades.map(({ at, price }) => ({ openAt: at, low: price, high: price, close: price })),
  ];
  if (steps.length > 0) guard.onGap(market.marketKey, steps);
}

type Resumed = { readonly told: readonly Arrival[]; readonly rebuildsLate: boolean };

/**
 * Feeds what REST told and what waited, in the venue's order, until nothing waits any more; the line then
 * lives.
 *
 * @returns What is to be done first: a hole that is left is read, and a trade of REST that came too late for
 *   its bar has its minute rebuilt, where `rebuildsLate` says so. `null` where the line lives.
 */
export async function resume(
  { line, isOver }: Pick<Sync, 'line' | 'isOver'>,
  { told, rebuildsLate }: Resumed,
): Promise<SyncReason | null> {
  const watched = new Set(line.waiting.map(({ id }) => id));
  const unseen = told.filter(({ id }) => !watched.has(id));
  const fromRest = new Set(unseen.map(({ id }) => id));
  let batch = [...unseen, ...line.waiting];
  line.waiting = [];
  const leave = (from: number): void => {
    line.waiting = [...batch.slice(from), ...line.waiting];
  };
  while (batch.length > 0) {
    batch.sort(inOrder);
    for (const [n, arrival] of batch.entries()) {
      const isTold = fromRest.has(arrival.id);
      if (isTold) archiveTold(line, arrival);
      else if (isJump(line, arrival)) {
        leave(n);
        return { kind: 'jump' };
      }
      const fate = feedTick(line, arrival);
      if (fate === 'late' && isTold && rebuildsLate) {
        leave(n + 1);
        return { kind: 'restart', from: epochMs(arrival.at - (arrival.at % MINUTE)) };
      }
      if (n % SLICE !== SLICE - 1) continue;
      await breathe();
      if (isOver()) return null;
    }
    batch = line.waiting;
    line.waiting = [];
  }
  for (const folded of line.batches.splice(0)) feedBatch(line, folded);
  line.phase = 'live';
  line.interrupted = false;
  line.seenBefore = null;
  line.failures = 0;
  return null;
}
