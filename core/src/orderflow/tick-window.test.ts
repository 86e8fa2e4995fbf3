import fc from 'fast-check';
import type { Tick } from '../market/tick.ts';
import { areaAt, coverage, priceAt, rangeOver, sumsOver } from './tick-window-read.ts';
import { anyTicks, shuffled, tapeOf, ticksOf } from '../../test/ticks.ts';
import { tapeGap, tapeInit, tapeNext, type TapeState } from './tick-window.ts';

const START = 1_700_000_000_000;

/** What the definitions say, trade by trade. */
const brute = {
  priceAt: (ticks: readonly Tick[], at: number) => ticks.findLast((tick) => tick.at <= at)?.price,
  area: (ticks: readonly Tick[], from: number, to: number) => {
    let area = 0;
    ticks.forEach((tick, index) => {
      const until = Math.min(to, ticks[index + 1]?.at ?? to);
      const since = Math.max(from, tick.at);
      if (until > since) area += tick.price * (until - since);
    });
    return area;
  },
  sums: (ticks: readonly Tick[], from: number, to: number) => {
    const inside = ticks.filter(({ at }) => at > from && at <= to);
    const bought = inside.filter(({ isBuy }) => isBuy);
    const volume = (list: readonly Tick[]) => list.reduce((sum, { size }) => sum + size, 0);
    return {
      volume: volume(inside),
      buyVolume: volume(bought),
      trades: inside.length,
      buys: bought.length,
    };
  },
  range: (ticks: readonly Tick[], from: number, to: number) => {
    const prices = ticks.filter(({ at }) => at > from && at <= to).map(({ price }) => price);
    const held = brute.priceAt(ticks, from);
    const all = held === undefined ? prices : [held, ...prices];
    return all.length === 0 ? undefined : { low: Math.min(...all), high: Math.max(...all) };
  },
};

/** Ends of a window, back from one millisecond after the last trade. */
const anySpan = fc.tuple(fc.integer({ min: 0, max: 30_000 }), fc.integer({ min: 1, max: 60_000 }));

