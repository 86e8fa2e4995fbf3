import { aCandidate, aPosition, aRiskState, aWorkingIntent, MIDNIGHT } from '../order/fixtures.ts';
import type { EntryCandidate, GateContext } from '../order/gate-context.ts';
import { money, price, qty } from '../lib/units.ts';
import { decideSignal } from '../order/decide-signal.ts';
import { epochMs } from '../lib/time.ts';

import {
  checkClassAllocation,
  checkSectorAllocation,
  checkSymbolAllocation,
} from './allocation.ts';
import { budgetDrift, budgetUse, checkBudget, fitsEquity } from './budget.ts';
import type { RiskCheck } from './check.ts';
import { dailyPnlPct, drawdownPct } from './day.ts';
import { checkPortfolioHealth } from './health-gate.ts';
import { LIMITS, type Limits } from './limits.ts';

import {
  checkLossLadder,
  LADDER_LEVELS,
  ladderStep,
  lossLevel,
  type LadderLevel,
} from './loss-ladder.ts';

import { nextPhase, phaseOf, requiredReturnPct } from './smart-allocation.ts';

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

describe('allocation', () => {
  const eth = (quantity: string) =>
    aPosition({ marketKey: 'binance_spot_ETH-USDT', symbol: 'ETH-USDT', quantity: qty(quantity) });
  test.each([
    ['learning', '0.048', 'pass'],
    ['learning', '0.0481', 'allocation'],
    ['stable', '0.078', 'pass'],
    ['emergency', '0.0381', 'allocation'],
    ['profitable', '0.118', 'pass'],
  ] as const)(
    'RSK-20 RSK-70 RSK-71 crypto in phase %s with %s held and 100 more: %s',
    (cryptoPhase, quantity, outcome) => {
      expect(
        of(checkClassAllocation, { context: { cryptoPhase, positions: [eth(quantity)] } }),
      ).toBe(outcome);
    },
  );

  test('RSK-70 stocks have half of equity, options 30 %, and a missing price refuses', () => {
    const own = (kind: string) =>
      aPosition({
        marketKey: `broker_${kind}_ACME-USD`,
        symbol: 'ACME-USD',
        quantity: qty('0.098'),
      });
    const asked = (kind: string, quantity: string): Change => ({
      signal: { marketKey: `broker_${kind}_ACME-USD`, symbol: 'ACME-USD' },
      context: { positions: [{ ...own(kind), quantity: qty(quantity) }] },
    });
    expect(of(checkClassAllocation, asked('equity', '0.098'))).toBe('pass');
    expect(of(checkClassAllocation, asked('equity', '0.0981'))).toBe('allocation');
    expect(of(checkClassAllocation, asked('option', '0.058'))).toBe('pass');
    expect(of(checkClassAllocation, asked('option', '0.0581'))).toBe('allocation');
    const unknown = { context: { positions: [eth('1')], priceOf: () => undefined } };
    expect(of(checkClassAllocation, unknown)).toBe('stale_data');
  });

  test('RSK-21 RSK-75 a sector has 40 %, all unknown ones together 15 %', () => {
    expect(of(checkSectorAllocation, { context: { positions: [eth('0.078')] } })).toBe('pass');
    expect(of(checkSectorAllocation, { context: { positions: [eth('0.0781')] } })).toBe(
      'allocation',
    );
    const other = (base: string, quantity: string) =>
      aPosition({
        marketKey: `binance_spot_${base}-USDT`,
        symbol: `${base}-USDT`,
        quantity: qty(quantity),
      });
    const signal = { marketKey: 'binance_spot_NEW-USDT', symbol: 'NEW-USDT' };
    const at = (quantity: string) =>
      of(checkSectorAllocation, { signal, context: { positions: [other('ODD', quantity)] } });
    expect(at('0.028')).toBe('pass');
    expect(at('0.0281')).toBe('allocation');
  });

  test('RSK-22 a symbol has 15 % over all strategies and venues', () => {
    const held = (quantity: string) =>
      aPosition({ strategyId: 'trend', marketKey: FUTURE, quantity: qty(quantity) });
    expect(of(checkSymbolAllocation, { context: { positions: [held('0.028')] } })).toBe('pass');
    expect(of(checkSymbolAllocation, { context: { positions: [held('0.0281')] } })).toBe(
      'concentration',
    );
  });

  test.each([
    [44.9, 0, 'learning'],
    [45, 0, 'stable'],
    [60, 0, 'stable'],
    [60.1, 0, 'profitable'],
    [60.1, -5, 'profitable'],
    [60.1, -5.1, 'emergency'],
  ])('RSK-71 RSK-T17 a win rate of %s %% and a month of %s %%: %s', (rate, monthPct, phase) => {
    expect(phaseOf({ closedTrades: 100, winRate: rate / 100, monthPct })).toBe(phase);
  });

  test('RSK-71 fewer than thirty trades are for learning', () => {
    expect(phaseOf({ closedTrades: 29, winRate: 1, monthPct: 0 })).toBe('learning');
    expect(phaseOf({ closedTrades: 100, winRate: null, monthPct: null })).toBe('learning');
    expect(phaseOf({ closedTrades: 100, winRate: 0.7, monthPct: Number.NaN })).toBe('emergency');
  });

  test('RSK-72 a phase goes up after a day of asking for it, and down at once', () => {
    const good = { closedTrades: 50, winRate: 0.5, monthPct: 1 };
    const bad = { ...good, winRate: 0.4 };
    const day = (n: number) => epochMs(MIDNIGHT + n * 86_400_000);
    const begun = nextPhase(undefined, good, day(0));
    expect(begun.phase).toBe('learning');
    const asked = nextPhase(begun, good, day(0));
    expect(nextPhase(asked, good, epochMs(day(1) - 1)).phase).toBe('learning');
    expect(nextPhase(asked, good, day(1)).phase).toBe('stable');
    const relapsed = nextPhase(nextPhase(asked, bad, day(0.5)), good, day(1));
    expect(relapsed.phase).toBe('learning');
    expect(nextPhase({ phase: 'profitable', bolderSince: null }, bad, day(1)).phase).toBe(
      'learning',
    );
  });

  test('RSK-73 what a share has to earn for the whole is information', () => {
    expect([25, 40, 60].map((share) => requiredReturnPct(5, share)?.toFixed(1))).toEqual([
      '20.0',
      '12.5',
      '8.3',
    ]);
    expect(requiredReturnPct(5, 0)).toBeNull();
  });
});

