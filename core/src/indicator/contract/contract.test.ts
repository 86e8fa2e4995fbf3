import fc from 'fast-check';
import type { BarValues } from '../../market/bar.ts';
import { cases, feed, near, walk, type Values } from './cases.ts';

/** Bars with wicks around a walk; prices of 1 to some thousands, at times without range or volume. */
const bars = (minLength: number, maxLength: number): fc.Arbitrary<BarValues[]> => {
  const amount = (max: number) => fc.oneof(fc.constant(0), fc.double({ min: 0, max, noNaN: true }));
  return fc
    .array(
      fc.record({
        open: fc.double({ min: 1, max: 5_000, noNaN: true }),
        close: fc.oneof(fc.constant(100), fc.double({ min: 1, max: 5_000, noNaN: true })),
        up: amount(20),
        down: amount(0.9),
        volume: amount(1e6),
      }),
      { minLength, maxLength },
    )
    .map((rows) =>
      rows.map(({ open, close, up, down, volume }) => ({
        open,
        close,
        high: Math.max(open, close) + up,
        low: Math.min(open, close) - down,
        volume,
      })),
    );
};
const numbers = (values: Values): (number | undefined)[] => Object.values(values ?? {});
const rest = (price: number, length: number): BarValues[] =>
  Array.from({ length }, () => ({ open: price, high: price, low: price, close: price, volume: 1 }));

/** Counts what is read and written of a state, at any depth. */
function counted(): { watch: <S extends object>(state: S) => S; count: () => number } {
  let count = 0;
  const watch = <S extends object>(state: S): S =>
    new Proxy(state, {
      get: (target, key) => {
        count += 1;
        const value: unknown = Reflect.get(target, key);
        return typeof value === 'object' && value !== null ? watch(value) : value;
      },
      set: (target, key, value) => {
        count += 1;
        return Reflect.set(target, key, value);
      },
    });
  return { watch, count: () => count };
}

describe.each(cases)('$name', (indicator) => {
  const { start, warmup } = indicator;

  test('has its first value after exactly its warm-up', () => {
    const ready = feed(start(), walk).map((values) => values !== undefined);
    expect(ready.indexOf(true)).toBe(warmup - 1);
    expect(ready.lastIndexOf(false)).toBe(warmup - 2);
  });

  test('prop: a later bar never changes an earlier value', () => {
    fc.assert(
      fc.property(bars(1, 90), fc.nat(90), (series, cut) => {
        const whole = feed(start(), series);
        expect(feed(start(), series.slice(0, cut))).toEqual(whole.slice(0, cut));
      }),
      { numRuns: 30 },
    );
  });

  test('IND-06 IND-T17 prop: stored as JSON and restored it goes on as if nothing had happened', () => {
    fc.assert(
      fc.property(bars(1, 150), fc.nat(150), (series, cut) => {
        const first = start();
        const head = feed(first, series.slice(0, cut));
        const second = start();
        second.load(first.save());
        const tail = feed(second, series.slice(cut));
        const whole = feed(start(), series);
        // JSON knows no -0: the one difference that storing may make.
        expect(JSON.stringify([...head, ...tail])).toBe(JSON.stringify(whole));
      }),
      { numRuns: 30 },
    );
  });

  test('IND-07 prop: values are finite, and only missing once ready where they are not defined', () => {
    fc.assert(
      fc.property(bars(1, 90), (series) => {
        const values = feed(start(), series);
        const given = values.flatMap(numbers).filter((value) => value !== undefined);
        expect(given.every(Number.isFinite)).toBe(true);
        if (!indicator.gaps)
          expect(values.slice(warmup - 1).every((value) => value !== undefined)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test.each([1e-9, 0.1, 1, 95_000.1])('of a market resting at %p is what it must be', (price) => {
    const [value] = numbers(feed(start(), rest(price, 200)).at(-1));
    expect(near(value, indicator.ofRest(price), 1e-12 * Math.max(1, price))).toBe(true);
  });

  test('a wild bar is forgotten when its time has passed', () => {
    const wild = 100;
    const spiked = walk.map((bar, i) =>
      i === wild
        ? { ...bar, high: bar.high * 1e6, close: bar.close * 1e6, volume: bar.volume * 1e6 }
        : bar,
    );
    const [calm, shaken] = [feed(start(), walk), feed(start(), spiked)];
    const after = indicator.memory === null ? walk.length : wild + indicator.memory;
    expect(shaken[wild]).not.toEqual(calm[wild]);
    const apart = shaken
      .slice(after)
      .filter((values, i) =>
        numbers(values).some(
          (value, column) => !near(value, numbers(calm[after + i])[column], 1e-9),
        ),
      );
    expect(apart).toEqual([]);
  });

  test('starting anew it has forgotten everything', () => {
    const used = start();
    feed(used, walk.slice(0, 333));
    used.load(start().save());
    expect(feed(used, walk)).toEqual(feed(start(), walk));
  });

  test('IND-01 keeps a state that does not grow', () => {
    const running = start();
    const size = (): number => running.save().split(',').length;
    feed(running, walk.slice(0, 200));
    const early = size();
    feed(running, walk);
    expect(size()).toBe(early);
  });

  test(`IND-01 in a window ten times as long a bar costs ${indicator.constantCost ? 'the same' : 'at most ten times as much'}`, () => {
    const costOf = (times: number): number => {
      const { watch, count } = counted();
      const running = indicator.stretched(times, watch);
      feed(running, walk);
      const settled = count();
      feed(running, walk);
      return (count() - settled) / walk.length;
    };
    expect(costOf(10)).toBeLessThanOrEqual(costOf(1) * (indicator.constantCost ? 1.2 : 10));
  });

  test.each([Number.NaN, Infinity, -Infinity])('refuses a price of %p', (price) => {
    const bar = { open: price, high: price, low: price, close: price, volume: price };
    expect(() => start().next(bar)).toThrow(RangeError);
  });
});
