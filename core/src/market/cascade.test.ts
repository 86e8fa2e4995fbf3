import { SERIES } from './bar.ts';
import {
  cascadeAdd,
  cascadeAdvance,
  cascadeCorrect,
  cascadeHistory,
  cascadeInit,
  cascadeMark,
  formingBar,
  MAX_EMPTY_MS,
  type CascadeState,
  type TickFate,
} from './cascade.ts';
import { collector, T0, tick } from './testing.ts';
import type { Tick } from './tick.ts';

const MINUTE = SERIES['1m'];
const HOUR = SERIES['1h'];

const setup = (state: CascadeState = cascadeInit()) => {
  const { bars, sink } = collector();
  return {
    state,
    bars,
    sink,
    add: (...ticks: Tick[]): TickFate[] => ticks.map((each) => cascadeAdd(state, each, sink)),
    advance: (at: number): void => {
      cascadeAdvance(state, T0 + at, sink);
    },
  };
};

describe('bars', () => {
  test('MD-01 MD-40 are built of executed trades for every length, aligned to the epoch, and count their buyers', () => {
    const { add, advance, bars } = setup();
    add(
      tick({ at: 0, price: 101, size: 10 }),
      tick({ at: 400, price: 103, size: 20, isBuy: false }),
      tick({ at: HOUR - 1, price: 99, size: 1 }),
    );
    advance(HOUR + 2_000);
    expect(bars['1s'][0]).toEqual({
      openAt: T0,
      open: 101,
      high: 103,
      low: 101,
      close: 103,
      volume: 30,
      buyVolume: 10,
      turnover: 101 * 10 + 103 * 20,
      trades: 2,
      buyTrades: 1,
      gapFilled: false,
      incomplete: false,
    });
    const made = Object.entries(bars).map(([name, { length }]) => [name, length]);
    expect(made).toEqual([
      ['1s', 3_600],
      ['15s', 240],
      ['1m', 60],
      ['5m', 12],
      ['15m', 4],
      ['1h', 1],
    ]);
    expect(bars['1h'][0]).toMatchObject({ open: 101, close: 99, volume: 31, trades: 3 });
  });

  test('MD-43 close two seconds after their end, and not a millisecond before, each with its number', () => {
    const numbers: number[] = [];
    const state = cascadeInit();
    const sink = (): void => void numbers.push(state.sequence);
    cascadeAdd(state, tick({ at: 59_500 }), sink);
    cascadeAdvance(state, T0 + MINUTE + 1_999, sink);
    expect(numbers).toEqual([]);
    cascadeAdvance(state, T0 + MINUTE + 2_000, sink);
    cascadeAdvance(state, T0 + MINUTE + 2_000, sink);
    expect(numbers).toEqual([1, 2, 3]);
  });

  test('MD-43 are closed by a trade two seconds past their end, shorter series first', () => {
    const { add, bars } = setup();
    add(tick({ at: 59_500 }), tick({ at: MINUTE + 1_999 }));
    expect(bars['1s']).toEqual([]);
    add(tick({ at: MINUTE + 2_000 }));
    expect([bars['1s'].length, bars['15s'].length, bars['1m'].length]).toEqual([1, 1, 1]);
  });

  test('MD-T05 MD-44 without trades repeat the close before them and have no volume', () => {
    const { add, bars } = setup();
    add(tick({ at: 5, price: 101 }), tick({ at: 3 * MINUTE + 2_000, price: 105 }));
    for (const empty of bars['1m'].slice(1))
      expect(empty).toMatchObject({ open: 101, high: 101, low: 101, close: 101, volume: 0 });
    expect(bars['1m']).toHaveLength(3);
    // The first that trades again does not begin at the old price.
    add(tick({ at: 5 * MINUTE, price: 107 }));
    expect(bars['1m'].at(-1)).toMatchObject({ open: 105, close: 105, trades: 1 });
  });

  test('MD-42 of an hour begin where the session does', () => {
    const bell = 30 * MINUTE;
    const { add, advance, bars } = setup(
      cascadeInit({ closedUntil: T0 + bell, lastClose: 5, hourOffsetMs: bell }),
    );
    add(tick({ at: bell + 1 }), tick({ at: bell + HOUR - 1 }));
    advance(bell + HOUR + 2_000);
    expect(bars['1h']).toMatchObject([{ openAt: T0 + bell, trades: 2, incomplete: false }]);
  });

  test.each([1, -900_000, 3_600_000, Number.NaN])(
    'MD-42 refuse hours that are shifted by %d ms',
    (hourOffsetMs) => {
      const seed = { closedUntil: T0, lastClose: null, hourOffsetMs };
      expect(() => cascadeInit(seed)).toThrow('hours are shifted by');
    },
  );

  test('after more than a day of silence are not filled in, and the cascade starts afresh', () => {
    const { add, advance, bars } = setup();
    const late = MAX_EMPTY_MS + 5_000;
    add(tick({ at: 5 }), tick({ at: late, price: 7 }));
    expect(bars['1s'].map(({ openAt }) => openAt)).toEqual([T0]);
    expect(bars['1h']).toMatchObject([{ openAt: T0, trades: 1 }]);
    advance(late + HOUR);
    expect(bars['1s'][1]).toMatchObject({ openAt: T0 + late, open: 7 });
    expect(bars['1h'][1]).toMatchObject({ open: 7, trades: 1 });
  });

  test('stay exact beyond what 32 bits count', () => {
    const { add, state } = setup();
    const size = 40_000_000_000;
    add(tick({ at: 1, size, price: 3 }), tick({ at: 2, size, price: 3 }));
    expect(formingBar(state, '1h')).toMatchObject({ volume: 2 * size, turnover: 6 * size });
  });
});

