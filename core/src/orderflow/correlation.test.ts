import fc from 'fast-check';
import {
  correlationInit,
  correlationNext,
  correlationOf,
  type CorrelationState,
} from './correlation.ts';

const STEP = 300_000;
type Closes = { readonly a: number | null; readonly b: number | null };

/** Pearson of the last 288 slots' returns, straight from the definition; unknown below 144 of them. */
function brute(closes: readonly Closes[]): number | undefined {
  const pairs = closes
    .slice(1)
    .map(({ a, b }, index) => ({ a, b, before: closes[index] }))
    .slice(-288)
    .flatMap(({ a, b, before }) => {
      const known =
        a !== null && b !== null && before !== undefined && before.a !== null && before.b !== null;
      return known ? [[Math.log(a / before.a), Math.log(b / before.b)] as const] : [];
    });
  if (pairs.length < 144) return undefined;
  const mean = (pick: (pair: readonly [number, number]) => number) =>
    pairs.reduce((sum, pair) => sum + pick(pair), 0) / pairs.length;
  const [meanA, meanB] = [mean(([a]) => a), mean(([, b]) => b)];
  const covariance = mean(([a, b]) => (a - meanA) * (b - meanB));
  return (
    covariance / Math.sqrt(mean(([a]) => (a - meanA) ** 2) * mean(([, b]) => (b - meanB) ** 2))
  );
}

function feed(closes: readonly Closes[], restartAt = -1): number | undefined {
  let state = correlationInit();
  let value: number | undefined;
  closes.forEach(({ a, b }, index) => {
    if (index === restartAt) state = JSON.parse(JSON.stringify(state)) as CorrelationState;
    value = correlationNext(state, { openAt: index * STEP, a, b });
  });
  return value;
}

const price = fc.oneof(
  { weight: 30, arbitrary: fc.integer({ min: 900, max: 1_100 }) },
  { weight: 1, arbitrary: fc.constant(null) },
);

describe('correlation', () => {
  test('prop: IND-98 IND-T17 is Pearson of the last 288 returns by running sums, holes left out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ a: price, b: price }), {
          minLength: 140,
          maxLength: 700,
          size: 'max',
        }),
        fc.nat({ max: 600 }),
        (closes, restartAt) => {
          const [value, expected] = [feed(closes, restartAt), brute(closes)];
          if (expected === undefined) expect(value).toBeUndefined();
          else expect(value).toBeCloseTo(expected, 9);
        },
      ),
      { numRuns: 40 },
    );
  });

  const walk = (length: number) =>
    Array.from({ length }, (_, index) => 1_000 + ((index * index * 37) % 97));

  test('IND-98 markets that move together correlate by 1, opposite ones by -1', () => {
    expect(feed(walk(200).map((a) => ({ a, b: 3 * a })))).toBeCloseTo(1, 12);
    expect(feed(walk(200).map((a) => ({ a, b: 1 / a })))).toBeCloseTo(-1, 12);
  });

  test('IND-98 143 returns are unknown, 144 are enough', () => {
    const closes = walk(145).map((a) => ({ a, b: a }));
    expect(feed(closes.slice(0, 144))).toBeUndefined();
    expect(feed(closes)).toBeCloseTo(1, 12);
  });

  test('IND-98 a price that does not move leaves it unknown, also after it has moved', () => {
    expect(feed(walk(300).map((a) => ({ a, b: 50 })))).toBeUndefined();
    expect(feed(walk(800).map((a, index) => ({ a, b: index < 400 ? a : 50 })))).toBeUndefined();
  });

  test('skipped slots count as not known, and an old one is refused', () => {
    const state = correlationInit();
    walk(289).forEach((a, index) => {
      correlationNext(state, { openAt: index * STEP, a, b: a });
    });
    expect(correlationNext(state, { openAt: 433 * STEP, a: 1, b: 1 })).toBeUndefined();
    expect(correlationOf(state)).toBeUndefined();
    expect(() => correlationNext(state, { openAt: 433 * STEP, a: 1, b: 1 })).toThrow(
      'oldest first',
    );
    expect(() => correlationNext(state, { openAt: 433 * STEP + 1, a: 1, b: 1 })).toThrow(
      'oldest first',
    );
  });
});
