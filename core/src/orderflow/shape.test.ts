import fc from 'fast-check';
import { profileShape, type ProfileShape } from './shape.ts';
import { pointOfControl } from './value-area.ts';

const shapeOf = (volumes: readonly number[]) => profileShape(volumes, pointOfControl(volumes) ?? 0);

test.each<[ProfileShape, string, number[]]>([
  ['P', 'volume high, a tail below', [1, 1, 1, 2, 3, 6, 10, 7, 4]],
  ['b', 'volume low, a tail above', [4, 7, 10, 6, 3, 2, 1, 1, 1]],
  ['D', 'volume in the middle', [1, 2, 4, 7, 10, 7, 4, 2, 1]],
  ['B', 'two peaks with a valley', [3, 10, 6, 1, 1, 1, 6, 9, 3]],
  ['thin', 'a slope without a waist', [10, 9, 9, 8, 8, 8, 8, 8, 8]],
  ['thin', 'two rows', [10, 9]],
  ['thin', 'one row', [10]],
])('IND-T09 IND-63 names %s: %s', (expected, _, volumes) => {
  expect(shapeOf(volumes)).toBe(expected);
});

test.each([
  // Ten rows: row 5 of 0 … 9 is q = 0.556, row 6 is 0.667; thirds are rows 0-2, 3-6 and 7-9.
  ['P', 'a bottom third of exactly 25 %', [10, 9, 6, 0, 0, 5, 30, 20, 10, 10]],
  ['thin', 'a bottom third of more', [10, 10, 8, 5, 12, 15, 17, 10, 10, 10]],
] as const)('IND-63 gives %s for %s', (expected, _, volumes) => {
  expect(shapeOf(volumes)).toBe(expected);
});

test('IND-63 a second peak holds at least half of the first: a lone print beyond an empty row is none', () => {
  expect(shapeOf([15, 8, 8, 8, 8, 8, 14, 0, 5])).toBe('thin');
  expect(shapeOf([15, 8, 8, 8, 8, 8, 14, 0, 8])).toBe('B');
});

test('prop: a profile upside down swaps P and b and keeps the others', () => {
  const mirror = { P: 'b', b: 'P', D: 'D', B: 'B', thin: 'thin' } as const;
  fc.assert(
    fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 40 }), (volumes) => {
      const poc = pointOfControl(volumes);
      fc.pre(poc !== undefined);
      const upsideDown = volumes.length - 1 - poc;
      expect(profileShape(volumes.toReversed(), upsideDown)).toBe(
        mirror[profileShape(volumes, poc)],
      );
    }),
  );
});
