import fc from 'fast-check';
import { efficiency, forwardWindows, stitch, type ForwardPlan } from './walk-forward.ts';

const plan: ForwardPlan = {
  from: 0,
  to: 700,
  windows: 4,
  ratio: 3,
  windowing: 'rolling',
  barMs: 10,
};

test('rolling windows search spans of equal length and prove on what follows', () => {
  expect(forwardWindows(plan)).toEqual([
    { from: 0, cut: 300, to: 400 },
    { from: 100, cut: 400, to: 500 },
    { from: 200, cut: 500, to: 600 },
    { from: 300, cut: 600, to: 700 },
  ]);
});

test('anchored windows search all that came before', () => {
  expect(forwardWindows({ ...plan, windowing: 'anchored' }).map(({ from }) => from)).toEqual([
    0, 0, 0, 0,
  ]);
});

test('nothing is proven on what was searched, nothing is proven twice, and nothing is left out', () => {
  const plans = fc.record({
    from: fc.integer({ min: 0, max: 50 }).map((bars) => bars * 10),
    windows: fc.integer({ min: 1, max: 12 }),
    ratio: fc.double({ min: 0.5, max: 8, noNaN: true }),
    windowing: fc.constantFrom('anchored' as const, 'rolling' as const),
    barMs: fc.constant(10),
    to: fc.integer({ min: 600, max: 5_000 }).map((bars) => bars * 10),
  });
  fc.assert(
    fc.property(plans, (given) => {
      const windows = forwardWindows(given);
      expect(windows).toHaveLength(given.windows);
      windows.forEach(({ from, cut, to }, index) => {
        expect(from).toBeGreaterThanOrEqual(given.from);
        expect(from).toBeLessThan(cut);
        expect(cut).toBeLessThan(to);
        expect([from, cut, to].every((at) => at % given.barMs === 0)).toBe(true);
        expect(windows[index + 1]?.cut ?? given.to).toBe(to);
      });
    }),
  );
});

test('a span too short for its windows is refused', () => {
  expect(() => forwardWindows({ ...plan, to: 60 })).toThrow('holds a bar');
  expect(() => forwardWindows({ ...plan, ratio: 0 })).toThrow('holds a bar');
});

test('proofs are stitched as if equity were carried on', () => {
  const { curve, totalReturnPct, maxDrawdownPct } = stitch([
    {
      initial: 100,
      final: 110,
      daily: [
        { at: 1, equity: 120 },
        { at: 2, equity: 110 },
      ],
    },
    // The second day is cut in two.
    {
      initial: 100,
      final: 90,
      daily: [
        { at: 2, equity: 100 },
        { at: 3, equity: 90 },
      ],
    },
  ]);
  expect(curve.map(({ at }) => at)).toEqual([1, 2, 3]);
  expect(curve.at(-1)?.equity).toBeCloseTo(0.99, 12);
  expect(totalReturnPct).toBeCloseTo(-1, 12);
  expect(maxDrawdownPct).toBeCloseTo((1 - 0.99 / 1.2) * 100, 12);
});

test('efficiency compares growth a day, not totals', () => {
  const day = 86_400_000;
  const outside = [{ returnPct: 10, ms: 10 * day }];
  expect(efficiency([{ returnPct: 21, ms: 20 * day }], outside)).toBeCloseTo(1, 12);
  expect(efficiency([{ returnPct: 21, ms: 10 * day }], outside)).toBeCloseTo(0.5, 12);
  expect(
    efficiency([{ returnPct: 10, ms: 10 * day }], [{ returnPct: -10, ms: 10 * day }]),
  ).toBeLessThan(0);
  expect(efficiency([{ returnPct: -5, ms: 10 * day }], outside)).toBeNull();
  expect(efficiency([{ returnPct: 5, ms: day }], [{ returnPct: -100, ms: day }])).toBeNull();
});