describe('a trade', () => {
  test('MD-T01 of the same millisecond and side as another counts as well', () => {
    const { add, state } = setup();
    expect(add(tick({ at: 5, id: 1 }), tick({ at: 5, id: 2 }))).toEqual(['taken', 'taken']);
    expect(formingBar(state, '1s')?.trades).toBe(2);
  });

  test.each([
    ['numbers', 70, 71],
    ['text', 'a', 'b'],
    ['a number, then text', 70, 'b'],
  ])('MD-T02 MD-30 counts once however often it comes: ids are %s', (_, first, second) => {
    const { add, state } = setup();
    const ticks = [tick({ at: 5, id: first }), tick({ at: 1_900, id: second })];
    expect(add(...ticks, ...ticks)).toEqual(['taken', 'taken', 'duplicate', 'duplicate']);
    expect(formingBar(state, '1h')?.trades).toBe(2);
  });

  test('MD-30 is known by the digits of its id, as a number or as text', () => {
    const { add } = setup();
    expect(
      add(tick({ at: 1, id: 70 }), tick({ at: 2, id: 'x' }), tick({ at: 1, id: '70' })),
    ).toEqual(['taken', 'taken', 'duplicate']);
  });

  test('MD-30 with an id that every object has as a property is new once', () => {
    const { add } = setup();
    const odd = ['__proto__', 'constructor', 'toString'];
    const ticks = odd.map((id) => tick({ at: 5, id }));
    expect(add(...ticks, ...ticks)).toEqual([
      ...odd.map(() => 'taken'),
      ...odd.map(() => 'duplicate'),
    ]);
  });

  test('MD-T06 MD-31 up to two seconds late goes into its own bar, before that is published', () => {
    const { add, bars } = setup();
    add(tick({ at: MINUTE + 1_000, price: 200 }), tick({ at: MINUTE - 500, price: 90 }));
    add(tick({ at: MINUTE + 2_000 }));
    expect(bars['1m']).toMatchObject([{ openAt: T0, low: 90, close: 90, trades: 1 }]);
  });

  test('MD-31 later than that is left out and reported', () => {
    const { add, state } = setup();
    expect(
      add(tick({ at: 10_000 }), tick({ at: 7_999 }), tick({ at: 8_000 }), tick({ at: 7_000 })),
    ).toEqual(['taken', 'late', 'taken', 'late']);
    expect(formingBar(state, '15s')?.trades).toBe(2);
  });

  test('of the same millisecond as another comes after it when its id counts higher', () => {
    for (const [low, high] of [
      [9, 10],
      ['9', '10'],
      ['a9', 'a10'],
    ] as const) {
      const { add, state } = setup();
      add(tick({ at: 5, price: 2, id: high }), tick({ at: 5, price: 1, id: low }));
      expect(formingBar(state, '1s')).toMatchObject({ open: 1, close: 2 });
    }
  });

  test('leaves nothing behind once it could not come again: the state stays small', () => {
    for (const asText of [false, true]) {
      const { add, state } = setup();
      for (let at = 0; at < 400_000; at += 40) add(tick({ at, id: asText ? `t${at}` : 5e9 + at }));
      expect(JSON.stringify(state).length).toBeLessThan(12_000);
    }
  });
});

