import fc from 'fast-check';
import { SERIES, type Bar, type SeriesName } from './bar.ts';
import {
  cascadeAdd,
  cascadeAdvance,
  cascadeInit,
  formingBar,
  LATENESS_MS,
  type CascadeState,
} from './cascade.ts';
import { collector, NAMES, tick } from './testing.ts';
import type { Tick } from './tick.ts';

/** A trade, and how its copies reach us. */
type Row = { readonly made: Tick; readonly hurry: number; readonly twice: boolean };

/** Trades of some minutes in the venue's order, some of one millisecond; ids count up, as numbers or as text. */
const streams = (asText: boolean): fc.Arbitrary<Row[]> =>
  fc
    .array(
      fc.record({
        gap: fc.oneof(fc.constant(0), fc.nat(900), fc.nat(5_000), fc.nat(90_000)),
        price: fc.integer({ min: 9_000, max: 11_000 }),
        size: fc.integer({ min: 1, max: 50_000 }),
        isBuy: fc.boolean(),
        hurry: fc.nat(LATENESS_MS),
        twice: fc.boolean(),
      }),
      { minLength: 1, maxLength: 60 },
    )
    .map((rows) => {
      let at = 0;
      return rows.map(({ gap, price, size, isBuy, hurry, twice }, index) => {
        at += gap;
        const id = asText ? `trade-${8 + index}` : 4_294_967_290 + index;
        return { made: tick({ at, id, price, size, isBuy }), hurry, twice };
      });
    });

/** The order in which trades arrive that are delayed by up to the lateness, some of them twice. */
const shuffled = (rows: readonly Row[]): Tick[] =>
  rows
    .flatMap(({ made, hurry, twice }) => [
      { made, arrives: made.at + hurry },
      ...(twice ? [{ made, arrives: made.at + LATENESS_MS }] : []),
    ])
    .sort((a, b) => a.arrives - b.arrives)
    .map(({ made }) => made);

type Bars = Record<SeriesName, Bar[]>;

const endOf = (ticks: readonly Tick[]): number => Math.max(...ticks.map(({ at }) => at)) + 70_000;

/** All bars of trades that come in this order; the state goes through JSON after each of `cuts`. */
function build(ticks: readonly Tick[], cuts: readonly number[] = []): Bars {
  const { bars, sink } = collector();
  let state = cascadeInit();
  ticks.forEach((each, index) => {
    cascadeAdd(state, each, sink);
    if (cuts.includes(index)) state = JSON.parse(JSON.stringify(state)) as CascadeState;
  });
  cascadeAdvance(state, endOf(ticks), sink);
  return bars;
}

/** The same bars, the slow and obvious way: trades in the venue's order, one bucket after the other. */
function reference(ticks: readonly Tick[], series: SeriesName): Bar[] {
  const size = SERIES[series];
  const until = Math.floor((endOf(ticks) - 2_000) / 1_000) * 1_000;
  const bars: Bar[] = [];
  let last = 0;
  const first = Math.floor((ticks[0]?.at ?? 0) / size) * size;
  for (let openAt = first; openAt + size <= until; openAt += size) {
    const own = ticks.filter(({ at }) => at >= openAt && at < openAt + size);
    const buys = own.filter(({ isBuy }) => isBuy);
    const sum = (of: readonly Tick[], value: (each: Tick) => number): number =>
      of.reduce((all, each) => all + value(each), 0);
    const prices = own.length > 0 ? own.map(({ price }) => price) : [last];
    last = prices.at(-1) ?? last;
    bars.push({
      openAt,
      open: prices[0] ?? last,
      high: Math.max(...prices),
      low: Math.min(...prices),
      close: last,
      volume: sum(own, (each) => each.size),
      buyVolume: sum(buys, (each) => each.size),
      turnover: sum(own, (each) => each.price * each.size),
      trades: own.length,
      buyTrades: buys.length,
      gapFilled: false,
      incomplete: false,
    });
  }
  return bars;
}

