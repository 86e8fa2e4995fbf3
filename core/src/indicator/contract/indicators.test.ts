import { adxInit, adxNext } from '../adx.ts';
import { atrPercentInit, atrPercentNext } from '../atr-percent.ts';
import { atrInit, atrNext } from '../atr.ts';
import { autocorrelationInit, autocorrelationNext } from '../autocorrelation.ts';
import { bollingerInit, bollingerNext } from '../bollinger.ts';
import { cciInit, cciNext } from '../cci.ts';
import { cutlerRsiInit } from '../cutler-rsi.ts';
import { emaConverged, emaInit, emaNext } from '../ema.ts';
import { ascending } from '../guard.ts';
import { macdInit, macdNext } from '../macd.ts';
import { obvInit, obvNext } from '../obv.ts';
import { realisedVolatilityInit, realisedVolatilityNext } from '../realised-volatility.ts';
import { rocInit, rocNext } from '../roc.ts';
import { rsiInit, rsiNext } from '../rsi.ts';
import { smaInit, smaNext } from '../sma.ts';
import { stochasticInit, stochasticNext } from '../stochastic.ts';
import { williamsRInit, williamsRNext } from '../williams-r.ts';

const flat = (price: number) => ({ high: price, low: price, close: price });
const range = (high: number, low: number, close: number) => ({ high, low, close });

test('IND-T01 IND-12 an RSI of a flat series is 50, of only gains 100, of only losses 0', () => {
  const last = (prices: readonly number[]) => {
    const state = rsiInit(14);
    return prices.map((price) => rsiNext(state, price)).at(-1);
  };
  expect(last(Array.from({ length: 20 }, () => 7))).toBe(50);
  expect(last(Array.from({ length: 20 }, (_, i) => 7 + i))).toBe(100);
  expect(last(Array.from({ length: 20 }, (_, i) => 70 - i))).toBe(0);
});

describe('settings', () => {
  test.each([0, -1, 1.5, Number.NaN])('a period of %p bars is refused', (period) => {
    for (const init of [
      () => smaInit(period),
      () => emaInit(period),
      () => rsiInit(period),
      () => cutlerRsiInit(period),
      () => atrInit(period),
      () => adxInit(period),
      () => cciInit(period),
      () => rocInit(period),
      () => williamsRInit(period),
      () => realisedVolatilityInit(period),
      () => autocorrelationInit(period),
      () => atrPercentInit({ atr: 14, average: period }),
      () => bollingerInit({ period, deviations: 2 }),
      () => stochasticInit({ period: 14, smooth: period, signal: 3 }),
      () => macdInit({ fast: 1, slow: 2, signal: period }),
    ])
      expect(init).toThrow(/whole number of bars >= 1/);
  });

  test('a MACD whose fast average is not faster is refused', () => {
    expect(() => macdInit({ fast: 26, slow: 26, signal: 9 })).toThrow(
      'Invariant: fast (26) is below slow (26)',
    );
  });

  test.each([0, -2, Number.NaN, Infinity])('bands %p deviations wide are refused', (deviations) => {
    expect(() => bollingerInit({ period: 20, deviations })).toThrow(RangeError);
  });
});

describe('averages', () => {
  test('IND-11 an EMA has converged after three periods, 600 bars of EMA 200', () => {
    const state = emaInit(200);
    const converged = Array.from({ length: 601 }, (_, i) => {
      emaNext(state, i);
      return emaConverged(state);
    });
    expect(converged.indexOf(true)).toBe(599);
    expect(converged.lastIndexOf(false)).toBe(598);
  });

  test('IND-02 a huge value costs an average no digit once it is out of its window', () => {
    const state = smaInit(3);
    const values = [1e17, 0.1, 0.2, 0.3].map((value) => smaNext(state, value));
    expect(values.at(-1)).toBeCloseTo(0.2, 15);
  });

  test('IND-02 an average of a million values has not drifted', () => {
    const state = smaInit(10);
    let last: number | undefined;
    for (let i = 0; i < 1_000_000; i += 1) last = smaNext(state, 0.1 * (i % 10));
    expect(last).toBeCloseTo(0.45, 15);
  });

  test('a MACD seeds both averages on the bar that completes the slow one, as TA-Lib does', () => {
    const state = macdInit({ fast: 2, slow: 3, signal: 1 });
    const [, , third] = [1, 2, 4].map((close) => macdNext(state, close));
    expect(third?.line).toBeCloseTo((2 + 4) / 2 - (1 + 2 + 4) / 3, 12);
  });

  test('IND-13 a MACD of a straight line is the lag between its averages', () => {
    // An EMA of n lags a straight line by (n - 1) / 2 bars: (26 - 1) / 2 - (12 - 1) / 2 = 7.
    const state = macdInit({ fast: 12, slow: 26, signal: 9 });
    const values = Array.from({ length: 100 }, (_, i) => macdNext(state, 1_000 + i));
    expect(values[33]?.line).toBeCloseTo(7, 9);
    expect(values.at(-1)?.line).toBeCloseTo(7, 9);
    expect(values.at(-1)?.histogram).toBeCloseTo(0, 9);
  });
});

