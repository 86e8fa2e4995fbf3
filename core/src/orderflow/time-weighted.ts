import { areaAt, spanOf, tapeStart, type Span, type TickWindow } from './tick-window-read.ts';
import type { TapeState } from './tick-window-tape.ts';

/**
 * Time-weighted average of the price over a span: each price holds until the next trade, and the last one
 * before the span covers its start. What lies before the tape's first trade is left out.
 *
 * @returns Ticks; `undefined` where no time of the span is known.
 */
export function averageOver(tape: TapeState, { from, to }: Span): number | undefined {
  const start = tapeStart(tape);
  if (start === undefined || to <= start) return undefined;
  const known = Math.max(from, start);
  const [before, after] = [areaAt(tape, known), areaAt(tape, to)];
  return before === undefined || after === undefined ? undefined : (after - before) / (to - known);
}

/** TWPA(t1, t2): the time-weighted price average of a window (IND-32). Ticks. */
export const twpa = (tape: TapeState, window: TickWindow, now: number): number | undefined =>
  averageOver(tape, spanOf(window, now));
