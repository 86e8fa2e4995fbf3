import { epochMs } from '@tradewind/core/lib/time';
import { clockOf, loadClock } from './clock.ts';

const record = {
  origin: epochMs(1_000_000),
  startedAt: epochMs(5_000),
  speed: 60,
  feed: 'file:trades.csv',
  dataOrigin: 'recorded' as const,
};

/** A store that serves the clock record, or fails, and counts. */
function fakeStore(answer: () => Promise<typeof record | undefined>) {
  const calls = { count: 0 };
  const get = (): Promise<never> => {
    calls.count += 1;
    return answer() as Promise<never>;
  };
  return { store: { get }, calls };
}

test('ARC-29 market time runs at the speed of the feed, from its origin', () => {
  let wall = 5_000;
  const clock = clockOf(record, () => epochMs(wall));
  expect(clock.marketNow()).toBe(1_000_000);
  wall += 2_000;
  expect(clock.marketNow()).toBe(1_120_000);
  expect(clock.wallNow()).toBe(7_000);
});

test('ARC-29 without a record, market time is wall time', () => {
  const clock = clockOf(undefined, () => epochMs(123_456));
  expect(clock.marketNow()).toBe(123_456);
});

test('the record is read again only after ten seconds', async () => {
  let wall = 5_000;
  const { store, calls } = fakeStore(async () => record);
  const now = () => epochMs(wall);
  await loadClock(store, now);
  wall += 9_999;
  await loadClock(store, now);
  expect(calls.count).toBe(1);
  wall += 1;
  await loadClock(store, now);
  expect(calls.count).toBe(2);
});

test('a failed read is not remembered', async () => {
  let broken = true;
  const { store } = fakeStore(async () => {
    if (broken) throw new Error('unavailable');
    return undefined;
  });
  const now = () => epochMs(5_000);
  await expect(loadClock(store, now)).rejects.toThrow('unavailable');
  broken = false;
  expect((await loadClock(store, now)).marketNow()).toBe(5_000);
});
