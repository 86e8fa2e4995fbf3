import fc from 'fast-check';
import { dropGaps, gapsWithin, noteGap } from './flow-gaps.ts';

const anyGap = fc
  .tuple(fc.nat({ max: 200 }), fc.integer({ min: 1, max: 20 }))
  .map(([from, length]) => ({ from, until: from + length }));

describe('gaps', () => {
  test('prop: any order of up to 32 gaps gives the time that they cover together', () => {
    fc.assert(
      fc.property(fc.array(anyGap, { maxLength: 32 }), anyGap, (list, span) => {
        const gaps: number[] = [];
        for (const gap of list) noteGap(gaps, gap);
        expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
        let missing = 0;
        for (let ms = span.from; ms < span.until; ms += 1)
          if (list.some(({ from, until }) => ms >= from && ms < until)) missing += 1;
        expect(gapsWithin(gaps, span.from, span.until)).toBe(missing);
      }),
    );
  });

  test('more gaps than are told apart leave too little covered, never too much', () => {
    const gaps: number[] = [];
    for (let index = 0; index < 50; index += 1)
      noteGap(gaps, { from: index * 10, until: index * 10 + 1 });
    expect(gaps.length).toBe(64);
    expect(gapsWithin(gaps, 0, 500)).toBeGreaterThan(50);
    dropGaps(gaps, 495);
    expect(gaps).toEqual([]);
    noteGap(gaps, { from: 5, until: 5 });
    noteGap(gaps, { from: NaN, until: 5 });
    expect(gaps).toEqual([]);
  });
});
