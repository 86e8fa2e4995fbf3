import { volumeOver, type TickWindow } from './tick-window-read.ts';
import type { TapeState } from './tick-window-tape.ts';

/**
 * VOLUME_SURGE(t1, t2): volume per second of the last `t1` seconds, as a multiple of that of the `t2` seconds
 * before them (IND-33). Strong from 3.0 on.
 *
 * @returns A ratio >= 0; `undefined` when nothing was traded in the earlier time.
 */
export function volumeSurge(
  tape: TapeState,
  { t1, t2 }: TickWindow,
  now: number,
): number | undefined {
  const middle = now - t1 * 1_000;
  const baseline = volumeOver(tape, { from: middle - t2 * 1_000, to: middle });
  if (baseline <= 0) return undefined;
  return volumeOver(tape, { from: middle, to: now }) / t1 / (baseline / t2);
}
