import fc from 'fast-check';
import { documentSize } from './document-size.ts';
import { createUsageMeter, type Counts } from './usage-meter.ts';

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
  meter.write(CHUNK, DATA);
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
  });
});

test('what was taken is not taken again, and the total stays', () => {
  const meter = createUsageMeter();
  meter.write(CHUNK, DATA);
  meter.take();
  expect(meter.take()).toEqual({ total: counts({}), groups: {}, markets: {} });
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
        else meter[operation](CHUNK, DATA);
      take();
      const counted = operations.filter((operation) => operation !== 'take').length;
      expect(taken).toEqual({ all: counted, groups: counted });
    }),
  );
});
