import { normal, seedFor } from '../simulation/random.ts';
import {
  deflate,
  expectedBestSharpe,
  holm,
  probabilisticSharpe,
  shapeOf,
} from './multiple-testing.ts';
import { realityCheck } from './reality-check.ts';

/** Daily returns of a strategy with this daily Sharpe ratio. */
function daysOf(seed: number, days: number, sharpe = 0): number[] {
  let state = seedFor(seed, 'days');
  return Array.from({ length: days }, () => {
    const draw = normal(state);
    state = draw.seed;
    return 0.01 * (draw.value + sharpe);
  });
}
const unskilled = (count: number, days = 250, from = 0) =>
  Array.from({ length: count }, (_, index) => daysOf(from + index, days));
const sharpeOf = (returns: readonly number[]): number => shapeOf(returns)?.sharpe ?? 0;
const bestOf = (all: readonly number[][]): number[] =>
  all.reduce((a, b) => (sharpeOf(b) > sharpeOf(a) ? b : a));

test('the best of many without skill has the Sharpe ratio that is expected of it', () => {
  const bests = Array.from({ length: 80 }, (_, round) => bestOf(unskilled(100, 250, round * 100)));
  const mean = bests.map(sharpeOf).reduce((a, b) => a + b, 0) / bests.length;
  expect(expectedBestSharpe(100, 1 / Math.sqrt(250))).toBeCloseTo(mean, 2);
});

test('the expected best grows with the number tried and is nothing for one alone', () => {
  const expected = [1, 2, 10, 100, 1_000].map((trials) => expectedBestSharpe(trials, 1));
  expect(expected[0]).toBe(0);
  expect(expected).toEqual(expected.toSorted((a, b) => a - b));
  // Means of the largest of 10, 100 and 1,000 standard normals: 1.539, 2.508, 3.241 (Harter 1961).
  expect(expected[2]).toBeCloseTo(1.54, 1);
  expect(expected[3]).toBeCloseTo(2.51, 1);
  expect(expected[4]).toBeCloseTo(3.24, 1);
});

test('the worked example of Bailey and López de Prado (2014) comes out at 0.9004', () => {
  // Annual ratio 2.5 over 1,250 days, 100 trials with an annual variance of 1/2, skewness -3, kurtosis 10.
  const shape = { count: 1_250, sharpe: 2.5 / Math.sqrt(250), skewness: -3, kurtosis: 10 };
  const benchmark = expectedBestSharpe(100, Math.sqrt(0.5 / 250));
  expect(benchmark).toBeCloseTo(0.1132, 4);
  expect(probabilisticSharpe(shape, benchmark)).toBeCloseTo(0.9004, 3);
});

test('luck among 200 looks significant alone and not after the correction; skill stays', () => {
  const all = unskilled(200);
  const luck = deflate(bestOf(all), all);
  expect(luck?.pAlone).toBeLessThan(0.05);
  expect(luck?.pBonferroni).toBeGreaterThan(0.05);
  expect(luck?.deflatedSharpe).toBeLessThan(0.95);
  expect(luck?.significantByHolm).toBe(0);
  const skilled = daysOf(999, 250, 0.5);
  const skill = deflate(skilled, [...all, skilled]);
  expect(skill?.deflatedSharpe).toBeGreaterThan(0.95);
  expect(skill?.pBonferroni).toBeLessThan(0.05);
  expect(skill?.significantByHolm).toBe(1);
});

test('skewness and fat tails weaken the proof', () => {
  const plain = { count: 250, sharpe: 0.1, skewness: 0, kurtosis: 3 };
  expect(probabilisticSharpe({ ...plain, skewness: -2 }, 0)).toBeLessThan(
    probabilisticSharpe(plain, 0),
  );
  expect(probabilisticSharpe({ ...plain, kurtosis: 20 }, 0)).toBeLessThan(
    probabilisticSharpe(plain, 0),
  );
});

test('returns without any change have no shape and are not judged', () => {
  expect(shapeOf([0, 0, 0, 0])).toBeNull();
  expect(shapeOf([0.1, 0.2])).toBeNull();
  expect(deflate([0, 0, 0], [[0, 0, 0]])).toBeNull();
});

test('Holm corrects the smallest p-value like Bonferroni and the others by what is left', () => {
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(holm([0.9, 0.8])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});

describe('reality check', () => {
  const check = (all: readonly (readonly number[])[], resamples = 400) =>
    realityCheck(
      all.map((each) => Float64Array.from(each)),
      { resamples, meanBlock: 5, seed: 3 },
    );

  test('skill among many is found, and the luck of the best is not taken for it', () => {
    const all = unskilled(100);
    expect(check(all).pValue).toBeGreaterThan(0.05);
    expect(check([...all, daysOf(999, 250, 0.4)]).pValue).toBeLessThan(0.01);
  });

  test('a hundred copies of one strategy count as one', () => {
    const one = daysOf(4, 250, 0.12);
    const copies = check(Array.from({ length: 100 }, () => one)).pValue;
    expect(copies).toBe(check([one]).pValue);
    expect(copies).toBeLessThan(0.1);
  });

  test('without skill the p-values are spread evenly', () => {
    const pValues = Array.from(
      { length: 60 },
      (_, round) => check(unskilled(8, 120, round * 8), 99).pValue,
    );
    const share = pValues.filter((p) => p <= 0.2).length / pValues.length;
    expect(share).toBeGreaterThan(0.05);
    expect(share).toBeLessThan(0.4);
  });

  test('series of different days are not compared', () => {
    expect(() => check([[0.1], [0.1, 0.2]])).toThrow('same periods');
    expect(() => check([])).toThrow('same periods');
  });
});