describe('budgets', () => {
  test('RSK-55 RSK-56 a budget is used by what is open and under way, by one measure', () => {
    const own = { positions: [aPosition({ cost: money('500') })], workingIntents: [] };
    expect(budgetUse(own, 'balanced')).toBe(money('500'));
    expect(budgetUse(own, 'trend')).toBe(money('0'));
    const reserved = { positions: [], workingIntents: [aWorkingIntent({ quantity: qty('0.01') })] };
    expect(budgetUse(reserved, 'balanced')).toBe(money('500'));
    expect(budgetUse({ positions: [], workingIntents: [] }, 'balanced')).toBe(money('0'));
  });

  test.each([
    ['paper', null, 'pass'],
    ['small', null, 'budget_exhausted'],
    ['paper', '100', 'pass'],
    ['full', '99.99', 'budget_exhausted'],
  ] as const)(
    'RSK-55 RSK-57 %s with a budget of %s for an entry of 100: %s',
    (mode, budget, outcome) => {
      const allocated = budget === null ? null : money(budget);
      expect(of(checkBudget, inMode(mode, { allocated }))).toBe(outcome);
    },
  );

  test('RSK-T04 allotting 1,000 of 10,000 and using 500 leaves 500; equity and drawdown stay', () => {
    const positions = [aPosition({ cost: money('500') })];
    const risk = aRiskState();
    const context = { allocated: money('1000'), positions, risk };
    expect(of(checkBudget, { context, wanted: '500' })).toBe('pass');
    expect(of(checkBudget, { context, wanted: '500.01' })).toBe('budget_exhausted');
    expect(risk.equity).toBe(money('10000'));
    expect(drawdownPct(risk)).toBe(0);
    expect(fitsEquity([money('6000'), money('4000')], risk.equity)).toBe(true);
    expect(fitsEquity([money('6000'), money('4000.01')], risk.equity)).toBe(false);
  });

  test('RSK-57 RSK-T18 drift beyond 0.01 is one, less is rounding', () => {
    expect(budgetDrift(money('10'), money('10.01'))).toBeNull();
    expect(budgetDrift(money('10'), money('10.011'))).toBe(money('-0.011'));
    expect(budgetDrift(money('12'), money('10'))).toBe(money('2'));
  });
});

