import { priceAt, rangeOver, spanOf, tapeStart, type TickWindow } from './tick-window-read.ts';
import type { TapeState } from './tick-window-tape.ts';
import { averageOver } from './time-weighted.ts';

/** What a move is measured from: the window's own extreme, its time-weighted average, or its first price. */
export type MoveBase = 'extreme' | 'twpa' | 'first';

type Move = { readonly window: TickWindow; readonly base: MoveBase };

function baseOf(
  tape: TapeState,
  { window, base }: Move,
  { now, extreme }: { readonly now: number; readonly extreme: 'low' | 'high' },
): number | undefined {
  const span = spanOf(window, now);
  if (base === 'twpa') return averageOver(tape, span);
  if (base === 'extreme') return rangeOver(tape, span)?.[extreme];
  const start = tapeStart(tape);
  return start === undefined || start > span.to
    ? undefined
    : priceAt(tape, Math.max(span.from, start));
}

/**
 * PUMP_MAGNITUDE(t1, t2): how far the price has risen above the lowest one of the window, or above its average
 * or first price (IND-34). Strong from 8.0 on.
 *
 * @returns Percent; negative when the price is below the base.
 */
export function pumpMagnitude(tape: TapeState, move: Move, now: number): number | undefined {
  const base = baseOf(tape, move, { now, extreme: 'low' });
  const price = priceAt(tape, now);
  return base === undefined || price === undefined ? undefined : (100 * (price - base)) / base;
}

/**
 * DUMP_MAGNITUDE(t1, t2): how far the price has fallen below the highest one of the window, or below its
 * average or first price: the mirror of {@link pumpMagnitude} (IND-34).
 *
 * @returns Percent; negative when the price is above the base.
 */
export function dumpMagnitude(tape: TapeState, move: Move, now: number): number | undefined {
  const base = baseOf(tape, move, { now, extreme: 'high' });
  const price = priceAt(tape, now);
  return base === undefined || price === undefined ? undefined : (100 * (base - price)) / base;
}
