import fc from 'fast-check';
import { parsePrice, price, qty } from '../lib/units.ts';
import { stepsOfText, tickScale } from './decode.ts';
import { gridOf, priceSteps } from './grid.ts';

const grid = (tickSize: string) => gridOf({ tickSize: price(tickSize), lotSize: qty('0.00001') });

describe('decimal text', () => {
  test.each([
    ['61837.63', '0.01', 6_183_763],
    ['61837.63000000', '0.01', 6_183_763],
    ['61837', '0.01', 6_183_700],
    ['0.00000012', '0.00000001', 12],
    ['123456789.00000000', '1', 123_456_789],
    ['100.75', '0.25', 403],
    ['100.70', '0.25', undefined],
    ['61837.635', '0.01', undefined],
    ['3000', '1000', 3],
    ['3500', '1000', undefined],
    ['0', '0.01', 0],
    ['90071992547409.91', '0.01', 9_007_199_254_740_991],
    ['90071992547409.92', '0.01', undefined],
  ])('%s in steps of %s is %s', (text, step, steps) => {
    expect(stepsOfText(text, tickScale(grid(step)).price)).toBe(steps);
  });

  test.each(['', '.', '1.', '.5', '1.2.3', '-1', '+1', '1e5', ' 1', '1,5', 'NaN', '0x10', '１'])(
    '%j is not a number',
    (text) => {
      expect(stepsOfText(text, tickScale(grid('0.01')).price)).toBeUndefined();
    },
  );

  test('prop: gives what the exact way over big integers gives', () => {
    const parts = fc.tuple(
      fc.integer({ min: 0, max: 10 ** 9 }),
      fc.stringMatching(/^\d{0,12}$/),
      fc.constantFrom('0.01', '0.00000001', '1', '0.5', '0.25', '0.000000000001', '100'),
    );
    fc.assert(
      fc.property(parts, ([whole, fraction, step]) => {
        const text = fraction === '' ? `${whole}` : `${whole}.${fraction}`;
        const parsed = parsePrice(text);
        if (!parsed.ok) throw new Error(parsed.error);
        const exact = priceSteps(grid(step), parsed.value);
        expect(stepsOfText(text, tickScale(grid(step)).price)).toBe(exact);
      }),
      { numRuns: 500 },
    );
  });
});