describe('trend and spread', () => {
  test('IND-14 a true range reaches to the close before, above as below', () => {
    const state = atrInit(2);
    const bars = [range(10, 9, 9), range(13, 12, 12), range(12, 11, 11), range(6, 5, 5)];
    // True ranges: 13 - 9, 12 - 11, 11 - 5; their mean, then (2.5 + 6) / 2.
    expect(bars.map((bar) => atrNext(state, bar))).toEqual([undefined, undefined, 2.5, 4.25]);
  });

  test('IND-15 an ATR % is in percent of the mean close', () => {
    const state = atrPercentInit({ atr: 1, average: 2 });
    const bars = [range(50, 50, 50), range(52, 48, 50), range(54, 46, 50)];
    expect(bars.map((bar) => atrPercentNext(state, bar))).toEqual([undefined, 8, 16]);
  });

  test('IND-16 moves up and down of one size both count for nothing', () => {
    const [tied, calm] = [adxInit(1), adxInit(1)];
    adxNext(tied, range(11, 9, 10));
    adxNext(calm, range(11, 9, 10));
    expect(adxNext(tied, range(13, 7, 10))).toMatchObject({ plusDi: 0, minusDi: 0 });
    expect(adxNext(calm, range(13, 8, 10))?.plusDi).toBeGreaterThan(0);
  });

  test('IND-16 an ADX keeps its strength while nothing moves', () => {
    const state = adxInit(2);
    for (const price of [1, 2, 3, 4]) adxNext(state, flat(price));
    expect(adxNext(state, flat(5))?.adx).toBe(100);
    for (let i = 0; i < 5_000; i += 1) adxNext(state, flat(5));
    expect(adxNext(state, flat(5))?.adx).toBeCloseTo(100, 9);
  });

  test('IND-17 the deviation is that of the population, and keeps its digits at large prices', () => {
    const state = bollingerInit({ period: 4, deviations: 2 });
    const [bands] = [1, 3, 1, 3].map((step) => bollingerNext(state, 1e9 + step)).slice(-1);
    expect(bands).toMatchObject({ middle: 1e9 + 2, upper: 1e9 + 4, lower: 1e9, percentB: 0.75 });
  });

  test('IND-20 IND-23 a 10 % move back and forth each minute is far more than 100 % a day: 1', () => {
    const state = realisedVolatilityInit(60);
    const last = (size: number) =>
      Array.from({ length: 62 }, (_, i) =>
        realisedVolatilityNext(state, 100 * (1 + size * (i % 2))),
      ).at(-1);
    expect(last(0.1)).toBe(1);
    expect(last(0.001)).toBeCloseTo(Math.log(1.001) * Math.sqrt(1_440), 12);
  });

  test('IND-21 moves that are taken back correlate by -1, and steady growth has no correlation', () => {
    const [swing, growth] = [autocorrelationInit(60), autocorrelationInit(60)];
    const values = Array.from({ length: 80 }, (_, i) => [
      autocorrelationNext(swing, 100 + (i % 2)),
      autocorrelationNext(growth, 100 * 1.001 ** i),
    ]);
    expect(values.at(-1)?.[0]).toBeCloseTo(-1, 12);
    expect(values.at(-1)?.[1]).toBeUndefined();
  });

  test.each([0, -1])('a price of %p has no logarithm and is refused', (price) => {
    expect(() => autocorrelationNext(autocorrelationInit(60), price)).toThrow(
      'was ' + String(price),
    );
  });
});

describe('IND-07 where a formula has no value', () => {
  test('IND-18 a stochastic of a flat window has none, and goes on from what it knew', () => {
    const state = stochasticInit({ period: 2, smooth: 1, signal: 2 });
    stochasticNext(state, range(4, 0, 2));
    stochasticNext(state, range(4, 0, 1));
    const flatBars = [1, 2, 3].map(() => stochasticNext(state, flat(3)));
    expect(flatBars[0]).toEqual({ k: 75, d: 50 });
    expect(flatBars.slice(1)).toEqual([undefined, undefined]);
    expect(stochasticNext(state, range(4, 2, 4))).toEqual({ k: 100, d: 87.5 });
  });

  test('IND-19 Williams %R and CCI of a flat window have none', () => {
    const [williams, cci] = [williamsRInit(3), cciInit(3)];
    const bars = [0.1, 0.1, 0.1, 0.1].map(flat);
    expect(bars.map((bar) => williamsRNext(williams, bar)).at(-1)).toBeUndefined();
    expect(bars.map((bar) => cciNext(cci, bar)).at(-1)).toBeUndefined();
  });

  test('IND-19 a change from no volume has none', () => {
    const state = rocInit(1);
    expect([0, 5, 10].map((volume) => rocNext(state, volume))).toEqual([undefined, undefined, 100]);
  });
});

test('IND-19 an OBV loses no digit to a day of huge volume', () => {
  const state = obvInit();
  const bars = [
    [1, 0.1],
    [2, 1e17],
    [1, 1e17],
    [2, 0.2],
  ] as const;
  const last = bars.map(([close, volume]) => obvNext(state, { close, volume })).at(-1);
  expect(last).toBeCloseTo(0.3, 12);
});

describe('ascending', () => {
  test('IND-T15 IND-03 bars that come newest first, or twice, are refused', () => {
    expect(() => ascending(120_000, 60_000)).toThrow('oldest first');
    expect(() => ascending(60_000, 60_000)).toThrow('each once');
    expect(() => ascending(60_000, Number.NaN)).toThrow(RangeError);
  });

  test('a later bar passes, and the first whenever it is', () => {
    expect(ascending(60_000, 120_000)).toBe(120_000);
    expect(ascending(null, 0)).toBe(0);
  });
});
