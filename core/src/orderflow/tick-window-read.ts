import { gapsWithin } from './flow-gaps.ts';
import {
  AREA,
  AT,
  BLOCK,
  BUY_VOLUME,
  BUYS,
  HIGH,
  LOW,
  pointAt,
  PRICE,
  STRIDE,
  TRADES,
  VOLUME,
  type TapeState,
} from './tick-window-tape.ts';

/** A stretch of time in epoch milliseconds; trades of it are those after `from`, up to and with `to`. */
export type Span = { readonly from: number; readonly to: number };

/** Window W(t1, t2) = [now - t1, now - t2] of IND-10; `t1 > t2 >= 0`, in seconds. */
export type TickWindow = { readonly t1: number; readonly t2: number };

/** The stretch that a window covers at `now`. */
export const spanOf = ({ t1, t2 }: TickWindow, now: number): Span => ({
  from: now - t1 * 1_000,
  to: now - t2 * 1_000,
});

/** Price in force at `at`, ticks: that of the last trade up to then. `undefined` before the first trade. */
export function priceAt(tape: TapeState, at: number): number | undefined {
  const point = pointAt(tape, at);
  return point < 0 ? undefined : tape.cells[point * STRIDE + PRICE];
}

/** Time of the first trade on the tape, epoch milliseconds; `undefined` when it is empty. */
export const tapeStart = ({ cells, count }: TapeState): number | undefined =>
  count === 0 ? undefined : cells[AT];

/**
 * Integral of the price from the tape's start to `at`, ticks × ms.
 *
 * Between points the price holds; between points that were merged into seconds it runs evenly.
 */
export function areaAt(tape: TapeState, at: number): number | undefined {
  const point = pointAt(tape, at);
  if (point < 0) return undefined;
  const { cells, count } = tape;
  const cell = point * STRIDE;
  const elapsed = at - (cells[cell + AT] ?? 0);
  const area = cells[cell + AREA] ?? 0;
  if (point === count - 1) return area + (cells[cell + PRICE] ?? 0) * elapsed;
  const next = cell + STRIDE;
  const length = (cells[next + AT] ?? 0) - (cells[cell + AT] ?? 0);
  return area + (((cells[next + AREA] ?? 0) - area) * elapsed) / length;
}

/** What was traded in a stretch of time. */
export type FlowSums = {
  /** Lots. */
  readonly volume: number;
  /** Lots that aggressors bought. */
  readonly buyVolume: number;
  readonly trades: number;
  readonly buys: number;
};

/** Sums over the trades of a span. */
export function sumsOver(tape: TapeState, { from, to }: Span): FlowSums {
  const [first, last] = [pointAt(tape, from), pointAt(tape, to)];
  return {
    volume: total(tape, last, VOLUME) - total(tape, first, VOLUME),
    buyVolume: total(tape, last, BUY_VOLUME) - total(tape, first, BUY_VOLUME),
    trades: total(tape, last, TRADES) - total(tape, first, TRADES),
    buys: total(tape, last, BUYS) - total(tape, first, BUYS),
  };
}

/** Trades of a span. */
export const tradesOver = (tape: TapeState, { from, to }: Span): number =>
  total(tape, pointAt(tape, to), TRADES) - total(tape, pointAt(tape, from), TRADES);

/** Lots traded in a span. */
export const volumeOver = (tape: TapeState, { from, to }: Span): number =>
  total(tape, pointAt(tape, to), VOLUME) - total(tape, pointAt(tape, from), VOLUME);

const total = ({ cells }: TapeState, point: number, field: number): number =>
  point < 0 ? 0 : (cells[point * STRIDE + field] ?? 0);

/** Lowest and highest price, ticks. */
export type PriceRange = { readonly low: number; readonly high: number };

/**
 * Range of the prices that held in a span: that of its trades, and the price in force where it begins.
 *
 * Reads at most two blocks' points and one number per block, however long the span is.
 */
export function rangeOver(tape: TapeState, { from, to }: Span): PriceRange | undefined {
  const last = pointAt(tape, to);
  if (last < 0) return undefined;
  const held = pointAt(tape, from);
  const { cells } = tape;
  const price = cells[Math.max(0, held) * STRIDE + PRICE] ?? 0;
  // Before the first trade no price holds: the range begins with its own.
  let [low, high] = held < 0 ? [cells[LOW] ?? 0, cells[HIGH] ?? 0] : [price, price];
  let index = held + 1;
  while (index <= last) {
    const isBlock = index % BLOCK === 0 && index + BLOCK - 1 <= last;
    const block = index / BLOCK;
    const cell = index * STRIDE;
    const lowest = isBlock ? tape.blockLows[block] : cells[cell + LOW];
    const highest = isBlock ? tape.blockHighs[block] : cells[cell + HIGH];
    low = Math.min(low, lowest ?? low);
    high = Math.max(high, highest ?? high);
    index += isBlock ? BLOCK : 1;
  }
  return { low, high };
}

/** Share of a span for which the tape has data, 0 to 1: from its first trade on, less noted gaps. */
export function coverage(tape: TapeState, { from, to }: Span): number {
  const start = tapeStart(tape);
  if (start === undefined || to <= from) return 0;
  const known = Math.max(from, start);
  const covered = to - known - gapsWithin(tape.gaps, known, to);
  return Math.max(0, covered) / (to - from);
}