describe('the loss ladder', () => {
  const at = (equity: string, opening = '10000') => ({
    equity: money(equity),
    openingEquity: money(opening),
  });
  test.each([
    ['full', '9800.01', 'none'],
    ['full', '9800', 'alert'],
    ['full', '9700', 'warning'],
    ['full', '9600', 'critical'],
    ['full', '9500', 'breaker'],
    ['small', '9920', 'alert'],
    ['small', '9880', 'warning'],
    ['small', '9840', 'critical'],
  ] as const)('RSK-80 PF-80 RSK-T14 %s at %s: %s', (mode, equity, level) => {
    const limits: Limits = { ...LIMITS[mode], dailyLossQuote: null };
    expect(lossLevel(at(equity), limits)).toBe(level);
  });

  test('RSK-13 an amount that is smaller than the percentage makes the whole ladder smaller', () => {
    // 100 of 10,000 is 1 %: half of the ladder of `small`.
    expect(lossLevel(at('9900'), LIMITS.small)).toBe('breaker');
    expect(lossLevel(at('9920'), LIMITS.small)).toBe('critical');
    expect(lossLevel(at('9960'), LIMITS.small)).toBe('alert');
  });

  test('RSK-82 RSK-T14 a level acts once, and again after half a point of recovery', () => {
    const looks = ['9790', '9780', '9830', '9790', '9851', '9790', '9690', '9590', '9480', '9990'];
    let ladder: LadderLevel = 'none';
    const crossed = looks.map((equity) => {
      const step = ladderStep(ladder, at(equity), LIMITS.full);
      ladder = step.ladder;
      return step.crossed;
    });
    expect(crossed).toEqual([
      'alert',
      null,
      null,
      null,
      null,
      'alert',
      'warning',
      'critical',
      'breaker',
      null,
    ]);
  });

  test('RSK-80 one fall through several levels acts on the deepest', () => {
    expect(ladderStep('none', at('9400'), LIMITS.full)).toEqual({
      ladder: 'breaker',
      crossed: 'breaker',
    });
  });

  test('levels are known without an opening equity: no entries, and nothing closed on a guess', () => {
    expect(lossLevel(at('0', '0'), LIMITS.full)).toBe('critical');
    expect(ladderStep('none', at('0', '0'), LIMITS.full).crossed).toBeNull();
    expect(dailyPnlPct(at('0', '0'))).toBeUndefined();
    expect(LADDER_LEVELS).toHaveLength(5);
  });

  test.each([
    ['9610', 'warn'],
    ['9600', 'daily_loss'],
    ['10100', 'pass'],
  ])('RSK-80 the gate at %s: %s', (equity, outcome) => {
    const risk = aRiskState({ equity: money(equity) });
    expect(of(checkLossLadder, { context: { risk } })).toBe(outcome);
  });

  test('04 section 10: from the warning on new sizes are half', () => {
    const { signal, context } = aCandidate({});
    const quantity = (equity: string) => {
      const risk = aRiskState({ equity: money(equity) });
      const decision = decideSignal(signal, { ...context, risk });
      return decision.approved ? decision.instruction.quantity : null;
    };
    expect(quantity('9750')).toBe(qty('0.002'));
    expect(quantity('9700')).toBe(qty('0.001'));
    expect(quantity('9600')).toBeNull();
  });
});

describe('portfolio health', () => {
  test('PF-60 gate 16: below 70 nothing is entered, and nothing held is healthy', () => {
    expect(of(checkPortfolioHealth, { context: {} })).toBe('pass');
    const positions = [aPosition()];
    expect(of(checkPortfolioHealth, { context: { positions } })).toBe('pass');
    // 2.5 % of a day's loss: 20 points; nobody knows the correlation: 10; the only position loses: 10.
    const risk = aRiskState({ equity: money('9750') });
    const losing = { positions, risk, priceOf: () => price('49000') };
    expect(of(checkPortfolioHealth, { context: { ...losing, correlatedShare: null } })).toBe(
      'portfolio_health',
    );
    expect(of(checkPortfolioHealth, { context: losing })).toBe('portfolio_health');
  });

  test('PF-61 PF-63 entries wait while the monitor says so, and a missing price is worst', () => {
    const positions = [aPosition()];
    const risk = aRiskState({ healthStop: true });
    expect(of(checkPortfolioHealth, { context: { positions, risk } })).toBe('portfolio_health');
    expect(of(checkPortfolioHealth, { context: { positions, priceOf: () => undefined } })).toBe(
      'portfolio_health',
    );
  });
});
