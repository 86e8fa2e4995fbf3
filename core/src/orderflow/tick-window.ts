import type { Tick } from '../market/tick.ts';
import { noteGap, type Gap } from './flow-gaps.ts';
import { insertPoint, mergeIntoPoint } from './tick-window-late.ts';
import {
  AREA,
  AT,
  BUY_VOLUME,
  BUYS,
  countInBlock,
  HIGH,
  LOW,
  pointAt,
  PRICE,
  STRIDE,
  TRADES,
  VOLUME,
  type TapeState,
} from './tick-window-tape.ts';
import { trim } from './tick-window-trim.ts';

export { tapeInit, type TapeState } from './tick-window-tape.ts';

/**
 * Feeds one trade, updating `tape` in place. The same trades in any order give the same tape, as long as they
 * come no later than the lateness of the stream (MD-31).
 *
 * Costs the same for every window that is read of it: O(1) for a trade in order, amortised over trims; for a
 * late one as many steps as there are points after it.
 */
export function tapeNext(tape: TapeState, tick: Tick): void {
  const { cells, count } = tape;
  const newest = (count - 1) * STRIDE + AT;
  if (count === 0 || tick.at > (cells[newest] ?? 0)) append(tape, tick);
  else if (tick.at === cells[newest]) mergeIntoPoint(tape, count - 1, tick);
  else insert(tape, tick);
}

function append(tape: TapeState, tick: Tick): void {
  if (tape.count === tape.limit) trim(tape);
  if (tape.count === 0) begin(tape, tick);
  else follow(tape, tick);
  tape.ids[tape.count] = tick.id;
  countInBlock(tape, tape.count, tick.price);
  tape.count += 1;
}

function begin({ cells }: TapeState, { at, price, size, isBuy }: Tick): void {
  cells[AT] = at;
  cells[PRICE] = price;
  cells[LOW] = price;
  cells[HIGH] = price;
  cells[AREA] = 0;
  cells[VOLUME] = size;
  cells[BUY_VOLUME] = isBuy ? size : 0;
  cells[TRADES] = 1;
  cells[BUYS] = isBuy ? 1 : 0;
}

function follow({ cells, count }: TapeState, { at, price, size, isBuy }: Tick): void {
  const cell = count * STRIDE;
  const from = cell - STRIDE;
  const held = (cells[from + PRICE] ?? 0) * (at - (cells[from + AT] ?? 0));
  cells[cell + AT] = at;
  cells[cell + PRICE] = price;
  cells[cell + LOW] = price;
  cells[cell + HIGH] = price;
  cells[cell + AREA] = (cells[from + AREA] ?? 0) + held;
  cells[cell + VOLUME] = (cells[from + VOLUME] ?? 0) + size;
  cells[cell + BUY_VOLUME] = (cells[from + BUY_VOLUME] ?? 0) + (isBuy ? size : 0);
  cells[cell + TRADES] = (cells[from + TRADES] ?? 0) + 1;
  cells[cell + BUYS] = (cells[from + BUYS] ?? 0) + (isBuy ? 1 : 0);
}

function insert(tape: TapeState, tick: Tick): void {
  if (tape.count === tape.limit) trim(tape);
  const before = pointAt(tape, tick.at);
  if (before >= 0 && tape.cells[before * STRIDE + AT] === tick.at)
    mergeIntoPoint(tape, before, tick);
  else insertPoint(tape, tick);
}

/** Notes that trades of a span are missing, so that windows over it know what they do not cover. */
export const tapeGap = ({ gaps }: TapeState, gap: Gap): void => {
  noteGap(gaps, gap);
};
