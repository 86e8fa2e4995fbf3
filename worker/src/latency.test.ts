import { createLatency } from './latency.ts';

test('half and 99 % of the samples lie below what is read', () => {
  const latency = createLatency();
  for (let ms = 1; ms <= 100; ms += 1) latency.add(ms - 0.05, 1_000);
  expect(latency.read(1_000)).toEqual({ count: 100, p50: 50, p99: 99, max: 99.95 });
});

test('a minute later nothing of it is left, and nothing is no zero', () => {
  const latency = createLatency();
  latency.add(3, 5_000);
  expect(latency.read(59_999).count).toBe(1);
  expect(latency.read(60_000)).toEqual({ count: 0, p50: null, p99: null, max: null });
  latency.add(7, 65_000);
  expect(latency.read(65_000)).toMatchObject({ count: 1, max: 7 });
});

test('what takes very long counts as long, and what came too early as nothing', () => {
  const latency = createLatency();
  latency.add(5_000, 0);
  latency.add(-3, 0);
  expect(latency.read(0)).toMatchObject({ count: 2, p50: 0.1, p99: 409.6, max: 5_000 });
});
