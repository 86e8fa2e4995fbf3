import { aCandidate, aPosition, aWorkingIntent } from '../order/fixtures.ts';
import type { EntryCandidate, GateContext } from '../order/gate-context.ts';
import { money, price } from '../lib/units.ts';

import { armProtection } from '../portfolio/protection.ts';

import type { RiskCheck } from './check.ts';

import { LIMITS } from './limits.ts';
import { checkClockSkew, checkReconciled } from './live-only.ts';

import { isLeverage, requiredMargin } from '../portfolio/margin.ts';
import { checkLeverage, checkMargin } from './margin.ts';
import { checkExpectedSlippage, checkVolatility, expectedSlippagePct } from './market-checks.ts';
import { checkPortfolioRisk, lossToStop } from './portfolio-risk.ts';
import { checkSharpe } from './sharpe.ts';

type Change = Parameters<typeof aCandidate>[0];
const of = (check: RiskCheck<EntryCandidate>, change: Change): string => {
  const { block, verdict } = check(aCandidate(change));
  return block?.reason ?? verdict;
};
const inMode = (mode: 'paper' | 'small' | 'full', context: Partial<GateContext> = {}): Change => ({
  context: {
    book: { bookId: 'paper', mode, status: 'RUNNING', cash: money('10000') },
    limits: LIMITS[mode],
    ...context,
  },
});
const FUTURE = 'binance_futures_BTC-USDT';
const FIGURES = { volatility: 0.1, spreadPct: 0.02, minuteSigma: 0.001, minuteQuoteVolume: 1e6 };

describe('checks of the market', () => {
  test.each([
    ['paper', 0.5, 'pass'],
    ['paper', 0.51, 'warn'],
    ['paper', null, 'warn'],
    ['small', 0.51, 'volatility'],
    ['full', null, 'volatility'],
    ['full', Number.NaN, 'volatility'],
  ] as const)('RSK-16 RSK-45 RSK-49 %s at a volatility of %s: %s', (mode, volatility, outcome) => {
    expect(of(checkVolatility, inMode(mode, { figures: { ...FIGURES, volatility } }))).toBe(
      outcome,
    );
  });

  test('RSK-100 expected slippage is half the spread and what the volume cannot take', () => {
    // 0.01 + 100 × 0.001 × 100 / 1,000
    expect(expectedSlippagePct({ ...FIGURES, minuteQuoteVolume: 1_000 }, 100)).toBeCloseTo(0.02);
    const thin = { ...FIGURES, minuteQuoteVolume: 10 };
    expect(of(checkExpectedSlippage, inMode('full', { figures: thin }))).toBe('slippage');
    expect(of(checkExpectedSlippage, inMode('paper', { figures: thin }))).toBe('warn');
    expect(of(checkExpectedSlippage, inMode('full', { figures: FIGURES }))).toBe('pass');
    expect(of(checkExpectedSlippage, inMode('full', { figures: null }))).toBe('slippage');
  });
});

describe('what only a live book asks', () => {
  test.each([
    ['paper', null, 'pass'],
    ['small', null, 'clock_skew'],
    ['small', 900, 'pass'],
    ['small', 1_500, 'warn'],
    ['paper', -5_001, 'clock_skew'],
  ] as const)('MD-25 gate 4 of %s with a skew of %s ms: %s', (mode, clockSkewMs, outcome) => {
    expect(of(checkClockSkew, inMode(mode, { clockSkewMs }))).toBe(outcome);
  });

  test.each([
    ['paper', null, 'pass'],
    ['full', null, 'paused'],
    ['full', 60_000, 'pass'],
    ['full', 60_001, 'paused'],
    ['full', Number.NaN, 'paused'],
  ] as const)('gate 5 of %s, reconciled %s ms ago: %s', (mode, reconciledAgeMs, outcome) => {
    expect(of(checkReconciled, inMode(mode, { reconciledAgeMs }))).toBe(outcome);
  });
});

describe('EXE-53 EXE-60 a book that is known not to agree with its venue enters nothing', () => {
  test.each(['paper', 'small', 'full'] as const)('in mode %s', (mode) => {
    const outOfStep = 'The comparison with the venue failed 3 times in a row.';
    expect(of(checkReconciled, inMode(mode, { outOfStep, reconciledAgeMs: 1_000 }))).toBe('paused');
  });
});

