import fc from 'fast-check';
import { ASSUMED, dayOf, DAYS, monthOf, type Setup } from './month.ts';
import { LIST_PRICES } from './prices.ts';
import { NO_OPERATIONS, operations, type Workload } from './workload.ts';

const NOTHING: Workload = {
  perSymbolDay: NO_OPERATIONS,
  perBotDay: NO_OPERATIONS,
  perShardDay: NO_OPERATIONS,
  perDeskDay: NO_OPERATIONS,
  perHoldingDay: NO_OPERATIONS,
  perPositionDay: NO_OPERATIONS,
  perViewerHour: NO_OPERATIONS,
  storedBytesPerSymbolDay: 0,
};
const EMPTY: Setup = { ...ASSUMED, symbols: 0, bots: 0, positions: 0, viewers: 0, workers: 0 };
const cost = (workload: Partial<Workload>, setup: Partial<Setup>) =>
  monthOf({ ...NOTHING, ...workload }, { ...EMPTY, ...setup }, LIST_PRICES);

describe('the month', () => {
  test.each([
    ['regional', 50, 1.8],
    ['multiRegion', 50, 3.6],
  ] as const)(
    'a write a minute for each symbol, %s: %i symbols, %d USD',
    (location, symbols, usd) => {
      const perSymbolDay = operations({ writes: 1_440 });
      // 50 × 1,440 × 30 = 2.16 million writes; what is free is taken off a day: 20,000.
      const { firestore, afterFreeTierUsd } = cost({ perSymbolDay }, { symbols, location });
      expect(firestore.usd).toBeCloseTo((usd * 2.16) / 2, 9);
      expect(afterFreeTierUsd.firestore).toBeCloseTo((usd * (2.16 - 0.6)) / 2, 9);
    },
  );

  test('a viewer costs reads for the hours that it watches, and what is sent to it', () => {
    const perViewerHour = operations({ reads: 4_500, bytesRead: 2 ** 30 / 240 });
    const { firestore, operations: all } = cost({ perViewerHour }, { viewers: 2 });
    expect(all.reads).toBe(2 * 8 * 30 * 4_500);
    expect(firestore.reads).toBeCloseTo((2 * 8 * 30 * 4_500 * 0.03) / 1e5, 9);
    expect(firestore.egress).toBeCloseTo(2 * 0.12, 9);
  });

  test('a worker is a vCPU and a GiB for every second of the month', () => {
    const { compute, firestore, totalUsd } = cost({}, { workers: 1 });
    expect(compute.worker).toBeCloseTo(2_592_000 * (0.000018 + 0.000002), 9);
    expect(cost({}, {}).compute.worker).toBe(0);
    expect(totalUsd).toBe(compute.usd + firestore.usd);
  });

  test('what is stored is paid by the month', () => {
    const { firestore } = cost({ storedBytesPerSymbolDay: 2 ** 30 / 30 }, { symbols: 3 });
    expect(firestore.storage).toBeCloseTo(3 * 0.15, 9);
  });

  test('a size that is not known is refused, not counted as nothing', () => {
    expect(() => cost({}, { symbols: Number.NaN })).toThrow(RangeError);
    expect(() => cost({}, { viewers: -1 })).toThrow(RangeError);
  });

  test('prop: Firestore is linear in symbols, never falls with any size, and free tiers only take off', () => {
    const size = fc.nat({ max: 500 });
    const some = fc.record({
      reads: fc.nat({ max: 5_000 }),
      writes: fc.nat({ max: 5_000 }),
    });
    fc.assert(
      fc.property(size, size, some, (symbols, more, ops) => {
        const perSymbolDay = operations(ops);
        const at = (count: number) => cost({ perSymbolDay }, { symbols: count });
        const [less, most] = [at(symbols), at(symbols + more)];
        expect(most.firestore.usd).toBeCloseTo(less.firestore.usd + at(more).firestore.usd, 6);
        expect(most.totalUsd).toBeGreaterThanOrEqual(less.totalUsd);
        expect(most.afterFreeTierUsd.firestore).toBeLessThanOrEqual(most.firestore.usd);
      }),
    );
  });

  test('a book that holds something is looked after once, and each position by itself', () => {
    const perHoldingDay = operations({ reads: 100 });
    const perPositionDay = operations({ reads: 10 });
    const reads = (positions: number) =>
      dayOf({ ...NOTHING, perHoldingDay, perPositionDay }, { ...EMPTY, positions }).reads;
    expect([0, 0.5, 1, 4].map(reads)).toEqual([0, 55, 110, 140]);
  });

  test('a month is thirty of its days', () => {
    const workload = { ...NOTHING, perDeskDay: operations({ reads: 7, writes: 3 }) };
    const { operations: all } = monthOf(workload, EMPTY, LIST_PRICES);
    expect(all.reads).toBe(DAYS * dayOf(workload, EMPTY).reads);
  });
});