describe('tape', () => {
  test('prop: IND-01 sums, areas, ranges and prices of any window equal those of its trades, in any order', () => {
    fc.assert(
      fc.property(
        anyTicks({ from: START, maxWait: 400, maxLength: 400 }).chain((ticks) =>
          fc.tuple(fc.constant(ticks), shuffled(ticks, 2_000), anySpan),
        ),
        ([ticks, order, [back, length]]) => {
          const tape = tapeOf(order);
          const end = (ticks.at(-1)?.at ?? 0) + 1 - back;
          const span = { from: end - length, to: end };
          expect(sumsOver(tape, span)).toEqual(brute.sums(ticks, span.from, span.to));
          expect(rangeOver(tape, span)).toEqual(brute.range(ticks, span.from, span.to));
          expect(priceAt(tape, end)).toBe(brute.priceAt(ticks, end));
          const start = Math.max(span.from, ticks[0]?.at ?? 0);
          if (start >= end) return;
          const area = (areaAt(tape, end) ?? NaN) - (areaAt(tape, start) ?? NaN);
          expect(area).toBeCloseTo(brute.area(ticks, start, end), 6);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('prop: any order within the lateness gives the same tape, and so does a restart in the middle', () => {
    fc.assert(
      fc.property(
        anyTicks({ from: START, maxWait: 300, maxLength: 300 }).chain((ticks) =>
          fc.tuple(fc.constant(ticks), shuffled(ticks, 2_000), fc.nat({ max: 299 })),
        ),
        ([ticks, order, cut]) => {
          const expected = visible(tapeOf(ticks));
          expect(visible(tapeOf(order))).toEqual(expected);
          let tape = tapeInit(3_600);
          order.forEach((tick, index) => {
            if (index === cut) tape = JSON.parse(JSON.stringify(tape)) as TapeState;
            tapeNext(tape, tick);
          });
          expect(visible(tape)).toEqual(expected);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('text ids decide the price of a millisecond by length, then by letters', () => {
    const [a, b, c] = ['9', '10', '11'].map((id, index): Tick => {
      return { id, at: START, price: 100 + index, size: 1, isBuy: true };
    });
    if (a === undefined || b === undefined || c === undefined) throw new Error('three trades');
    for (const order of [
      [a, b, c],
      [c, b, a],
      [b, c, a],
    ])
      expect(priceAt(tapeOf(order), START)).toBe(102);
  });

  /** One price a second is exact; within it an area may be off by its range, and sums by its trades. */
  test('a burst keeps memory bounded, the newest points exact and older ones to the second', () => {
    const ticks: Tick[] = [];
    for (let ms = 0; ms < 200_000; ms += 2) {
      const price = 1_000 + ((ms * 7_919) % 401);
      ticks.push({ id: ms, at: START + ms, price, size: 1 + (ms % 5), isBuy: ms % 3 === 0 });
    }
    const tape = tapeOf(ticks, 120);
    expect(tape.capacity).toBe(2_288);
    expect(tape.count).toBeLessThanOrEqual(tape.capacity);
    expect(tape.cells.length).toBeLessThanOrEqual(tape.capacity * 9);
    const end = START + 199_998;
    const recent = { from: end - 1_500, to: end };
    expect(sumsOver(tape, recent)).toEqual(brute.sums(ticks, recent.from, recent.to));
    for (const back of [60_000, 90_001, 119_337]) {
      const span = { from: end - back, to: end };
      const exact = brute.sums(ticks, span.from, span.to);
      const second = brute.sums(ticks, span.from - 1_000, span.from);
      expect(Math.abs(sumsOver(tape, span).volume - exact.volume)).toBeLessThanOrEqual(
        second.volume,
      );
      const area = (areaAt(tape, end) ?? 0) - (areaAt(tape, span.from) ?? 0);
      expect(Math.abs(area - brute.area(ticks, span.from, end))).toBeLessThanOrEqual(1_000 * 400);
      const whole = { from: Math.floor(span.from / 1_000) * 1_000 - 1, to: end };
      expect(sumsOver(tape, whole)).toEqual(brute.sums(ticks, whole.from, whole.to));
    }
  });

  test('a quiet hour is exact throughout, and what no window reaches is dropped', () => {
    const ticks = ticksOf(
      Array.from({ length: 9_000 }, (_, index) => [START + index * 700, 500 + (index % 37)]),
    );
    const tape = tapeOf(ticks, 3_600);
    const end = START + 8_999 * 700;
    expect(tape.count).toBeLessThan(9_000);
    for (const back of [60_123, 1_800_777, 3_600_000]) {
      const span = { from: end - back, to: end };
      expect(sumsOver(tape, span)).toEqual(brute.sums(ticks, span.from, span.to));
      expect((areaAt(tape, end) ?? 0) - (areaAt(tape, span.from) ?? 0)).toBeCloseTo(
        brute.area(ticks, span.from, end),
        3,
      );
    }
  });

  test('coverage counts from the first trade and leaves out gaps', () => {
    const tape = tapeOf(ticksOf([[START, 100]]));
    const to = START + 100_000;
    expect(coverage(tape, { from: START, to })).toBe(1);
    expect(coverage(tape, { from: START - 100_000, to })).toBe(0.5);
    tapeGap(tape, { from: START + 10_000, until: START + 20_000 });
    tapeGap(tape, { from: START + 15_000, until: START + 30_000 });
    expect(coverage(tape, { from: START, to })).toBeCloseTo(0.8, 12);
    for (let second = 40; second < 99; second += 1)
      tapeGap(tape, { from: START + second * 1_000, until: START + second * 1_000 + 500 });
    expect(tape.gaps.length).toBeLessThanOrEqual(64);
    expect(coverage(tape, { from: START, to })).toBeLessThan(0.6);
    expect(coverage(tapeInit(60), { from: START, to })).toBe(0);
  });

  test.each([0, 1.5, -3, 100_000])('refuses a horizon of %p seconds', (seconds) => {
    expect(() => tapeInit(seconds)).toThrow('whole seconds');
  });
});

/** A tape without the stale room behind its points. */
function visible({ count, cells, ids, blockLows, blockHighs, gaps }: TapeState) {
  const blocks = Math.ceil(count / 64);
  return {
    cells: cells.slice(0, count * 9),
    ids: ids.slice(0, count),
    lows: blockLows.slice(0, blocks),
    highs: blockHighs.slice(0, blocks),
    gaps,
  };
}
