import type { TopicCounts } from '@tradewind/contracts/documents/system';
import fc from 'fast-check';
import { documentSize } from './document-size.ts';
import { addUsage, createUsageMeter, type Counts } from './usage-meter.ts';

const CHUNK = 'markets/binance_spot_BTC-USDT/chunks/2026112014';
const DATA = { close: '1' };

const counts = (of: Partial<Counts>): Counts => ({
  reads: 0,
  writes: 0,
  deletes: 0,
  bytesRead: 0,
  bytesWritten: 0,
  ...of,
});

test('counts by collection group, and by market where the path names one', () => {
  const meter = createUsageMeter();
  meter.write(CHUNK, DATA, false);
  meter.read('livePrices/worker-0', DATA);
  meter.read('bots/trend', undefined);
  meter.readNone(2);
  meter.remove('books/paper/signals/s1');
  const bytesWritten = documentSize(CHUNK, DATA);
  const bytesRead = documentSize('livePrices/worker-0', DATA);
  expect(meter.take()).toEqual({
    total: counts({ reads: 4, writes: 1, deletes: 1, bytesRead, bytesWritten }),
    groups: {
      chunks: counts({ writes: 1, bytesWritten }),
      livePrices: counts({ reads: 1, bytesRead }),
      bots: counts({ reads: 1 }),
      none: counts({ reads: 2 }),
      signals: counts({ deletes: 1 }),
    },
    markets: { 'binance_spot_BTC-USDT': counts({ writes: 1, bytesWritten }) },
    topics: {},
  });
});

const topic = (of: Partial<TopicCounts>): TopicCounts => ({
  ...{ published: 0, delivered: 0, failed: 0, latencies: {} },
  ...of,
});

test('ARC-56 a new signal and each write of an order are events; a later word on a signal is none', () => {
  const meter = createUsageMeter();
  meter.write('books/paper/signals/s1', DATA, true);
  meter.write('books/paper/signals/s1', DATA, false);
  meter.write('books/paper/orders/o1', DATA, true);
  meter.write('books/paper/orders/o1', DATA, false);
  meter.write(CHUNK, DATA, true);
  meter.published('executeIntent');
  expect(meter.take().topics).toEqual({
    signals: topic({ published: 1 }),
    orders: topic({ published: 2 }),
    executeIntent: topic({ published: 1 }),
  });
});

test('ARC-56 deliveries are counted by how they ended, and by how long they took to arrive', () => {
  const meter = createUsageMeter();
  meter.delivered('signals', { latencyMs: 10, failed: false });
  meter.delivered('signals', { latencyMs: 10.5, failed: true });
  const first = meter.take();
  expect(first.topics).toEqual({
    signals: topic({ delivered: 1, failed: 1, latencies: { '10': 1, '25': 1 } }),
  });
  meter.delivered('signals', { latencyMs: 20, failed: false });
  meter.delivered('signals', { latencyMs: 31_000, failed: false });
  meter.delivered('signals', { latencyMs: null, failed: false });
  expect(addUsage(first, meter.take()).topics['signals']).toEqual(
    topic({ delivered: 4, failed: 1, latencies: { '10': 1, '25': 2, more: 1 } }),
  );
  expect(meter.take().topics).toEqual({});
});

test('what was taken is not taken again, and the total stays', () => {
  const meter = createUsageMeter();
  meter.write(CHUNK, DATA, false);
  meter.take();
  expect(meter.take()).toEqual({ total: counts({}), groups: {}, markets: {}, topics: {} });
  expect(meter.total().writes).toBe(1);
});

test('prop: however often it is taken, the parts add up to the total', () => {
  const operation = fc.constantFrom('read', 'write', 'remove', 'take');
  fc.assert(
    fc.property(fc.array(operation), (operations) => {
      const meter = createUsageMeter();
      const taken = { all: 0, groups: 0 };
      const take = (): void => {
        const { total, groups } = meter.take();
        const all = ({ reads, writes, deletes }: Counts): number => reads + writes + deletes;
        taken.all += all(total);
        taken.groups += Object.values(groups).reduce((sum, group) => sum + all(group), 0);
      };
      for (const operation of operations)
        if (operation === 'take') take();
        else if (operation === 'write') meter.write(CHUNK, DATA, false);
        else meter[operation](CHUNK, DATA);
      take();
      const counted = operations.filter((operation) => operation !== 'take').length;
      expect(taken).toEqual({ all: counted, groups: counted });
    }),
  );
});