describe('a seeded cascade', () => {
  const seed = { closedUntil: T0 + 20 * MINUTE, lastClose: 42 };

  test('goes on where history ends, and calls incomplete what began before it', () => {
    const { add, advance, bars } = setup(cascadeInit(seed));
    expect(add(tick({ at: 20 * MINUTE - 1 }))).toEqual(['late']);
    advance(HOUR + 2_000);
    expect(bars['1m'][0]).toMatchObject({ openAt: T0 + 20 * MINUTE, close: 42, trades: 0 });
    expect(bars['5m'][0]).toMatchObject({ openAt: T0 + 20 * MINUTE, incomplete: false });
    expect(bars['15m'].map(({ incomplete }) => incomplete)).toEqual([true, false, false]);
    expect(bars['1h']).toMatchObject([{ openAt: T0, incomplete: true }]);
  });

  test('MD-47 that is told the minutes before it makes whole bars of them', () => {
    const past = setup();
    for (let at = 0; at < 20 * MINUTE; at += 7_000) past.add(tick({ at, price: 100 + (at % 11) }));
    past.advance(20 * MINUTE + 2_000);
    const { state, add, advance, bars } = setup(cascadeInit(seed));
    cascadeHistory(state, past.bars['1m']);
    expect(state.sequence).toBe(0);
    for (const now of [past, { add, advance }]) {
      now.add(tick({ at: 21 * MINUTE, price: 70 }));
      now.advance(HOUR + 2_000);
    }
    expect(bars['1h']).toEqual(past.bars['1h']);
    expect(bars['15m']).toEqual(past.bars['15m'].slice(-3));
  });

  test('MD-47 does not join minutes across a hole', () => {
    const past = setup();
    past.add(tick({ at: 0 }));
    past.advance(20 * MINUTE + 2_000);
    const { state, advance, bars } = setup(cascadeInit(seed));
    cascadeHistory(
      state,
      past.bars['1m'].filter(({ openAt }) => openAt !== T0 + 14 * MINUTE),
    );
    advance(30 * MINUTE + 2_000);
    expect(bars['15m']).toMatchObject([{ openAt: T0 + 15 * MINUTE, incomplete: false }]);
    advance(HOUR + 2_000);
    expect(bars['1h']).toMatchObject([{ incomplete: true }]);
  });

  test('refuses history after its first trade', () => {
    const { state, add } = setup();
    add(tick({ at: 5 }));
    expect(() => {
      cascadeHistory(state, []);
    }).toThrow('history comes before the first trade');
  });
});

describe('marks', () => {
  test('MD-23 MD-73 reach every bar that touches the time, and no other', () => {
    const { state, add, advance, bars } = setup();
    add(tick({ at: 5 }));
    cascadeMark(state, { from: T0 + 61_000, until: T0 + 62_500, incomplete: true });
    cascadeMark(state, { from: T0 + 200_000, until: T0 + 200_001, gapFilled: true });
    advance(10 * MINUTE + 2_000);
    const marked = (name: '1s' | '1m' | '5m', mark: 'incomplete' | 'gapFilled'): number[] =>
      bars[name].filter((bar) => bar[mark]).map(({ openAt }) => (openAt - T0) / 1_000);
    expect(marked('1s', 'incomplete')).toEqual([61, 62]);
    expect(marked('1m', 'incomplete')).toEqual([60]);
    expect(marked('5m', 'incomplete')).toEqual([0]);
    expect(marked('1s', 'gapFilled')).toEqual([200]);
    expect(marked('1m', 'gapFilled')).toEqual([180]);
    expect(state.marks).toEqual([]);
  });

  test('reach a longer bar of which the shorter one is out already', () => {
    const { state, add, advance, bars } = setup();
    add(tick({ at: 5 }), tick({ at: 10_000 }));
    cascadeMark(state, { from: T0, until: T0 + 1_000, incomplete: true });
    advance(MINUTE + 2_000);
    expect(bars['1s'].some(({ incomplete }) => incomplete)).toBe(false);
    expect(bars['1m']).toMatchObject([{ incomplete: true }]);
  });
});

describe('a correction', () => {
  test('MD-33 of the latest closed bar is a new revision of it and of what it is part of', () => {
    const { state, add, advance, bars } = setup();
    add(tick({ at: 5, price: 100 }), tick({ at: 59_000, price: 150, size: 3 }));
    advance(MINUTE + 2_000);
    const second = bars['1s'].at(-1);
    if (second === undefined) throw new Error('a second is closed');
    const told: unknown[] = [];
    const correctedBar = { ...second, high: 120, close: 120, open: 120, low: 120, volume: 1 };
    const sink = (...args: unknown[]): void => void told.push(args);
    expect(cascadeCorrect(state, { series: '1s', bar: correctedBar }, sink)).toBe(true);
    expect(told).toMatchObject([
      ['1s', correctedBar, 1],
      ['15s', { high: 120, close: 120, volume: 1 }, 1],
      ['1m', { openAt: T0, high: 120, close: 120, volume: 2 }, 1],
    ]);
    expect(formingBar(state, '1m')).toBeUndefined();
    cascadeCorrect(state, { series: '1s', bar: second }, sink);
    expect(told.at(-1)).toMatchObject(['1m', { high: 150, volume: 4 }, 2]);
    advance(5 * MINUTE + 2_000);
    expect(bars['5m']).toMatchObject([{ high: 150, volume: 4 }]);
    expect(bars['1m'].at(-1)).toMatchObject({ close: 150, trades: 0 });
  });

  test('MD-33 of an older bar is refused and changes nothing', () => {
    const { state, add, advance, bars } = setup();
    add(tick({ at: 5 }));
    advance(2 * MINUTE + 2_000);
    const [first] = bars['1m'];
    if (first === undefined) throw new Error('a minute is closed');
    const before = JSON.stringify(state);
    expect(cascadeCorrect(state, { series: '1m', bar: first }, () => undefined)).toBe(false);
    expect(JSON.stringify(state)).toBe(before);
  });
});