const inOrder = (rows: readonly Row[]): Tick[] => rows.map(({ made }) => made);
const both = fc.boolean().chain(streams);

describe('the cascade', () => {
  test('MD-40 MD-44 prop: gives what sorting the trades into buckets would give, in every series', () => {
    fc.assert(
      fc.property(both, (rows) => {
        const bars = build(shuffled(rows));
        for (const series of NAMES)
          expect(JSON.stringify(bars[series])).toBe(
            JSON.stringify(reference(inOrder(rows), series)),
          );
      }),
      { numRuns: 60 },
    );
  });

  test('MD-30 MD-31 MD-41 prop: gives the same bars in any order within the lateness, with any duplicates', () => {
    fc.assert(
      fc.property(both, (rows) => {
        expect(JSON.stringify(build(shuffled(rows)))).toBe(JSON.stringify(build(inOrder(rows))));
      }),
      { numRuns: 60 },
    );
  });

  test('MD-41 MD-T14 prop: every additive field of a bar is the exact sum over its children', () => {
    const additive = ['volume', 'buyVolume', 'turnover', 'trades', 'buyTrades'] as const;
    fc.assert(
      fc.property(both, (rows) => {
        const bars = build(shuffled(rows));
        NAMES.slice(1).forEach((series, index) => {
          const children = bars[NAMES[index] ?? '1s'];
          for (const parent of bars[series]) {
            const own = children.filter(
              ({ openAt }) => openAt >= parent.openAt && openAt < parent.openAt + SERIES[series],
            );
            for (const field of additive)
              expect(parent[field]).toBe(own.reduce((sum, child) => sum + child[field], 0));
          }
        });
      }),
      { numRuns: 40 },
    );
  });

  test('prop: goes on from its state in JSON, cut anywhere, as if nothing had happened', () => {
    fc.assert(
      fc.property(both, fc.array(fc.nat(80), { maxLength: 4 }), (rows, cuts) => {
        const ticks = shuffled(rows);
        expect(JSON.stringify(build(ticks, cuts))).toBe(JSON.stringify(build(ticks)));
      }),
      { numRuns: 60 },
    );
  });

  test('prop: knows each trade once, however the market counts them', () => {
    const step = fc.constantFrom(1, 2, 64, 1_024, 4_096, 2 ** 32);
    fc.assert(
      fc.property(step, fc.integer({ min: 1, max: 500 }), (by, many) => {
        const state = cascadeInit();
        const { sink } = collector();
        const at = 1_700_000_000_000;
        const ids = Array.from({ length: many }, (_, index) => 7 + index * by);
        const add = (id: number): string =>
          cascadeAdd(state, { id, at: at + (id % 1_900), price: 1, size: 1, isBuy: true }, sink);
        expect(ids.map(add).filter((fate) => fate !== 'taken')).toEqual([]);
        expect(ids.map(add).filter((fate) => fate !== 'duplicate')).toEqual([]);
        expect(formingBar(state, '1h')?.trades).toBe(many);
      }),
    );
  });

  test('prop: a forming bar holds every trade of its bucket so far', () => {
    fc.assert(
      fc.property(both, fc.constantFrom(...NAMES), (rows, series) => {
        const state = cascadeInit();
        const { sink } = collector();
        const ticks = inOrder(rows);
        ticks.forEach((each, index) => {
          cascadeAdd(state, each, sink);
          const openAt = Math.floor(each.at / SERIES[series]) * SERIES[series];
          const own = ticks.slice(0, index + 1).filter(({ at }) => at >= openAt);
          expect(formingBar(state, series)).toMatchObject({
            openAt,
            open: own[0]?.price,
            close: each.price,
            volume: own.reduce((sum, { size }) => sum + size, 0),
            trades: own.length,
          });
        });
      }),
      { numRuns: 30 },
    );
  });
});
