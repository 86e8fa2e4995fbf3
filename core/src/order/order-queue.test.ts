import { epochMs } from '../lib/time.ts';
import { isQueueTimeOver, ORDER_QUEUE, planDrain, type Queued } from './order-queue.ts';

const queued = (intentId: string, action: Queued['action'], ms: number): Queued => ({
  intentId,
  action,
  queuedAt: epochMs(1_000_000 + ms),
});

test('drains exits before entries, and of each the oldest first (EXE-24)', () => {
  const waiting = [
    queued('entry-old', 'ENTER', 0),
    queued('exit-new', 'EXIT', 20),
    queued('add', 'ADD', 5),
    queued('exit-old', 'EXIT', 10),
  ];
  expect(planDrain(waiting)).toEqual(['exit-old', 'exit-new', 'entry-old', 'add']);
});

test('drains ten at once (EXE-T06)', () => {
  const waiting = Array.from({ length: 25 }, (_, n) => queued(`i${n}`, 'ENTER', n));
  expect(planDrain(waiting)).toEqual(waiting.slice(0, 10).map(({ intentId }) => intentId));
});

test.each([
  ['ENTER', ORDER_QUEUE.entryTtlMs, false],
  ['ENTER', ORDER_QUEUE.entryTtlMs + 1, true],
  ['ADD', ORDER_QUEUE.entryTtlMs + 1, true],
  ['EXIT', 3_600_000, false],
] as const)(
  '%s that has waited %i ms: over is %s (EXE-T06, EXE-T08, EXE-27)',
  (action, ms, over) => {
    const { queuedAt } = queued('i', action, 0);
    expect(isQueueTimeOver({ action, queuedAt }, epochMs(queuedAt + ms))).toBe(over);
  },
);
