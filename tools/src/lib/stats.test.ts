import { percentile, spread } from './stats.ts';

describe('spread', () => {
  test('takes the nearest rank, in tenths', () => {
    const values = Array.from({ length: 100 }, (_, i) => i + 1.04);
    expect(spread(values)).toEqual({ p50: 50, p95: 95, n: 100 });
  });
  test('of one value is that value', () => {
    expect(spread([7])).toEqual({ p50: 7, p95: 7, n: 1 });
  });
  test('of nothing is null, not zero', () => {
    expect(spread([])).toBeNull();
    expect(percentile([], 0.5)).toBeUndefined();
  });
});
