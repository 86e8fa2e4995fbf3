import type { AlertDoc } from '@tradewind/contracts/documents/system';
import type { Dropped } from '@tradewind/core/market/lanes';
import { createConditions } from './conditions.ts';
import { createQueue, type QueuedTrades } from './queue.ts';
import { fakePorts, settle } from './testing/fake-ports.ts';

const tickOf = (id: number, at: number) => ({ id, at, price: 100, size: 1, isBuy: true });

function bench(held: readonly string[] = []) {
  const fake = fakePorts();
  fake.state.now = 1_000_000;
  const processed: QueuedTrades[] = [];
  const dropped: Dropped[] = [];
  const slow: string[] = [];
  const cost = { ms: 0 };
  let spent = 0;
  const ports = { ...fake.ports, precise: () => fake.state.now + spent };
  const queue = createQueue(ports, {
    shard: 'worker-0',
    tell: createConditions(ports),
    process: (item) => {
      processed.push(item);
      spent += cost.ms;
    },
    onDropped: (lost) => void dropped.push(lost),
    hasPosition: (marketKey) => held.includes(marketKey),
    onSlow: (marketKey) => void slow.push(marketKey),
  });
  const tradesOf = (marketKey: string): number =>
    processed
      .filter((item) => item.marketKey === marketKey)
      .reduce((sum, item) => sum + (item.kind === 'tick' ? 1 : item.batch.sums.trades), 0);
  const empty = async (): Promise<void> => {
    while (queue.isBusy()) {
      queue.drain();
      await settle();
    }
  };
  const alert = () =>
    [...fake.documents.values()].find(
      (doc) => (doc as AlertDoc).rule === 'market_data_pressure',
    ) as AlertDoc | undefined;
  return { ...fake, queue, processed, dropped, slow, cost, tradesOf, empty, alert };
}

test('MD-70 trades come out in the order they came, and none waits longer than it must', async () => {
  const { queue, processed, empty } = bench();
  for (let n = 0; n < 100; n += 1) queue.offer(n % 2 === 0 ? 'a' : 'b', tickOf(n, n), false);
  await empty();
  expect(processed.map((item) => (item.kind === 'tick' ? item.tick.id : -1))).toEqual(
    Array.from({ length: 100 }, (_, n) => n),
  );
});

test('work stops after a few milliseconds, so that sockets have their turn, and goes on by itself', async () => {
  const { queue, cost, processed, empty } = bench();
  cost.ms = 1;
  for (let n = 0; n < 100; n += 1) queue.offer('a', tickOf(n, n), false);
  queue.drain();
  expect(processed).toHaveLength(32);
  await empty();
  expect(processed).toHaveLength(100);
});

test('MD-72 MD-73 under pressure trades are folded, and dropped only where nobody holds anything', async () => {
  const { queue, dropped, tradesOf, empty, state, alert } = bench(['held']);
  for (let n = 0; n < 30_000; n += 1) {
    queue.offer('held', tickOf(n, 1_000_000 + n * 10), false);
    queue.offer('idle', tickOf(n, 1_000_000 + n * 200), false);
  }
  expect(dropped.length).toBeGreaterThan(0);
  expect(dropped.every(({ marketKey }) => marketKey === 'idle')).toBe(true);
  queue.tick();
  state.now += 5_000;
  queue.tick();
  await settle();
  expect(alert()).toMatchObject({ severity: 'CRITICAL', state: 'ACTIVE' });
  await empty();
  expect(tradesOf('held')).toBe(30_000);
  const lost = dropped.reduce((sum, { trades }) => sum + trades, 0);
  expect(tradesOf('idle') + lost).toBe(30_000);
  queue.tick();
  await settle();
  expect(alert()?.state).toBe('RESOLVED');
});

test('MD-74 three slow calls within a minute send a market to the slow lane, where it waits for all others', async () => {
  const { queue, cost, slow, empty, processed } = bench();
  cost.ms = 51;
  for (let n = 0; n < 3; n += 1) queue.offer('sluggish', tickOf(n, n), false);
  await empty();
  expect(slow).toEqual(['sluggish']);
  cost.ms = 0;
  processed.length = 0;
  queue.offer('sluggish', tickOf(10, 10), true);
  queue.offer('quick', tickOf(11, 11), false);
  await empty();
  expect(processed.map(({ marketKey }) => marketKey)).toEqual(['quick', 'sluggish']);
});