describe('results, margin and leverage', () => {
  test.each([
    ['paper', 29, -3, 'pass'],
    ['paper', 30, 0.9, 'warn'],
    ['paper', 30, 1, 'pass'],
    ['paper', 30, null, 'warn'],
    ['full', 99, -1, 'warn'],
    ['full', 100, -0.01, 'drawdown'],
    ['full', 100, 0, 'warn'],
    ['small', 200, -1, 'warn'],
  ] as const)(
    'RSK-17 RSK-46 RSK-49 %s after %i trades with a Sharpe ratio of %s: %s',
    (mode, trades, sharpe, outcome) => {
      expect(of(checkSharpe, inMode(mode, { results: { trades, sharpe } }))).toBe(outcome);
    },
  );

  const future = (cost: string) => aPosition({ marketKey: FUTURE, cost: money(cost) });
  test.each([
    ['small', '7900', 'pass'],
    ['small', '7900.01', 'margin'],
    ['paper', '7900.01', 'warn'],
  ] as const)(
    'RSK-18 RSK-47 %s with %s of margin bound and 100 more: %s',
    (mode, cost, outcome) => {
      const { context } = inMode(mode, { positions: [future(cost)] });
      expect(of(checkMargin, { signal: { marketKey: FUTURE }, context: context ?? {} })).toBe(
        outcome,
      );
    },
  );

  test('RSK-50 required margin goes by the actual leverage', () => {
    expect(requiredMargin(money('100'), 4)).toBe(money('25'));
    expect(requiredMargin(money('100'), 1)).toBe(money('100'));
    expect(() => requiredMargin(money('100'), 0)).toThrow(RangeError);
  });

  test.each([
    [0, false],
    [1, true],
    [2.5, false],
    [200, true],
    [201, false],
  ])('RSK-102 RSK-T06 leverage %s is one: %s', (leverage, valid) => {
    expect(isLeverage(leverage)).toBe(valid);
  });

  test.each([
    ['paper', FUTURE, 20, 125, 'pass'],
    ['paper', FUTURE, 200, 125, 'leverage'],
    ['small', FUTURE, 6, 125, 'leverage'],
    ['full', FUTURE, 20, 10, 'leverage'],
    ['full', FUTURE, 2, null, 'leverage'],
    ['full', 'binance_spot_BTC-USDT', 2, null, 'leverage'],
    ['full', FUTURE, 1, null, 'pass'],
    ['full', FUTURE, 2.5, 125, 'leverage'],
    ['full', FUTURE, Number.NaN, 125, 'leverage'],
  ] as const)(
    'RSK-19 RSK-102 RSK-T06 gate 12: %s, %s at %s where the venue gives %s: %s',
    (mode, marketKey, leverage, maxVenueLeverage, outcome) => {
      const strategy = { strategyId: 'balanced', enabled: true, maxPositions: 3, leverage };
      const { context } = inMode(mode, { strategy, maxVenueLeverage });
      expect(of(checkLeverage, { signal: { marketKey }, context: context ?? {} })).toBe(outcome);
    },
  );
});

describe('portfolio at risk', () => {
  test('RSK-48 loss to stop: what is paid less what the stop brings, never below zero', () => {
    expect(lossToStop(aPosition())).toBe(money('0.5'));
    const plan = {
      stopLossPct: 5,
      takeProfitPct: 10,
      trailingStopPct: null,
      stopAt: null,
      targetAt: null,
    };
    const short = aPosition({
      marketKey: FUTURE,
      side: 'SHORT',
      protection: armProtection(price('50000'), plan, 'SHORT'),
    });
    expect(lossToStop(short)).toBe(money('5'));
    expect(lossToStop(aPosition({ cost: money('1') }))).toBe(money('0'));
  });

  const held = (cost: string) => aPosition({ cost: money(cost) });
  test.each([
    // 10 % of 10,000 is 1,000; the entry of 100 loses 5 at its stop, 0.002 BTC bring 99.5 at theirs.
    ['at the limit', '1094.5', 'pass'],
    ['beyond it', '1094.500001', 'drawdown'],
  ])('RSK-15 RSK-48 %s', (_, cost, outcome) => {
    expect(of(checkPortfolioRisk, { context: { positions: [held(cost)] } })).toBe(outcome);
  });

  test('RSK-48 an entry whose stop nobody knows may lose all of it, one under way counts', () => {
    const context = { stopLossPctOf: () => undefined };
    expect(of(checkPortfolioRisk, { context, wanted: '1000' })).toBe('pass');
    expect(of(checkPortfolioRisk, { context, wanted: '1000.01' })).toBe('drawdown');
    const pending = { ...context, workingIntents: [aWorkingIntent()] };
    expect(of(checkPortfolioRisk, { context: pending, wanted: '900' })).toBe('pass');
    expect(of(checkPortfolioRisk, { context: pending, wanted: '900.01' })).toBe('drawdown');
  });

  test('RSK-48 a stop that the strategy names counts where it is the tighter one', () => {
    const context = { stopLossPctOf: () => 50 };
    const signal = { suggestedStop: price('49500') };
    expect(of(checkPortfolioRisk, { context, signal, wanted: '9000' })).toBe('pass');
    expect(of(checkPortfolioRisk, { context, wanted: '9000' })).toBe('drawdown');
  });
});
