import type { Tick } from '../market/tick.ts';
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
  rebuildBlocks,
  STRIDE,
  TRADES,
  VOLUME,
  widenBlock,
  type TapeState,
} from './tick-window-tape.ts';

/** True when trade `a` comes after `b` in their millisecond: numbers by value, text by length, then by letters. */
export function isLaterId(a: number | string, b: number | string): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a > b;
  const [left, right] = [String(a), String(b)];
  return left.length === right.length ? left > right : left.length > right.length;
}

/** Counts a trade in the totals of point `index` and of all after it. */
function countFrom({ cells, count }: TapeState, index: number, { size, isBuy }: Tick): void {
  for (let cell = index * STRIDE; cell < count * STRIDE; cell += STRIDE) {
    cells[cell + VOLUME] = (cells[cell + VOLUME] ?? 0) + size;
    cells[cell + TRADES] = (cells[cell + TRADES] ?? 0) + 1;
    if (!isBuy) continue;
    cells[cell + BUY_VOLUME] = (cells[cell + BUY_VOLUME] ?? 0) + size;
    cells[cell + BUYS] = (cells[cell + BUYS] ?? 0) + 1;
  }
}

/** Moves the price that holds from point `index` to the next, and with it the area of all after. */
function reprice({ cells, count }: TapeState, index: number, change: number): void {
  if (index + 1 >= count || change === 0) return;
  const cell = index * STRIDE;
  const area = change * ((cells[cell + STRIDE + AT] ?? 0) - (cells[cell + AT] ?? 0));
  for (let later = cell + STRIDE; later < count * STRIDE; later += STRIDE)
    cells[later + AREA] = (cells[later + AREA] ?? 0) + area;
}

/** Takes a trade into the point of its own millisecond; its price holds when its id is the last there. */
export function mergeIntoPoint(tape: TapeState, index: number, tick: Tick): void {
  const { cells, ids } = tape;
  const cell = index * STRIDE;
  const { price } = tick;
  if (price < (cells[cell + LOW] ?? 0)) cells[cell + LOW] = price;
  if (price > (cells[cell + HIGH] ?? 0)) cells[cell + HIGH] = price;
  countFrom(tape, index, tick);
  if (isLaterId(tick.id, ids[index] ?? 0)) {
    reprice(tape, index, price - (cells[cell + PRICE] ?? 0));
    cells[cell + PRICE] = price;
    ids[index] = tick.id;
  }
  widenBlock(tape, Math.floor(index / BLOCK), price);
}

/** Opens a point before later ones, for a trade that came after them. The tape must have room. */
export function insertPoint(tape: TapeState, tick: Tick): void {
  const { cells, ids, count } = tape;
  const index = pointAt(tape, tick.at) + 1;
  for (let to = (count + 1) * STRIDE - 1; to >= (index + 1) * STRIDE; to--)
    cells[to] = cells[to - STRIDE] ?? 0;
  for (let to = count; to > index; to--) ids[to] = ids[to - 1] ?? 0;
  ids[index] = tick.id;
  tape.count = count + 1;
  const cell = index * STRIDE;
  const from = cell - STRIDE;
  const isFirst = index === 0;
  const held = isFirst ? 0 : (cells[from + PRICE] ?? 0);
  for (let field = AREA; field < STRIDE; field++)
    cells[cell + field] = isFirst ? 0 : (cells[from + field] ?? 0);
  if (!isFirst)
    cells[cell + AREA] = (cells[from + AREA] ?? 0) + held * (tick.at - (cells[from + AT] ?? 0));
  cells[cell + AT] = tick.at;
  cells[cell + PRICE] = tick.price;
  cells[cell + LOW] = tick.price;
  cells[cell + HIGH] = tick.price;
  countFrom(tape, index, tick);
  reprice(tape, index, tick.price - held);
  rebuildBlocks(tape, index);
}
