import { holds, parsePredicate, type Predicate } from './predicate.ts';

const named = (text: string): Predicate => {
  const predicate = parsePredicate(text);
  if (predicate === undefined) throw new Error(`${text} is no predicate`);
  return predicate;
};

describe('IND-09 a predicate', () => {
  test.each([
    // The least move is 0.001 %: 1 of 100,000.
    ['rising', 100_000, 100_001, true],
    ['rising', 100_000, 100_000.9, false],
    ['rising', 100_000, 99_000, false],
    ['rising', -100_000, -99_999, true],
    ['rising', 0, 0, false],
    ['rising', 0, 1e-9, true],
    ['falling', 100_000, 99_999, true],
    ['falling', 100_000, 99_999.1, false],
    ['falling', 100_000, 101_000, false],
    ['above_70', undefined, 70, false],
    ['above_70', undefined, 70.1, true],
    ['below_-80', undefined, -80, false],
    ['below_-80', undefined, -80.1, true],
    ['crossUp_50', 50, 51, true],
    ['crossUp_50', 51, 52, false],
    ['crossUp_50', 49, 50, false],
    ['crossDown_50', 50, 49, true],
    ['crossDown_50', 49, 48, false],
    ['crossDown_50', 51, 50, false],
    ['rising', undefined, 1, undefined],
    ['crossUp_50', undefined, 51, undefined],
  ] as const)('%s from %p to %p is %p', (text, before, value, wanted) => {
    expect(holds(named(text), { before, value })).toBe(wanted);
  });

  test('takes another least move', () => {
    expect(holds(named('rising'), { before: 100, value: 100.5 }, 0.01)).toBe(false);
    expect(holds(named('rising'), { before: 100, value: 101 }, 0.01)).toBe(true);
  });
});
