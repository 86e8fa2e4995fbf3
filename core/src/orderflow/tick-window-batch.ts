import type { Batch } from '../market/batch.ts';
import {
  BLOCK,
  BUYS,
  HIGH,
  LOW,
  pointAt,
  STRIDE,
  TRADES,
  widenBlock,
  type TapeState,
} from './tick-window-tape.ts';
import { tapeNext } from './tick-window.ts';

/**
 * Feeds trades that were folded together under pressure (MD-72), updating `tape` in place: all of them at the
 * time of the last, with their sums, their counts and their range. Windows that begin or end inside the tenth
 * of a second that they came in are off by them; all others are exact, but for the price within it.
 */
export function tapeBatch(tape: TapeState, { sums }: Batch): void {
  const { lastAt: at, close: price, volume, buyVolume, trades, buyTrades } = sums;
  const id = sums.lastText ?? sums.lastId;
  const [sellVolume, sells] = [volume - buyVolume, trades - buyTrades];
  if (buyTrades > 0) tapeNext(tape, { id, at, price, size: buyVolume, isBuy: true });
  if (sells > 0) tapeNext(tape, { id, at, price, size: sellVolume, isBuy: false });
  const point = pointAt(tape, at);
  const { cells, count } = tape;
  const [moreBuys, moreSells] = [Math.max(0, buyTrades - 1), Math.max(0, sells - 1)];
  for (let cell = point * STRIDE; cell < count * STRIDE; cell += STRIDE) {
    cells[cell + TRADES] = (cells[cell + TRADES] ?? 0) + moreBuys + moreSells;
    cells[cell + BUYS] = (cells[cell + BUYS] ?? 0) + moreBuys;
  }
  const cell = point * STRIDE;
  cells[cell + LOW] = Math.min(cells[cell + LOW] ?? price, sums.low);
  cells[cell + HIGH] = Math.max(cells[cell + HIGH] ?? price, sums.high);
  const block = Math.floor(point / BLOCK);
  widenBlock(tape, block, sums.low);
  widenBlock(tape, block, sums.high);
}
