import fc from 'fast-check';
import { monteCarlo, type MonteCarloPlan } from './monte-carlo.ts';

const plan = (rest: Partial<MonteCarloPlan>): MonteCarloPlan => ({
  returns: [0.1, -0.05, 0.02, -0.08, 0.04],
  resampling: 'reshuffle',
  runs: 500,
  ruinPct: 50,
  seed: 1,
  ...rest,
});

test('another order of the same trades ends at the same equity and falls differently', () => {
  const { growth, maxDrawdownPct } = monteCarlo(plan({}));
  const final = 1.1 * 0.95 * 1.02 * 0.92 * 1.04;
  expect(growth.p5).toBeCloseTo(final, 12);
  expect(growth.p95).toBeCloseTo(final, 12);
  // At best 8 % fall alone, at worst 5 % and 8 % in a row.
  expect(maxDrawdownPct.p5).toBeCloseTo(8, 6);
  expect(maxDrawdownPct.p95).toBeCloseTo((1 - 0.95 * 0.92) * 100, 6);
});

test('drawn with replacement, the mean growth of one trade is the mean return', () => {
  const { growth } = monteCarlo(plan({ resampling: 'bootstrap', runs: 20_000 }));
  const mean = 1 + (0.1 - 0.05 + 0.02 - 0.08 + 0.04) / 5;
  expect(growth.mean).toBeCloseTo(mean ** 5, 2);
});

test('ruin is counted when equity falls to the level, even where it recovers', () => {
  const rebound = { returns: [-0.5, 1.5], ruinPct: 50, runs: 4_000 };
  const { ruinProbability, lossProbability } = monteCarlo(plan(rebound));
  // Half of the orders begin with the loss.
  expect(ruinProbability).toBeCloseTo(0.5, 1);
  expect(lossProbability).toBe(0);
  expect(monteCarlo(plan({ ...rebound, ruinPct: 51 })).ruinProbability).toBe(0);
});

test('STR-95 the same seed gives the same distributions, and percentiles are in order', () => {
  const returns = fc.array(fc.double({ min: -0.3, max: 0.3, noNaN: true }), {
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(returns, fc.constantFrom('reshuffle', 'bootstrap'), (list, resampling) => {
      const given = plan({ returns: list, resampling, runs: 40 });
      const found = monteCarlo(given);
      expect(monteCarlo(given)).toEqual(found);
      for (const { p5, p25, p50, p75, p95 } of [found.growth, found.maxDrawdownPct])
        expect([p5, p25, p50, p75, p95]).toEqual(
          [p5, p25, p50, p75, p95].toSorted((a, b) => a - b),
        );
      expect(found.maxDrawdownPct.p95).toBeLessThanOrEqual(100);
    }),
  );
});

test('no trades are no distribution', () => {
  expect(() => monteCarlo(plan({ returns: [] }))).toThrow('has trades');
});
