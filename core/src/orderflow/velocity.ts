import type { TickWindow } from './tick-window-read.ts';
import type { TapeState } from './tick-window-tape.ts';
import { twpa } from './time-weighted.ts';

/**
 * VELOCITY(a, b): how fast the average price of the last `a` seconds moved away from that of the `b` seconds
 * before them (IND-36); their middles lie `(a + b) / 2` seconds apart.
 *
 * @param window `t1` is a, `t2` is b, both > 0.
 * @returns Percent per second.
 */
export function velocity(
  tape: TapeState,
  { t1: a, t2: b }: TickWindow,
  now: number,
): number | undefined {
  const recent = twpa(tape, { t1: a, t2: 0 }, now);
  const before = twpa(tape, { t1: a + b, t2: a }, now);
  if (recent === undefined || before === undefined) return undefined;
  return (100 * (recent - before)) / before / ((a + b) / 2);
}
