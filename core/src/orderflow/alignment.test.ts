import { alignmentOf } from './alignment.ts';

const up = { open: 1, close: 2 };
const down = { open: 2, close: 1 };
const flat = { open: 1, close: 1 };

test.each([
  ['ALIGNED_BULLISH', [up, up, up]],
  ['ALIGNED_BEARISH', [down, down]],
  ['MIXED', [up, down]],
  ['MIXED', [up, flat]],
  ['MIXED', [flat, flat]],
  ['ALIGNED_BULLISH', [up]],
  [undefined, []],
  [undefined, [up, undefined]],
])('IND-93 is %s for %j', (expected, bars) => {
  expect(alignmentOf(bars)).toBe(expected);
});
