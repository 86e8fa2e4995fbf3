import type { Bar } from '../market/bar.ts';
import { candleOf } from '../market/convert.ts';
import type { Grid } from '../market/grid.ts';
import type { Candle } from '../market/market.ts';

/** Numbers per bar. */
const STRIDE = 11;
const GAP_FILLED = 1;
const INCOMPLETE = 2;
const NO_SPLIT = 4;

/**
 * The last closed bars of one series. JSON-able.
 *
 * Flat, since thousands of bar objects per market would be what a garbage collector walks all day.
 */
export type BarRing = {
  readonly capacity: number;
  /** Bars pushed so far. */
  pushed: number;
  readonly cells: number[];
};

/** A ring without bars. @throws RangeError unless `capacity` is an integer >= 1. */
export function ringInit(capacity: number): BarRing {
  if (!Number.isInteger(capacity) || capacity < 1)
    throw new RangeError(`Invariant: a ring keeps a whole number of bars >= 1, was ${capacity}`);
  return { capacity, pushed: 0, cells: [] };
}

/**
 * Adds a bar in place; beyond the capacity it takes the place of the oldest.
 *
 * @param isSplitKnown False for a venue's own candle, which does not tell what aggressors bought.
 */
export function ringPush(ring: BarRing, bar: Bar, isSplitKnown = true): void {
  const { cells } = ring;
  const cell = (ring.pushed % ring.capacity) * STRIDE;
  cells[cell] = bar.openAt;
  cells[cell + 1] = bar.open;
  cells[cell + 2] = bar.high;
  cells[cell + 3] = bar.low;
  cells[cell + 4] = bar.close;
  cells[cell + 5] = bar.volume;
  cells[cell + 6] = bar.buyVolume;
  cells[cell + 7] = bar.turnover;
  cells[cell + 8] = bar.trades;
  cells[cell + 9] = bar.buyTrades;
  cells[cell + 10] =
    (bar.gapFilled ? GAP_FILLED : 0) +
    (bar.incomplete ? INCOMPLETE : 0) +
    (isSplitKnown ? 0 : NO_SPLIT);
  ring.pushed += 1;
}

/** Puts a bar in the place of the last one, in place. */
export function ringCorrect(ring: BarRing, bar: Bar): void {
  ring.pushed -= 1;
  ringPush(ring, bar);
}

/** Bars that it holds. */
export const ringLength = ({ pushed, capacity }: BarRing): number => Math.min(pushed, capacity);

/** The bar `back` places before the last one (0 = the last); `undefined` where there is none. */
export function ringBar(ring: BarRing, back: number): Bar | undefined {
  if (back < 0 || back >= ringLength(ring)) return undefined;
  const { cells } = ring;
  const cell = ((ring.pushed - 1 - back) % ring.capacity) * STRIDE;
  const read = (field: number): number => cells[cell + field] ?? 0;
  const flags = read(10);
  return {
    openAt: read(0),
    open: read(1),
    high: read(2),
    low: read(3),
    close: read(4),
    volume: read(5),
    buyVolume: read(6),
    turnover: read(7),
    trades: read(8),
    buyTrades: read(9),
    gapFilled: (flags & GAP_FILLED) !== 0,
    incomplete: (flags & INCOMPLETE) !== 0,
  };
}

/** The same as {@link ringBar}, in units; what aggressors bought is `null` where the venue did not tell. */
export function ringCandle(ring: BarRing, back: number, grid: Grid): Candle | undefined {
  const bar = ringBar(ring, back);
  if (bar === undefined) return undefined;
  const cell = ((ring.pushed - 1 - back) % ring.capacity) * STRIDE;
  const candle = candleOf(bar, grid);
  return ((ring.cells[cell + 10] ?? 0) & NO_SPLIT) === 0
    ? candle
    : { ...candle, buyVolume: null, buyTrades: null, source: 'venue' };
}

/** Trades of the bars that begin at or after `from`. */
export function ringTrades(ring: BarRing, from: number): number {
  const { cells, capacity, pushed } = ring;
  let trades = 0;
  for (let back = 0; back < ringLength(ring); back++) {
    const cell = ((pushed - 1 - back) % capacity) * STRIDE;
    if ((cells[cell] ?? 0) < from) break;
    trades += cells[cell + 8] ?? 0;
  }
  return trades;
}
