import fc from 'fast-check';
import { outlierInit, outlierLimit, outlierNext, type OutlierState } from './outlier.ts';
import { tick } from './testing.ts';
import type { Tick } from './tick.ts';

const setup = (limit = 0.1) => {
  const state = outlierInit(limit);
  const through: number[] = [];
  const next = (...ticks: Tick[]): string[] =>
    ticks.map((each) => {
      const fate = outlierNext(state, each, ({ price }) => through.push(price));
      if (fate === 'passed') through.push(each.price);
      return fate;
    });
  return { state, through, next };
};
const calm = (many = 20): Tick[] =>
  Array.from({ length: many }, (_, index) => tick({ at: index * 10, price: 10_000 + (index % 7) }));

describe('the outlier guard', () => {
  test('MD-T08 MD-32 holds back a single print 40 % off, and nothing else', () => {
    const { state, next, through } = setup();
    next(...calm());
    expect(next(tick({ at: 300, price: 6_000 }))).toEqual(['quarantined']);
    expect(next(tick({ at: 310, price: 10_004 }), tick({ at: 9_000, price: 10_010 }))).toEqual([
      'passed',
      'passed',
    ]);
    expect(through).not.toContain(6_000);
    expect(state).toMatchObject({ held: [], discarded: 1 });
  });

  test('MD-32 lets both through once a second trade confirms within 3 s, the first one first', () => {
    const { state, next, through } = setup();
    next(...calm(), tick({ at: 300, price: 6_000 }), tick({ at: 400, price: 10_001 }));
    expect(next(tick({ at: 3_300, price: 6_010 }))).toEqual(['passed']);
    expect(through.slice(-3)).toEqual([10_001, 6_000, 6_010]);
    // The market is there now.
    expect(next(tick({ at: 3_310, price: 6_020 }), tick({ at: 3_320, price: 10_000 }))).toEqual([
      'passed',
      'quarantined',
    ]);
    expect(state.discarded).toBe(0);
  });

  test('MD-32 is not convinced by a second one after 3 s when the market went on at the old price', () => {
    const { next } = setup();
    next(...calm(), tick({ at: 300, price: 6_000 }), tick({ at: 400, price: 10_001 }));
    expect(next(tick({ at: 3_301, price: 6_010 }))).toEqual(['quarantined']);
  });

  test('follows a market that trades seldom: with nothing in between, the next trade confirms', () => {
    const { next, through } = setup();
    next(...calm(), tick({ at: 60_000, price: 6_000 }));
    expect(next(tick({ at: 120_000, price: 6_010 }))).toEqual(['passed']);
    expect(through.slice(-2)).toEqual([6_000, 6_010]);
  });

  test('MD-32 does not take a copy of the same trade for a second one', () => {
    const { next, state } = setup();
    const odd = tick({ at: 300, price: 6_000 });
    expect(next(...calm(), odd, odd, odd).slice(-3)).toEqual([
      'quarantined',
      'quarantined',
      'quarantined',
    ]);
    expect(state.held).toHaveLength(1);
  });

  test('two prints in opposite directions do not confirm each other', () => {
    const { next } = setup();
    next(...calm());
    expect(next(tick({ at: 300, price: 6_000 }), tick({ at: 310, price: 14_000 }))).toEqual([
      'quarantined',
      'quarantined',
    ]);
  });

  test.each([
    ['spot', false, 0.1],
    ['equity', false, 0.1],
    ['spot', true, 0.3],
    ['dex', false, 0.3],
  ] as const)('MD-32 a %s market, meme %s, allows %d', (kind, isMeme, limit) => {
    expect(outlierLimit(kind, isMeme)).toBe(limit);
  });

  test.each([
    [0.1, 11_000, 'passed'],
    [0.1, 11_001, 'quarantined'],
    [0.1, 9_000, 'passed'],
    [0.1, 8_999, 'quarantined'],
    [0.3, 13_000, 'passed'],
    [0.3, 13_001, 'quarantined'],
  ])('MD-32 with a limit of %d a price of %i against 10000 is %s', (limit, price, fate) => {
    const { next } = setup(limit);
    next(...Array.from({ length: 20 }, (_, at) => tick({ at, price: 10_000 })));
    expect(next(tick({ at: 300, price }))).toEqual([fate]);
  });

  test('prop: decides as the median of the last 20 that passed would, wherever its state is cut by JSON', () => {
    const prices = fc.array(fc.integer({ min: 900, max: 1_130 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(prices, (walk) => {
        let state = outlierInit(0.1);
        const passed: number[] = [];
        walk.forEach((price, index) => {
          // A minute apart and never twice in a row off the median: nothing is confirmed.
          const window = passed.slice(-20).sort((a, b) => a - b);
          const [low = price, high = price] = [
            window[Math.floor((window.length - 1) / 2)],
            window[Math.floor(window.length / 2)],
          ];
          const median = (low + high) / 2;
          const isFar = Math.abs(price - median) > 0.1 * median;
          const fate = outlierNext(state, tick({ at: index * 60_000, price }), () => undefined);
          expect(fate).toBe(isFar ? 'quarantined' : 'passed');
          if (!isFar) passed.push(price);
          state = { ...(JSON.parse(JSON.stringify(state)) as OutlierState), held: [] };
        });
      }),
    );
  });
});
