import { combine, confidenceOf, macdScore, maScore, rsiScore, separationPct } from './score.ts';

test.each([
  [0, 1],
  [15, 0.5],
  [30, 0.1],
  [30.1, 0],
  [50, 0],
  [69.9, 0],
  [70, -0.1],
  [85, -0.5],
  [100, -1],
])('IND-25 IND-T02 ARC-22 an RSI of %p scores %p', (rsi, score) => {
  expect(rsiScore(rsi, { buyThreshold: 30, sellThreshold: 70 })).toBe(score);
});

test.each([
  [0, 0],
  [1, 0.7616],
  [-1, -0.7616],
  [5, 0.9999],
])('IND-26 IND-T03 a separation of %p percent scores %p', (pct, score) => {
  const separation = separationPct(100 + pct, 100);
  expect(separation).toBeCloseTo(pct, 9);
  expect(maScore(separation ?? Number.NaN)).toBeCloseTo(score, 4);
});

test('IND-07 a slow average that is not positive has no separation', () => {
  expect(separationPct(1, 0)).toBeUndefined();
});

test('IND-27 a histogram counts in units of ATR, and for nothing where there is no range', () => {
  expect(macdScore(0.5, 2)).toBeCloseTo(Math.tanh(0.5), 12);
  expect(macdScore(-0.5, 2)).toBeCloseTo(-Math.tanh(0.5), 12);
  expect(macdScore(3, 0)).toBe(0);
});

describe('the combined score', () => {
  test('IND-30 weights 0.4, 0.35, 0.25 and scores -0.2, -0.1, -0.3 make -0.19', () => {
    const combined = combine([
      { score: -0.2, weight: 0.4 },
      { score: -0.1, weight: 0.35 },
      { score: -0.3, weight: 0.25 },
    ]);
    expect(combined).toEqual({ score: -0.19, agreement: 1 });
  });

  test('IND-28 is not scaled up when the weights sum to less than 1', () => {
    expect(combine([{ score: 1, weight: 0.3 }])).toEqual({ score: 0.3, agreement: 1 });
  });

  test('IND-31 is unknown while one part is, and where there is none', () => {
    const ready = { score: 1, weight: 0.5 };
    expect(combine([ready, { score: null, weight: 0.1 }])).toBeNull();
    expect(combine([])).toBeNull();
  });
});

describe('confidence', () => {
  test('IND-29 is the strength against the HOT limit times the weight that agrees', () => {
    const combined = combine([
      { score: 0.5, weight: 0.6 },
      { score: -0.2, weight: 0.2 },
      { score: 0, weight: 0.2 },
    ]);
    expect(combined).toEqual({ score: 0.26, agreement: 0.6 });
    expect(confidenceOf({ score: 0.15, agreement: 0.6 }, 0.3, 1)).toBe(0.3);
    expect(confidenceOf({ score: -0.9, agreement: 1 }, 0.3, 1)).toBe(1);
  });

  test.each([
    [1, 0.5],
    [0.6, 0.3],
    [0.3, 0.15],
    [0, 0],
  ])('MD-11 IND-29 of data of quality %d is %d instead of 0.5', (quality, confidence) => {
    expect(confidenceOf({ score: 0.15, agreement: 1 }, 0.3, quality)).toBe(confidence);
  });

  test('is nothing when nothing pulls', () => {
    const combined = combine([{ score: 0, weight: 1 }]);
    expect(combined).toEqual({ score: 0, agreement: 0 });
  });
});
