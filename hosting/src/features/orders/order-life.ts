import type { OrderDoc } from '@tradewind/contracts/documents/execution';
import type { EpochMs } from '@tradewind/core/lib/time';

/** One station of an order's way: when, and how long after the one before (EXE-31). */
export type LifeStep = {
  readonly name: string;
  readonly at: EpochMs | null;
  readonly afterMs: number | null;
};

const NAMES = [
  ['signalAt', 'Signal'],
  ['decidedAt', 'Passed the gate'],
  ['claimedAt', 'Claimed'],
  ['sentAt', 'Sent'],
  ['ackAt', 'Acknowledged'],
  ['firstFillAt', 'First fill'],
  ['doneAt', 'Done'],
] as const;

/** The stations in order, those not reached with `at` null. */
export function orderLife(marks: OrderDoc['marks']): readonly LifeStep[] {
  let before: EpochMs | null = null;
  return NAMES.map(([key, name]) => {
    const at = marks[key];
    const afterMs = at === null || before === null ? null : at - before;
    before = at ?? before;
    return { name, at, afterMs };
  });
}
