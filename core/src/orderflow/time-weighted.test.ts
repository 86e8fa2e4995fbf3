import { momentum } from './momentum.ts';
import { dumpMagnitude, pumpMagnitude } from './extremes.ts';
import { tapeOf, ticksOf } from '../../test/ticks.ts';
import { twpa } from './time-weighted.ts';
import { tradeRate } from './trade-rate.ts';
import { velocity } from './velocity.ts';
import { volumeSurge } from './volume-surge.ts';

const T = 1_700_000_000_000;
const at = (secondsAgo: number) => T - secondsAgo * 1_000;
/** Trades at seconds before `T`; each of one lot unless told. */
const tape = (
  ...points: readonly (readonly [secondsAgo: number, price: number, size?: number])[]
) =>
  tapeOf(
    points.map(([ago, price, size = 1], index) => ({
      id: index + 1,
      at: at(ago),
      price,
      size,
      isBuy: true,
    })),
  );

describe('TWPA', () => {
  test('IND-T05 IND-32 100 for 200 s and then 110 for 100 s average 103.333', () => {
    expect(twpa(tape([300, 100], [100, 110]), { t1: 300, t2: 0 }, T)).toBeCloseTo(103.333_333, 6);
  });

  test('the last price before the window covers its start', () => {
    const held = tape([900, 100], [100, 110]);
    expect(twpa(held, { t1: 300, t2: 0 }, T)).toBeCloseTo(103.333_333, 6);
    expect(twpa(held, { t1: 300, t2: 100 }, T)).toBe(100);
  });

  test('IND-10 a window may end before now, to the millisecond', () => {
    const tape = tapeOf(
      ticksOf([
        [T - 10_000, 100],
        [T - 4_001, 200],
        [T - 3_999, 400],
      ]),
    );
    // 100 until 4.001 s ago, 200 for a millisecond, and the window ends.
    expect(twpa(tape, { t1: 8, t2: 4 }, T)).toBeCloseTo((100 * 3_999 + 200) / 4_000, 9);
  });

  test('is not defined before there is a price', () => {
    expect(twpa(tape(), { t1: 300, t2: 0 }, T)).toBeUndefined();
    expect(twpa(tape([0, 100]), { t1: 300, t2: 0 }, T)).toBeUndefined();
    expect(twpa(tape([10, 100]), { t1: 300, t2: 20 }, T)).toBeUndefined();
  });
});

describe('windows', () => {
  test('IND-33 volume surge compares volumes per second', () => {
    // 900 lots in the 900 s before, then 900 in 300 s: three times as many per second.
    expect(volumeSurge(tape([1_000, 100, 900], [200, 100, 900]), { t1: 300, t2: 900 }, T)).toBe(3);
  });

  test('IND-T06 a volume surge over nothing is not defined', () => {
    expect(volumeSurge(tape([100, 100, 5]), { t1: 300, t2: 900 }, T)).toBeUndefined();
    expect(volumeSurge(tape(), { t1: 300, t2: 900 }, T)).toBeUndefined();
  });

  test('IND-34 a pump is measured from the lowest price of the window, its average, or its first', () => {
    const pumped = tape([300, 110], [200, 100], [100, 120]);
    const window = { t1: 300, t2: 0 };
    expect(pumpMagnitude(pumped, { window, base: 'extreme' }, T)).toBe(20);
    expect(pumpMagnitude(pumped, { window, base: 'twpa' }, T)).toBeCloseTo((100 * 10) / 110, 9);
    expect(pumpMagnitude(pumped, { window, base: 'first' }, T)).toBeCloseTo((100 * 10) / 110, 9);
    expect(dumpMagnitude(pumped, { window, base: 'extreme' }, T)).toBe(0);
  });

  test('IND-34 a dump is measured from the highest price, the one in force at the start included', () => {
    const dumped = tape([900, 125], [100, 110], [50, 100]);
    expect(dumpMagnitude(dumped, { window: { t1: 300, t2: 0 }, base: 'extreme' }, T)).toBe(20);
    expect(dumpMagnitude(dumped, { window: { t1: 300, t2: 0 }, base: 'first' }, T)).toBe(20);
    expect(pumpMagnitude(dumped, { window: { t1: 300, t2: 60 }, base: 'first' }, T)).toBe(-20);
  });

  test('IND-35 momentum is the change over the window', () => {
    const moved = tape([90, 100], [60, 104], [30, 106], [1, 110]);
    expect(momentum(moved, { t1: 60, t2: 0 }, T)).toBeCloseTo((100 * 6) / 104, 9);
    expect(momentum(moved, { t1: 90, t2: 30 }, T)).toBe(6);
    expect(momentum(tape(), { t1: 60, t2: 0 }, T)).toBeUndefined();
  });

  test('IND-36 velocity is the move of the average per second between the middles', () => {
    const moved = tape([300, 100], [60, 103]);
    expect(velocity(moved, { t1: 60, t2: 240 }, T)).toBeCloseTo(3 / 150, 12);
    expect(velocity(tape([10, 100]), { t1: 60, t2: 240 }, T)).toBeUndefined();
  });

  test('IND-38 trade rate counts trades after the start, up to and with the end', () => {
    const traded = tape([60, 1], [59, 1], [30, 1], [10, 1], [0, 1]);
    expect(tradeRate(traded, { t1: 60, t2: 0 }, T)).toBe(4 / 60);
    expect(tradeRate(traded, { t1: 60, t2: 10 }, T)).toBe(3 / 50);
  });
});
