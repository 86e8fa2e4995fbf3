import { MINIMUMS } from '../market/minimums.ts';
import { coverage, tradesOver, type Span } from './tick-window-read.ts';
import type { TapeState } from './tick-window-tape.ts';

/** Share of a window that data must cover (IND-41). */
export const MIN_COVERAGE = 0.95;

/** Trades that a window of this length needs: those of the timeframe nearest to it (IND-41, MD-50). */
export function minTradesFor(lengthMs: number): number {
  let [nearest, distance] = [0, Infinity];
  for (const { windowMs, trades } of Object.values(MINIMUMS)) {
    const away = Math.abs(windowMs - lengthMs);
    if (away < distance) [nearest, distance] = [trades, away];
  }
  return nearest;
}

/**
 * Why a value over a span cannot be told yet (IND-41): data must cover 95 % of it, with as many trades as the
 * timeframe nearest to its length needs.
 *
 * @returns Words for people; `undefined` when it is ready.
 */
export function windowWait(tape: TapeState, span: Span): string | undefined {
  const covered = coverage(tape, span);
  const length = span.to - span.from;
  if (covered < MIN_COVERAGE)
    return `${Math.floor(covered * 100)} % of ${length / 1_000} s covered, needs 95 %`;
  const [trades, needed] = [tradesOver(tape, span), minTradesFor(length)];
  return trades < needed ? `${trades} of ${needed} trades in ${length / 1_000} s` : undefined;
}
