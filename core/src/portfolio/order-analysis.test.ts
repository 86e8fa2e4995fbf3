import fc from 'fast-check';
import { money, price, qty } from '../lib/units.ts';
import {
  actualOf,
  analysisOf,
  deviations,
  expectedOf,
  type Costs,
  type Planned,
} from './order-analysis.ts';

const planned: Planned = {
  quantity: qty('2'),
  expectedPrice: price('100'),
  isEntry: true,
  stopAt: price('95'),
  feePct: 0.1,
  checks: [
    { check: 'expectedSlippage', value: '0.05', limit: '0.2' },
    { check: 'positionSize', value: '200', limit: '250' },
    { check: 'confidence', value: '1', limit: '0.6' },
    { check: 'dailyTrades', value: '3', limit: null },
  ],
  submitMs: [90, 300, 110],
};

describe('PF-17 before an order leaves', () => {
  test('cost, slippage, risk to its stop, break-even move and the limit that it comes nearest to', () => {
    expect(expectedOf(planned)).toEqual({
      ...{ price: 100, sizeQuote: 200, feeQuote: 0.2, slippagePct: 0.05, latencyMs: 110 },
      // 5 a piece, and both fees.
      riskToStop: 10.4,
      breakEvenPct: expect.closeTo(0.3) as number,
      limitUsed: { check: 'positionSize', pct: 80 },
    });
  });

  test('an exit risks nothing more; what nobody knows is null and not zero', () => {
    const exit = { ...planned, isEntry: false, stopAt: null, checks: [], submitMs: [] };
    expect(expectedOf(exit)).toMatchObject({
      ...{ riskToStop: null, breakEvenPct: null, limitUsed: null },
      ...{ slippagePct: null, latencyMs: null, sizeQuote: 200 },
    });
    expect(expectedOf({ ...planned, stopAt: null }).riskToStop).toBeNull();
  });
});

describe('PF-17 after it has ended', () => {
  const ended = {
    averagePrice: price('100.1'),
    fees: money('0.2002'),
    slippagePct: 0.1,
    filledQuote: money('200.2'),
    marks: { sentAt: 1_000, ackAt: 1_120 },
  };

  test('what is more than 20 % off is named with its rule', () => {
    const analysis = analysisOf(expectedOf(planned), ended);
    expect(analysis?.actual).toEqual(actualOf(ended));
    expect(analysis?.deviations).toMatchObject([
      { field: 'slippagePct', expected: 0.05, actual: 0.1, offPct: 100 },
    ]);
    expect(analysis?.deviations[0]?.rule).toContain('spread and volume');
    const half = analysisOf(expectedOf(planned), { ...ended, filledQuote: money('100') });
    expect(half?.deviations.map(({ field }) => field)).toContain('sizeQuote');
  });

  test('without an expectation there is none, and an answer before its request has no latency', () => {
    expect(analysisOf(null, ended)).toBeNull();
    expect(actualOf({ ...ended, marks: { sentAt: 2, ackAt: 1 } }).latencyMs).toBeNull();
  });

  test('prop: within a fifth nothing is said, beyond it always, whatever the sign', () => {
    const none: Costs = {
      ...{ price: null, feeQuote: null, slippagePct: null, latencyMs: null, sizeQuote: null },
    };
    const figure = fc.double({ min: 0.001, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(figure, fc.double({ min: -2, max: 2, noNaN: true }), (size, off) => {
        fc.pre(Math.abs(Math.abs(off) - 0.2) > 1e-9);
        for (const was of [size, -size]) {
          const found = deviations(
            { ...none, slippagePct: was },
            { ...none, slippagePct: was + off * Math.abs(was) },
          );
          expect(found).toHaveLength(Math.abs(off) > 0.2 ? 1 : 0);
        }
      }),
    );
  });
});
