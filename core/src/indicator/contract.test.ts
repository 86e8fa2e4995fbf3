import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as library from 'technicalindicators';
import { atrInit, atrNext } from './atr.ts';
import { emaInit, emaNext } from './ema.ts';
import { macdInit, macdNext } from './macd.ts';
import { rsiInit, rsiNext } from './rsi.ts';
import { smaInit, smaNext } from './sma.ts';

type Bar = { readonly high: number; readonly low: number; readonly close: number };
type Value = number | undefined;
/** A running indicator: `next` feeds one bar, `save` and `load` carry its state through JSON. */
type Running = { next: (bar: Bar) => Value; save: () => string; load: (text: string) => void };
type Contract = {
  readonly name: string;
  readonly start: () => Running;
  /** Bars until the first value. */
  readonly warmup: number;
  /** What a market at this constant price must give. */
  readonly ofConstant: (price: number) => number;
  /** The same by another library, from its first value on. */
  readonly peer: (bars: readonly Bar[]) => number[];
  /** Bars until both agree: seeds that differ must have faded. */
  readonly settled: number;
  readonly tolerance: number;
};

function running<S>(init: () => S, next: (state: S, bar: Bar) => Value): Running {
  let state = init();
  return {
    next: (bar) => next(state, bar),
    save: () => JSON.stringify(state),
    load: (text) => {
      state = JSON.parse(text) as S;
    },
  };
}

// The package types its inputs as classes, yet reads plain objects.
type Closes = { period: number; values: number[] };
const peers: {
  sma: (input: Closes) => number[];
  ema: (input: Closes) => number[];
  rsi: (input: Closes) => number[];
  atr: (input: { period: number; high: number[]; low: number[]; close: number[] }) => number[];
  macd: (input: {
    fastPeriod: number;
    slowPeriod: number;
    signalPeriod: number;
    SimpleMAOscillator: boolean;
    SimpleMASignal: boolean;
    values: number[];
  }) => { histogram?: number }[];
} = library;

const closes = (bars: readonly Bar[]): number[] => bars.map((bar) => bar.close);
const contracts: readonly Contract[] = [
  {
    name: 'SMA 20',
    start: () =>
      running(
        () => smaInit(20),
        (state, bar) => smaNext(state, bar.close),
      ),
    warmup: 20,
    ofConstant: (price) => price,
    peer: (bars) => peers.sma({ period: 20, values: closes(bars) }),
    settled: 20,
    tolerance: 1e-7,
  },
  {
    name: 'EMA 20',
    start: () =>
      running(
        () => emaInit(20),
        (state, bar) => emaNext(state, bar.close),
      ),
    warmup: 20,
    ofConstant: (price) => price,
    peer: (bars) => peers.ema({ period: 20, values: closes(bars) }),
    settled: 20,
    tolerance: 1e-7,
  },
  {
    name: 'RSI 14',
    start: () =>
      running(
        () => rsiInit(14),
        (state, bar) => rsiNext(state, bar.close),
      ),
    warmup: 15,
    ofConstant: () => 50,
    peer: (bars) => peers.rsi({ period: 14, values: closes(bars) }),
    settled: 15,
    // IND-04: the package rounds to two decimals.
    tolerance: 0.005 + 1e-9,
  },
  {
    name: 'MACD 12/26/9',
    start: () =>
      running(
        () => macdInit({ fast: 12, slow: 26, signal: 9 }),
        (state, bar) => macdNext(state, bar.close)?.histogram,
      ),
    warmup: 34,
    ofConstant: () => 0,
    peer: (bars) =>
      peers
        .macd({
          fastPeriod: 12,
          slowPeriod: 26,
          signalPeriod: 9,
          SimpleMAOscillator: false,
          SimpleMASignal: false,
          values: closes(bars),
        })
        .flatMap(({ histogram }) => (histogram === undefined ? [] : [histogram])),
    // The package seeds the fast average earlier than TA-Lib does.
    settled: 250,
    tolerance: 1e-7,
  },
  {
    name: 'ATR 14',
    start: () =>
      running(
        () => atrInit(14),
        (state, bar) => atrNext(state, bar),
      ),
    warmup: 15,
    ofConstant: () => 0,
    peer: (bars) =>
      peers.atr({
        period: 14,
        high: bars.map((bar) => bar.high),
        low: bars.map((bar) => bar.low),
        close: closes(bars),
      }),
    settled: 15,
    tolerance: 1e-7,
  },
];

