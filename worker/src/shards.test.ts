import { epochMs } from '@tradewind/core/lib/time';
import fc from 'fast-check';
import { mayTake, shardName, shardOf } from './shards.ts';

test('a market belongs to one shard, the same in every process', () => {
  expect(shardName(3)).toBe('worker-3');
  expect(shardOf('binance_spot_BTC-USDT', 1)).toBe(0);
  // Fixed figures: another hash would move markets between workers at an update.
  expect(shardOf('binance_spot_BTC-USDT', 4)).toBe(shardOf('binance_spot_BTC-USDT', 4));
  expect(
    ['BTC', 'ETH', 'SOL', 'ADA'].map((base) => shardOf(`binance_spot_${base}-USDT`, 8)),
  ).toEqual(FIGURES);
});
const FIGURES = [5, 1, 6, 0];

test('prop: shards are in range, and a thousand markets spread over four of them', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 100 }), (key, count) => {
      const shard = shardOf(key, count);
      expect(Number.isInteger(shard) && shard >= 0 && shard < count).toBe(true);
    }),
  );
  const sizes = [0, 0, 0, 0];
  for (let n = 0; n < 1_000; n += 1) {
    const shard = shardOf(`binance_spot_S${n}-USDT`, 4);
    sizes[shard] = (sizes[shard] ?? 0) + 1;
  }
  expect(Math.min(...sizes)).toBeGreaterThan(180);
});

test('a process takes its share at once, and more only when nobody else came in three terms', () => {
  const at = epochMs(1_000_000);
  const after = (ms: number) => epochMs(1_000_000 + ms);
  expect(mayTake({ held: 0, share: 1, leaseMs: 15_000 }, at, at)).toBe(true);
  expect(mayTake({ held: 1, share: 1, leaseMs: 15_000 }, at, after(44_999))).toBe(false);
  expect(mayTake({ held: 1, share: 1, leaseMs: 15_000 }, at, after(45_000))).toBe(true);
});
