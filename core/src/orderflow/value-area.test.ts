import fc from 'fast-check';
import { pointOfControl, valueArea } from './value-area.ts';

describe('point of control', () => {
  test.each([
    ['the largest row', [1, 5, 2], 1],
    ['of two as large the one nearer to the middle', [9, 1, 1, 9, 1], 3],
    ['of two as large and as near the lower', [1, 9, 1, 9, 1], 1],
    ['the middle of equal rows', [4, 4, 4], 1],
    ['the lower middle of an even number of equal rows', [4, 4, 4, 4], 1],
    ['a single row', [7], 0],
  ])('IND-61 is %s', (_, volumes, expected) => {
    expect(pointOfControl(volumes)).toBe(expected);
  });

  test.each([[[]], [[0, 0]]])('does not exist without volume: %j', (volumes) => {
    expect(pointOfControl(volumes)).toBeUndefined();
    expect(valueArea(volumes)).toBeUndefined();
  });
});

describe('value area', () => {
  test('IND-T08 of eleven rows equals what pencil and paper give', () => {
    // 100 lots in all. From row 5 (20): above 14 + 10 = 24, below 13 + 9 = 22, so rows 6 and 7 make 44.
    // Above 6 + 3 = 9, below 22: rows 4 and 3 make 66. Above 9, below 6 + 4 = 10: rows 2 and 1 make 76.
    const volumes = [5, 4, 6, 9, 13, 20, 14, 10, 6, 3, 10];
    expect(valueArea(volumes)).toEqual({ poc: 5, low: 1, high: 7 });
  });

  test('IND-T08 is the point of control alone when that holds 80 %', () => {
    expect(valueArea([5, 5, 80, 5, 5])).toEqual({ poc: 2, low: 2, high: 2 });
  });

  test.each([
    ['a single row', [3], { poc: 0, low: 0, high: 0 }],
    ['exactly 70 % in the point of control', [15, 70, 15], { poc: 1, low: 1, high: 1 }],
    ['one short of 70 %', [15, 69, 16], { poc: 1, low: 1, high: 2 }],
    ['a tie at the start, which goes down', [10, 10, 20, 10, 10], { poc: 2, low: 0, high: 4 }],
    [
      'a tie with one side reaching further, which goes to the nearer side',
      [1, 9, 6, 4, 5, 5, 20, 6, 4, 4, 6],
      // 20, then 10 up (rows 7, 8) against 10 down: down (rows 5, 4) makes 30. Then 10 up against 4 + 6 = 10
      // down: up is nearer and makes 40. Then 10 up against 10 down, both two rows away: down makes 50 of 70.
      { poc: 6, low: 2, high: 8 },
    ],
    ['no rows above', [1, 2, 3, 4, 10], { poc: 4, low: 2, high: 4 }],
    ['no rows below', [10, 4, 3, 2, 1], { poc: 0, low: 0, high: 2 }],
    ['one last row on a side', [30, 31, 1, 1, 30], { poc: 1, low: 0, high: 4 }],
    ['rows without volume inside', [40, 0, 0, 0, 45], { poc: 4, low: 0, high: 4 }],
  ])('IND-62 handles %s', (_, volumes, expected) => {
    expect(valueArea(volumes)).toEqual(expected);
  });

  test('prop: IND-62 contains the point of control and 70 %, and no pair more than it needs', () => {
    const rows = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(rows, (volumes) => {
        const total = volumes.reduce((sum, each) => sum + each, 0);
        const area = valueArea(volumes);
        if (total === 0) return area === undefined;
        if (area === undefined) return false;
        const { poc, low, high } = area;
        const inside = (from: number, to: number) =>
          volumes.slice(from, to + 1).reduce((sum, each) => sum + each, 0);
        expect(low).toBeLessThanOrEqual(poc);
        expect(high).toBeGreaterThanOrEqual(poc);
        expect(high).toBeLessThan(volumes.length);
        expect(inside(low, high) * 10).toBeGreaterThanOrEqual(total * 7);
        // Without one or two rows of one of its ends it would hold less.
        const shorter = [
          [low + 1, high],
          [low + 2, high],
          [low, high - 1],
          [low, high - 2],
        ] as const;
        return low === high || shorter.some(([from, to]) => inside(from, to) * 10 < total * 7);
      }),
    );
  });
});