const feed = (indicator: Running, bars: readonly Bar[]): Value[] =>
  bars.map((bar) => indicator.next(bar));

/** Bars with wicks around a walk; prices of 1 to some thousands. */
const bars = (minLength: number, maxLength: number): fc.Arbitrary<Bar[]> =>
  fc
    .array(
      fc.record({
        close: fc.double({ min: 1, max: 5_000, noNaN: true }),
        up: fc.double({ min: 0, max: 20, noNaN: true }),
        down: fc.double({ min: 0, max: 0.9, noNaN: true }),
      }),
      { minLength, maxLength },
    )
    .map((rows) =>
      rows.map(({ close, up, down }) => ({ close, high: close + up, low: close - down })),
    );

/** A deterministic walk that trends, turns and rests. */
const walk: Bar[] = Array.from({ length: 600 }, (_, i) => {
  const close = 100 + 8 * Math.sin(i / 17) + 3 * Math.sin(i / 3.1) + (i % 7) * 0.13;
  return { close, high: close + 0.4 + (i % 3) * 0.1, low: close - 0.3 - (i % 5) * 0.07 };
});

const near = (a: number, b: number, tolerance: number): boolean =>
  Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b));

describe.each(contracts)('$name', (contract) => {
  test('has its first value after exactly its warm-up', () => {
    const ready = feed(contract.start(), walk).map((value) => value !== undefined);
    expect(ready.indexOf(true)).toBe(contract.warmup - 1);
    expect(ready.lastIndexOf(false)).toBe(contract.warmup - 2);
  });

  test('prop: a later bar never changes an earlier value', () => {
    fc.assert(
      fc.property(bars(1, 90), fc.nat(90), (series, cut) => {
        const whole = feed(contract.start(), series);
        expect(feed(contract.start(), series.slice(0, cut))).toEqual(whole.slice(0, cut));
      }),
      { numRuns: 50 },
    );
  });

  test('IND-06 IND-T17 prop: stored as JSON and restored it goes on as if nothing had happened', () => {
    fc.assert(
      fc.property(bars(1, 90), fc.nat(90), (series, cut) => {
        const first = contract.start();
        const head = feed(first, series.slice(0, cut));
        const second = contract.start();
        second.load(first.save());
        const tail = feed(second, series.slice(cut));
        expect([...head, ...tail]).toEqual(feed(contract.start(), series));
      }),
      { numRuns: 50 },
    );
  });

  test('IND-07 prop: values are finite', () => {
    fc.assert(
      fc.property(bars(1, 90), (series) => {
        const values = feed(contract.start(), series);
        expect(values.every((value) => value === undefined || Number.isFinite(value))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test.each([0.1, 1, 95_000.1])('of a market resting at %p is what it must be', (price) => {
    const rest = Array.from({ length: 200 }, () => ({ close: price, high: price, low: price }));
    const last = feed(contract.start(), rest).at(-1);
    expect(last).toBeCloseTo(contract.ofConstant(price), 9);
  });

  test('IND-01 keeps a state that does not grow', () => {
    const indicator = contract.start();
    const numbers = (): number => indicator.save().split(',').length;
    feed(indicator, walk.slice(0, 100));
    const early = numbers();
    feed(indicator, walk);
    expect(numbers()).toBe(early);
  });

  test.each([Number.NaN, Infinity, -Infinity])('refuses a price of %p', (price) => {
    const indicator = contract.start();
    expect(() => indicator.next({ close: price, high: price, low: price })).toThrow(RangeError);
  });

  test('IND-04 agrees with the technicalindicators package', () => {
    const peer = contract.peer(walk);
    const ours = feed(contract.start(), walk);
    for (let bar = contract.settled - 1; bar < walk.length; bar += 1) {
      const theirs = peer[peer.length - walk.length + bar] ?? Number.NaN;
      const own = ours[bar] ?? Number.NaN;
      expect({ bar, own, agrees: near(own, theirs, contract.tolerance) }).toEqual({
        bar,
        own,
        agrees: true,
      });
    }
  });

  const recorded = join(
    process.env['TRADEWIND_DATA'] ?? 'data',
    'ohlcv_1m_binance_usdm_btcusdt_202505_202506.csv.gz',
  );
  const reference = existsSync(recorded) ? test : test.skip;
  reference('IND-04 agrees with the package on recorded bars of BTCUSDT', () => {
    const series = gunzipSync(readFileSync(recorded))
      .toString()
      .split('\n')
      .slice(1, 5_001)
      .map((line) => line.split(',').map(Number))
      .map(([, , high = 0, low = 0, close = 0]) => ({ high, low, close }));
    const peer = contract.peer(series).slice(-1_000);
    const ours = feed(contract.start(), series).slice(-1_000);
    const apart = ours.filter(
      (value, i) => !near(value ?? Number.NaN, peer[i] ?? Number.NaN, contract.tolerance),
    );
    expect(apart).toEqual([]);
  });
});

describe('RSI', () => {
  const last = (prices: readonly number[]): Value =>
    feed(
      running(
        () => rsiInit(14),
        (state, bar) => rsiNext(state, bar.close),
      ),
      prices.map((close) => ({ close, high: close, low: close })),
    ).at(-1);

  test('IND-T01 a flat series gives 50, only gains 100, only losses 0', () => {
    expect(last(Array.from({ length: 20 }, () => 7))).toBe(50);
    expect(last(Array.from({ length: 20 }, (_, i) => 7 + i))).toBe(100);
    expect(last(Array.from({ length: 20 }, (_, i) => 70 - i))).toBe(0);
  });
});

describe('periods', () => {
  test.each([0, -1, 1.5, Number.NaN])('a period of %p bars is refused', (period) => {
    expect(() => smaInit(period)).toThrow(RangeError);
    expect(() => emaInit(period)).toThrow(RangeError);
    expect(() => rsiInit(period)).toThrow(RangeError);
    expect(() => atrInit(period)).toThrow(RangeError);
    expect(() => macdInit({ fast: 1, slow: 2, signal: period })).toThrow(RangeError);
  });

  test('a MACD whose fast average is not faster is refused', () => {
    expect(() => macdInit({ fast: 26, slow: 26, signal: 9 })).toThrow(
      'Invariant: fast (26) is below slow (26)',
    );
  });

  test('a MACD seeds both averages on the bar that completes the slow one, as TA-Lib does', () => {
    const state = macdInit({ fast: 2, slow: 3, signal: 1 });
    const [, , third] = [1, 2, 4].map((close) => macdNext(state, close));
    expect(third?.line).toBeCloseTo((2 + 4) / 2 - (1 + 2 + 4) / 3, 12);
  });

  test('IND-02 what a huge value costs an average in digits is gone once its window has passed', () => {
    const state = smaInit(3);
    const values = [1e17, 0.1, 0.2, 0.3, 0.1, 0.2, 0.3].map((value) => smaNext(state, value));
    expect(values.at(-1)).toBeCloseTo(0.2, 12);
  });

  test('a MACD of a straight line is the lag between its averages', () => {
    // An EMA of n lags a straight line by (n - 1) / 2 bars: (26 - 1) / 2 - (12 - 1) / 2 = 7.
    const state = macdInit({ fast: 12, slow: 26, signal: 9 });
    const values = Array.from({ length: 100 }, (_, i) => macdNext(state, 1_000 + i));
    expect(values[33]?.line).toBeCloseTo(7, 9);
    expect(values.at(-1)?.line).toBeCloseTo(7, 9);
    expect(values.at(-1)?.histogram).toBeCloseTo(0, 9);
  });
});
