import { conflictInit, conflictLimit, conflictNext } from './conflict.ts';

describe('two sources', () => {
  const LIMIT = conflictLimit('spot');
  const compare = (rows: readonly [number | undefined, number | undefined, number][]) => {
    const state = conflictInit();
    return rows.map(([venue, other, now]) => conflictNext(state, { venue, other, now }, LIMIT));
  };

  test('MD-12 that differ by more than 0.5 % for 10 s are in conflict until they agree', () => {
    expect(
      compare([
        [1_000, 1_006, 0],
        [1_000, 1_006, 9_999],
        [1_000, 1_006, 10_000],
        [1_000, 1_005, 10_001],
      ]),
    ).toEqual([false, false, true, false]);
  });

  test('MD-12 that agree once in between begin anew', () => {
    expect(
      compare([
        [1_000, 1_006, 0],
        [1_000, 1_000, 5_000],
        [1_000, 1_006, 6_000],
        [1_000, 1_006, 12_000],
        [1_000, 1_006, 16_000],
      ]),
    ).toEqual([false, false, false, false, true]);
  });

  test('MD-12 stay in conflict while one is silent, for 10 s', () => {
    expect(
      compare([
        [1_000, 1_006, 0],
        [1_000, 1_006, 10_000],
        [1_000, undefined, 19_999],
        [1_000, undefined, 20_000],
      ]),
    ).toEqual([false, true, true, false]);
  });

  test('MD-12 of which one is not a number do not agree', () => {
    expect(
      compare([
        [1_000, Number.NaN, 0],
        [1_000, Number.NaN, 10_000],
      ]),
    ).toEqual([false, true]);
  });

  test.each([
    ['spot', 0.005],
    ['futures', 0.005],
    ['dex', 0.005],
    ['equity', 0.002],
    ['option', 0.002],
    ['forex', 0.002],
  ] as const)('MD-12 of a %s market may differ by a share of %d', (kind, limit) => {
    expect(conflictLimit(kind)).toBe(limit);
  });
});
