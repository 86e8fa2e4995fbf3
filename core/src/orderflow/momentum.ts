import { priceAt, spanOf, tapeStart, type TickWindow } from './tick-window-read.ts';
import type { TapeState } from './tick-window-tape.ts';

/**
 * MOMENTUM(t1, t2): change of the price from the window's start to its end (IND-35). Strong from 5.0 on.
 *
 * @returns Percent of the price at the start, or of the tape's first price where the tape begins later.
 */
export function momentum(tape: TapeState, window: TickWindow, now: number): number | undefined {
  const { from, to } = spanOf(window, now);
  const first = priceAt(tape, Math.max(from, tapeStart(tape) ?? from));
  const last = priceAt(tape, to);
  return first === undefined || last === undefined ? undefined : (100 * (last - first)) / first;
}
