import fc from 'fast-check';
import { normal } from '../simulation/random.ts';
import { expectedRescaledRange, hurstInit, hurstNext, hurstOf, type HurstState } from './hurst.ts';

/** Closes whose log returns are `0.001 × (phi × the one before + noise)`. */
function closes(seed: number, phi: number, count: number): { closes: number[]; seed: number } {
  let last = 0;
  let close = 100;
  let next = seed;
  const made = [close];
  while (made.length < count) {
    const draw = normal(next);
    next = draw.seed;
    last = phi * last + draw.value;
    close *= Math.exp(0.001 * last);
    made.push(close);
  }
  return { closes: made, seed: next };
}

const fed = (values: readonly number[], state: HurstState = hurstInit()) => {
  for (const value of values) hurstNext(state, value);
  return state;
};

/** Exponents of `count` series of 257 closes. */
function exponents(count: number, phi: number): number[] {
  let seed = 20_241_120;
  return Array.from({ length: count }, () => {
    const made = closes(seed, phi, 257);
    seed = made.seed;
    return hurstOf(fed(made.closes)).hurst;
  });
}
const mean = (values: readonly number[]) =>
  values.reduce((sum, each) => sum + each, 0) / values.length;

/** The definition, word for word, over plain arrays: what the streaming one has to equal. */
function naive(values: readonly number[]): number {
  const returns = values.slice(1).map((close, i) => Math.log(close / (values[i] ?? NaN)));
  const last = returns.slice(-256);
  const points = [8, 16, 32, 64].map((size) => {
    const blocks = Math.floor(last.length / size);
    const kept = last.slice(last.length - blocks * size);
    const each = Array.from({ length: blocks }, (_, block) => {
      const part = kept.slice(block * size, (block + 1) * size);
      const centre = mean(part);
      const walk = part.map((_, i) =>
        part.slice(0, i + 1).reduce((sum, value) => sum + value - centre, 0),
      );
      const squares = part.reduce((sum, value) => sum + (value - centre) ** 2, 0);
      return (Math.max(...walk) - Math.min(...walk)) / Math.sqrt(squares / (size - 1));
    });
    return [Math.log(size), Math.log(mean(each) / expectedRescaledRange(size))] as const;
  });
  const [mx, my] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const up = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  const h = 0.5 + up / points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  return Math.min(1, Math.max(0, h));
}

describe('Hurst exponent', () => {
  test('IND-T13 is 0.50 ± 0.03 on average over 1,000 random walks', () => {
    expect(Math.abs(mean(exponents(1_000, 0)) - 0.5)).toBeLessThan(0.03);
  });

  test('IND-T13 IND-86 is above 0.6 for a strongly persistent series', () => {
    expect(Math.min(...exponents(50, 0.8))).toBeGreaterThan(0.6);
  });

  test('IND-T13 IND-86 is below 0.45 for a series that alternates', () => {
    expect(Math.max(...exponents(50, -0.8))).toBeLessThan(0.45);
    const strict = Array.from({ length: 257 }, (_, i) => 100 + (i % 2));
    expect(hurstOf(fed(strict)).hurst).toBeLessThan(0.45);
  });

  test('IND-85 expects what Monte Carlo finds of independent normal returns', () => {
    let seed = 7;
    for (const size of [8, 16, 32, 64]) {
      let sum = 0;
      const rounds = 4_000;
      for (let round = 0; round < rounds; round++) {
        const part = Array.from({ length: size }, () => {
          const draw = normal(seed);
          seed = draw.seed;
          return draw.value;
        });
        const centre = mean(part);
        let walked = 0;
        const walk = part.map((value) => (walked += value - centre));
        const squares = part.reduce((total, value) => total + (value - centre) ** 2, 0);
        sum += (Math.max(...walk) - Math.min(...walk)) / Math.sqrt(squares / (size - 1));
      }
      expect(Math.abs(sum / rounds / expectedRescaledRange(size) - 1)).toBeLessThan(0.02);
    }
  });

  test.each([
    [128, false],
    [129, true],
  ])('IND-85 with %i closes is sufficient: %s', (count, sufficient) => {
    const told = hurstOf(fed(closes(1, 0, count).closes));
    expect(told.sufficient).toBe(sufficient);
    if (!sufficient) expect(told.hurst).toBe(0.5);
  });

  test.each([129, 200, 257, 300, 1_000])(
    'IND-85 equals the definition after %i closes',
    (count) => {
      const made = closes(99, 0.3, count).closes;
      expect(hurstOf(fed(made)).hurst).toBeCloseTo(naive(made), 10);
    },
  );

  test.each([
    ['constant', () => 100],
    ['growing evenly', (i: number) => 100 * 1.001 ** i],
  ])('says nothing of a series that is %s', (_, close) => {
    const state = fed(Array.from({ length: 300 }, (_, i) => close(i)));
    expect(hurstOf(state)).toEqual({ hurst: 0.5, sufficient: false });
  });

  test.each([0, -1, NaN, Infinity])('refuses a close of %p', (close) => {
    expect(() => hurstNext(hurstInit(), close)).toThrow(RangeError);
  });

  test('prop: IND-T17 stays within 0 and 1, keeps 256 returns, and resumes from JSON identically', () => {
    const price = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(fc.array(price, { minLength: 130, maxLength: 600 }), fc.nat(), (values, at) => {
        const cut = at % values.length;
        const before = fed(values.slice(0, cut));
        const resumed = fed(values.slice(cut), JSON.parse(JSON.stringify(before)) as HurstState);
        const { hurst } = hurstOf(resumed);
        expect(resumed).toEqual(fed(values));
        expect(resumed.returns.length).toBeLessThanOrEqual(256);
        expect(hurst).toBeGreaterThanOrEqual(0);
        expect(hurst).toBeLessThanOrEqual(1);
      }),
      { numRuns: 50 },
    );
  });
});
