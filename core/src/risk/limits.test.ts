import { formatDecimal } from '../lib/units.ts';
import { LIMITS } from './limits.ts';

test.each([
  ['paper', 3, '1000', 5, 5, null, 15, null],
  ['small', 1, '25', 25, 2, '100', 10, 0.6],
  ['full', 3, '1000', 5, 5, null, 15, 0.6],
] as const)(
  '04 section 2: a %s book has the limits of its column',
  (mode, positions, size, share, loss, lossQuote, drawdown, confidence) => {
    const limits = LIMITS[mode];
    expect(limits).toMatchObject({
      maxOpenPositions: positions,
      maxConcentrationPct: share,
      dailyLossPct: loss,
      maxDrawdownPct: drawdown,
      minConfidence: confidence,
      ordersPerMinute: 100,
      strategyOrdersPerMinute: 10,
      maxSlippagePct: 0.5,
    });
    expect(formatDecimal(limits.maxPositionQuote)).toBe(size);
    expect(limits.dailyLossQuote === null ? null : formatDecimal(limits.dailyLossQuote)).toBe(
      lossQuote,
    );
  },
);
