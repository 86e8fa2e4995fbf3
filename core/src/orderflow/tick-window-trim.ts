import { dropGaps } from './flow-gaps.ts';
import {
  AREA,
  AT,
  EXACT_POINTS,
  HIGH,
  LOW,
  pointAt,
  rebuildBlocks,
  STRIDE,
  type TapeState,
} from './tick-window-tape.ts';

const SECOND_MS = 1_000;

/** True when point `index` may be merged into the next one: old, and both in the same second. */
function isMergeable({ cells, count }: TapeState, index: number): boolean {
  if (index >= count - EXACT_POINTS) return false;
  const second = Math.floor((cells[index * STRIDE + AT] ?? 0) / SECOND_MS);
  return Math.floor((cells[(index + 1) * STRIDE + AT] ?? 0) / SECOND_MS) === second;
}

/** Moves the points from `first` on to the front; with `isMerging`, old ones to one a second. */
function compact(tape: TapeState, first: number, isMerging: boolean): number {
  const { cells, ids, count } = tape;
  let kept = 0;
  for (let index = first; index < count; index++) {
    const from = index * STRIDE;
    if (isMerging && isMergeable(tape, index)) {
      // The last point of a second stands for all of it: its totals hold, its range widens.
      const next = from + STRIDE;
      cells[next + LOW] = Math.min(cells[next + LOW] ?? 0, cells[from + LOW] ?? 0);
      cells[next + HIGH] = Math.max(cells[next + HIGH] ?? 0, cells[from + HIGH] ?? 0);
      continue;
    }
    const to = kept * STRIDE;
    for (let field = 0; field < STRIDE; field++) cells[to + field] = cells[from + field] ?? 0;
    ids[kept] = ids[index] ?? 0;
    kept += 1;
  }
  return kept;
}

/** Counts totals from the first point anew, so that they stay far below 2^53 (IND-02). */
function rebase({ cells, count }: TapeState): void {
  for (let field = AREA; field < STRIDE; field++) {
    const base = cells[field] ?? 0;
    for (let cell = field; cell < count * STRIDE; cell += STRIDE)
      cells[cell] = (cells[cell] ?? 0) - base;
  }
}

/**
 * Makes room: drops what no window reaches any more, lets the tape grow up to its capacity, and there merges
 * old points to one a second.
 */
export function trim(tape: TapeState): void {
  const newest = tape.cells[(tape.count - 1) * STRIDE + AT] ?? 0;
  // The point before the horizon stays: its price holds into it.
  const first = Math.max(0, pointAt(tape, newest - tape.horizonMs));
  const isFull = tape.limit === tape.capacity && tape.count - first > tape.capacity / 2;
  tape.count = compact(tape, first, isFull);
  if (tape.count > tape.limit / 2) tape.limit = Math.min(tape.capacity, tape.limit * 2);
  rebase(tape);
  rebuildBlocks(tape, 0);
  dropGaps(tape.gaps, newest - tape.horizonMs);
}
