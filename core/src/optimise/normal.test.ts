import fc from 'fast-check';
import { normalCdf, normalQuantile } from './normal.ts';

test.each([
  // Abramowitz and Stegun, table 26.1.
  [0, 0.5],
  [1, 0.841344746068543],
  [-1, 0.158655253931457],
  [1.96, 0.97500210485178],
  [-3, 0.00134989803163],
  [5, 0.999999713348428],
])('the distribution function at %d is %d, as tables have it', (x, expected) => {
  expect(normalCdf(x)).toBeCloseTo(expected, 13);
});

test('the quantile is the inverse of the distribution function', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (p) => {
      expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 10);
    }),
  );
});

test('the ends are infinite, and what is no probability is refused', () => {
  expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
  expect([normalCdf(-40), normalCdf(40)]).toEqual([0, 1]);
  expect(() => normalQuantile(1.01)).toThrow('within 0 and 1');
  expect(() => normalQuantile(NaN)).toThrow('within 0 and 1');
});
