import { spanOf, tradesOver, type TickWindow } from './tick-window-read.ts';
import type { TapeState } from './tick-window-tape.ts';

/** TRADE_RATE(t1, t2): trades per second of a window (IND-38). */
export const tradeRate = (tape: TapeState, window: TickWindow, now: number): number =>
  tradesOver(tape, spanOf(window, now)) / (window.t1 - window.t2);
