import fc from 'fast-check';
import type { BarValues } from '../market/bar.ts';
import { isolated, windowInit } from './bar-window.ts';
import { BASES } from './bases.ts';
import { near, walk } from './contract/cases.ts';
import { smaInit, smaNext } from './sma.ts';
import { setInit, setNext, setProvisional, setValues } from './indicator-set.ts';
import { barVariant, familyOf } from './variants.ts';
import { wilderInit, wilderNext } from './wilder.ts';

const barNames = [...BASES].filter(([, { kind }]) => kind === 'bar').map(([name]) => name);
const run = (name: string, bars: readonly BarValues[]): (number | undefined)[] => {
  const variant = barVariant(name);
  const state = variant.init();
  return bars.map((bar) => variant.next(state, bar));
};
const short = walk.slice(0, 120);

describe.each(barNames)('%s', (name) => {
  test('has its first value after exactly its warm-up', () => {
    const ready = run(name, short).map((value) => value !== undefined);
    expect(ready.indexOf(true)).toBe(barVariant(name).warmup - 1);
    expect(ready.lastIndexOf(false)).toBe(barVariant(name).warmup - 2);
  });

  test('IND-06 IND-T17 stored as JSON and restored it goes on as if nothing had happened', () => {
    const variant = barVariant(name);
    let state = variant.init();
    const values = short.map((bar, i) => {
      if (i % 17 === 16) state = JSON.parse(JSON.stringify(state)) as typeof state;
      return variant.next(state, bar);
    });
    expect(values).toEqual(run(name, short));
  });

  test('IND-05 a forming bar gives what it would if it closed, and leaves the state as it is', () => {
    const state = setInit([name]);
    short.slice(0, -1).forEach((bar, i) => {
      setNext(state, bar, i);
    });
    const before = JSON.stringify(state);
    const forming = short.at(-1) ?? { open: 1, high: 1, low: 1, close: 1, volume: 1 };
    const early = setProvisional(state, forming, short.length);
    expect(JSON.stringify(state)).toBe(before);
    setNext(state, forming, short.length);
    expect(setValues(early)).toEqual(setValues(state));
    expect(Object.values(setValues(early))).toEqual([run(name, short).at(-1) ?? null]);
  });

  test('IND-07 in a market that rests, or has no volume, it is a finite number or none', () => {
    const rest = { open: 7, high: 7, low: 7, close: 7, volume: 0 };
    const values = run(name, [...short, ...Array.from({ length: 80 }, () => rest)]);
    expect(values.filter((value) => value !== undefined && !Number.isFinite(value))).toEqual([]);
  });
});

describe('IND-04 what the package supplies', () => {
  const last = (name: string, bars = walk): number | undefined => run(name, bars).at(-1);

  test('means what its name says: weighted, highest, lowest and summed closes', () => {
    const closes = walk.slice(-3).map((bar) => bar.close);
    const [a = 0, b = 0, c = 0] = closes;
    expect(last('WMA_3')).toBeCloseTo((a + 2 * b + 3 * c) / 6, 9);
    expect(last('HIGHEST_3')).toBe(Math.max(...closes));
    expect(last('LOWEST_3')).toBe(Math.min(...closes));
    expect(last('SUM_3')).toBeCloseTo(a + b + c, 9);
  });

  test('a recursive mean has forgotten where its window began', () => {
    const state = wilderInit(20);
    const own = walk.map((bar) => wilderNext(state, bar.close)).at(-1);
    expect(near(last('WEMA_20'), own, 1e-5)).toBe(true);
    expect(near(last('KELTNER_MIDDLE'), last('EMA_20'), 1e-5)).toBe(true);
  });

  test('an awesome oscillator is the distance of two averages of the middle prices', () => {
    const [fast, slow] = [smaInit(5), smaInit(34)];
    const own = walk
      .map(({ high, low }) => [(high + low) / 2, (high + low) / 2] as const)
      .map(([a, b]) => (smaNext(fast, a) ?? 0) - (smaNext(slow, b) ?? 0));
    expect(last('AWESOME_5_34')).toBeCloseTo(own.at(-1) ?? Number.NaN, 9);
  });

  test('a VWAP is that of its last bars', () => {
    const tail = walk.slice(-4);
    const volume = tail.reduce((sum, bar) => sum + bar.volume, 0);
    const turnover = tail.reduce(
      (sum, bar) => sum + (bar.volume * (bar.high + bar.low + bar.close)) / 3,
      0,
    );
    expect(last('VWAP_4')).toBeCloseTo(turnover / volume, 9);
  });

  test('works on bounded windows: its state does not grow', () => {
    for (const name of barNames.filter((base) => familyOf(base).outputs[0] === base)) {
      const variant = barVariant(name);
      const state = variant.init();
      const size = (): number => JSON.stringify(state).split(',').length;
      for (const bar of walk.slice(0, 470)) variant.next(state, bar);
      const early = size();
      for (const bar of walk.slice(470, 490)) variant.next(state, bar);
      expect({ name, size: size() }).toEqual({ name, size: early });
    }
  });

  test('what it throws is a fault and no value, and forgotten when it works again', () => {
    const window = windowInit(1);
    const fail = (): number => {
      throw new Error('not today');
    };
    expect(isolated(window, fail)).toBeUndefined();
    expect(window.fault).toBe('not today');
    expect(isolated(window, () => 1)).toBe(1);
    expect(window.fault).toBeNull();
  });
});

describe('a variant', () => {
  test('with a predicate is 1 where it holds and 0 where it does not', () => {
    const rsi = run('RSI_14', walk);
    expect(run('RSI_14_above_60', walk)).toEqual(
      rsi.map((value) => (value === undefined ? undefined : Number(value > 60))),
    );
    const crossed = run('RSI_14_crossUp_60', walk).flatMap((value, i) => (value === 1 ? [i] : []));
    expect(crossed.length).toBeGreaterThan(3);
    for (const at of crossed) {
      expect(rsi[at]).toBeGreaterThan(60);
      expect(rsi[at - 1]).toBeLessThanOrEqual(60);
    }
  });

  test('that asks for a move knows nothing on its first value', () => {
    const rising = run('SMA_3_rising', walk.slice(0, 5));
    expect(rising.slice(0, 3)).toEqual([undefined, undefined, undefined]);
    expect(rising[3]).toBeDefined();
  });

  test('of trades is no variant of bars, and a wrong name says what is wrong', () => {
    expect(() => barVariant('TWPA_300_0')).toThrow('looks at trades');
    expect(() => barVariant('RSI_0')).toThrow('whole numbers of 1 to 5000');
  });

  test('prop: a later bar never changes an earlier value', () => {
    fc.assert(
      fc.property(fc.constantFrom(...barNames), fc.nat(119), (name, cut) => {
        expect(run(name, short.slice(0, cut))).toEqual(run(name, short).slice(0, cut));
      }),
      { numRuns: 60 },
    );
  });
});
