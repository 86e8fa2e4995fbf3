import fc from 'fast-check';
import { CONFIGURATIONS } from './configuration.ts';
import { placeLevels } from './placement.ts';

const { ultra_short_scalping: scalping, micro_trend_following: trend } = CONFIGURATIONS;
const at = { direction: 'LONG', price: 100, tickSize: 0.01 } as const;
const zone = (low: number) => ({ low, high: 100 });

test.each([
  // The far edge, less a tick, in percent of 100.
  ['at the far limit exactly', 99.71, 99.7, 0.3, true],
  ['a tick beyond the far limit', 99.7, 99.69, 0.31, false],
  ['inside the band', 99.76, 99.75, 0.25, true],
  ['at the near limit exactly', 99.81, 99.8, 0.2, true],
])('STR-T14 STR-74 a stop %s', (_, low, stop, pct, passes) => {
  const placed = placeLevels(scalping, { ...at, zone: zone(low) });
  expect(placed.gate).toMatchObject({ reason: 'stop_out_of_band', passes });
  expect(placed.gate.input).toBeCloseTo(pct, 9);
  expect(placed.stop).toBeCloseTo(stop, 9);
});

test('STR-53 a zone nearer than the band leaves room: the stop is moved out to its near limit', () => {
  const placed = placeLevels(scalping, { ...at, zone: zone(99.99) });
  expect(placed.gate.passes).toBe(true);
  expect(placed.stop).toBeCloseTo(99.8, 9);
});

test('without a zone the stop lies at the far limit of the band', () => {
  const placed = placeLevels(trend, { ...at, direction: 'SHORT', zone: null });
  expect(placed.gate.passes).toBe(true);
  expect(placed.stop).toBeCloseTo(100.8, 9);
});

test.each([
  ['risk times reward', trend, 99.31, 101.4],
  ['at least the near target', scalping, 99.76, 100.5],
  ['at most the far one', { ...trend, riskReward: 5 }, 99.31, 102],
])('the target is %s', (_, configuration, low, target) => {
  expect(placeLevels(configuration, { ...at, zone: zone(low) }).target).toBeCloseTo(target, 9);
});

test('prop: STR-70 an approved stop lies within its band, and a SHORT is the mirror of a LONG', () => {
  fc.assert(
    fc.property(fc.integer({ min: 9_900, max: 10_000 }), (ticks) => {
      const low = ticks / 100;
      const long = placeLevels(scalping, { ...at, zone: zone(low) });
      const short = placeLevels(scalping, {
        ...at,
        direction: 'SHORT',
        zone: { low: 100, high: 200 - low },
      });
      expect(short.gate.passes).toBe(long.gate.passes);
      expect(short.stop).toBeCloseTo(200 - long.stop, 9);
      expect(short.target).toBeCloseTo(200 - long.target, 9);
      if (!long.gate.passes) return;
      const pct = 100 - long.stop;
      expect(pct).toBeGreaterThan(scalping.stopPct.min - 1e-9);
      expect(pct).toBeLessThan(scalping.stopPct.max + 1e-9);
    }),
  );
});
