import { expectLive } from './expect-live.ts';

test.each([
  [10, 8],
  [-10, -12],
  [0, 0],
])('EXE-81 what made %d %% on paper is planned with as %d %%', (paper, live) => {
  expect(expectLive({ returnPct: paper, slippagePct: null }).returnPct).toBeCloseTo(live, 10);
});

test.each([
  [0.1, [0.2, 0.3]],
  // Nobody counts on luck.
  [-0.1, [0, 0]],
  [null, null],
])('EXE-81 slippage of %p %% on paper is planned with as %p', (slippagePct, live) => {
  const expected = expectLive({ returnPct: 0, slippagePct }).slippagePct;
  if (live === null) expect(expected).toBeNull();
  else expect(expected?.map((value) => Number(value.toFixed(10)))).toEqual(live);
});
