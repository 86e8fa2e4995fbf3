import {
  aCandidate,
  aLivePrice,
  aPosition,
  aRiskState,
  at,
  aWorkingIntent,
  MIDNIGHT,
} from '../order/fixtures.ts';
import type { EntryCandidate } from '../order/gate-context.ts';
import { epochMs } from '../lib/time.ts';
import { money, price, qty } from '../lib/units.ts';
import { CLOCK_TOLERANCE_MS } from '../market/freshness.ts';
import { checkBalance } from './balance.ts';
import { checkRecord, type RiskCheck } from './check.ts';
import { checkConcentration } from './concentration.ts';
import { checkConfidence } from './confidence.ts';
import { checkDailyLoss } from './daily-loss.ts';
import { checkDrawdown } from './drawdown.ts';
import { checkPriceFresh, checkValuationFresh } from './freshness.ts';
import { checkBookRunning, checkEmergencyStop, checkExecutionEnabled } from './global-switches.ts';
import { LIMITS } from './limits.ts';
import { checkOpenPositions, checkStrategyPositions } from './open-positions.ts';
import { checkPendingOrder } from './pending-order.ts';
import { checkPositionSize } from './position-size.ts';
import { checkPriceOrigin } from './price-origin.ts';
import { checkSlippage, slippagePct } from './slippage.ts';
import { checkStrategyEnabled } from './strategy-enabled.ts';
import { checkTradableSize } from './tradable-size.ts';

/** The reason that a check gives, or `pass`. */
const verdict = (check: RiskCheck<EntryCandidate>, candidate: EntryCandidate): string =>
  check(candidate).block?.reason ?? 'pass';

const withRisk = (change: Parameters<typeof aRiskState>[0]): EntryCandidate =>
  aCandidate({ context: { risk: aRiskState(change) } });

describe('gate 1, the switches', () => {
  test.each([
    [true, 'pass'],
    [false, 'execution_disabled'],
  ])('with execution %s: %s', (executionEnabled, outcome) => {
    expect(verdict(checkExecutionEnabled, withRisk({ executionEnabled }))).toBe(outcome);
  });

  test.each([
    [false, 'pass'],
    [true, 'emergency_stop'],
  ])('RSK-90 with emergency stop %s: %s', (emergencyStop, outcome) => {
    expect(verdict(checkEmergencyStop, withRisk({ emergencyStop }))).toBe(outcome);
  });

  test.each([
    ['RUNNING', 'pass'],
    ['PAUSED', 'paused'],
    ['STOPPED', 'paused'],
    ['ERROR', 'paused'],
  ] as const)('with the book %s: %s', (status, outcome) => {
    const book = { bookId: 'paper', mode: 'paper', status, cash: money('1') } as const;
    expect(verdict(checkBookRunning, aCandidate({ context: { book } }))).toBe(outcome);
  });

  test.each([
    [{ strategyId: 'balanced', enabled: true, maxPositions: 1 }, 'pass'],
    [{ strategyId: 'balanced', enabled: false, maxPositions: 1 }, 'disabled'],
    [{ strategyId: 'trend', enabled: true, maxPositions: 1 }, 'disabled'],
    [undefined, 'disabled'],
  ])('with strategy %j: %s', (strategy, outcome) => {
    expect(verdict(checkStrategyEnabled, aCandidate({ context: { strategy } }))).toBe(outcome);
  });
});

describe('gate 4, the data', () => {
  test.each([
    ['at the limit', 300_000, 'pass'],
    ['one ms older', 300_001, 'stale_data'],
    ['fresh', 0, 'pass'],
    ['as far ahead as clocks may differ', -CLOCK_TOLERANCE_MS, 'pass'],
    ['from the future', -CLOCK_TOLERANCE_MS - 1, 'stale_data'],
  ])('MD-T12 MD-64 a price %s (%i ms old): %s', (_, age, outcome) => {
    const context = { price: aLivePrice({ at: at(-age) }) };
    expect(verdict(checkPriceFresh, aCandidate({ context }))).toBe(outcome);
  });

  test('MD-64 a price of more than a minute passes with a warning', () => {
    const verdictAt = (age: number) =>
      checkPriceFresh(aCandidate({ context: { price: aLivePrice({ at: at(-age) }) } })).verdict;
    expect(verdictAt(60_000)).toBe('pass');
    expect(verdictAt(60_001)).toBe('warn');
  });

  test.each([
    ['none', undefined, 300_000],
    ['of another market', aLivePrice({ marketKey: 'binance_spot_ETH-USDT' }), 300_000],
    ['zero', aLivePrice({ price: price('0') }), 300_000],
    ['with a limit that is not a number', aLivePrice(), Number.NaN],
  ])('RSK-02 a price that is not known good blocks: %s', (_, live, priceMaxAgeMs) => {
    const context = { price: live, priceMaxAgeMs };
    expect(verdict(checkPriceFresh, aCandidate({ context }))).toBe('stale_data');
  });

  test.each([
    [60_000, 1, 'pass'],
    [60_001, 1, 'stale_data'],
    [-60_000, 1, 'stale_data'],
    [3_600_000, 0, 'pass'],
  ])('RSK-35 a valuation %i ms old with %i positions open: %s', (age, open, outcome) => {
    const context = {
      risk: aRiskState({ equityAt: at(-age) }),
      positions: Array.from({ length: open }, () => aPosition()),
    };
    expect(verdict(checkValuationFresh, aCandidate({ context }))).toBe(outcome);
  });

  test.each([
    ['paper', 'synthetic', 'pass'],
    ['small', 'synthetic', 'mode_restriction'],
    ['full', 'recorded', 'mode_restriction'],
    ['full', 'live', 'pass'],
  ] as const)('ARC-26 a %s book on %s prices: %s', (mode, origin, outcome) => {
    const context = {
      book: { bookId: 'paper', mode, status: 'RUNNING', cash: money('1') },
      price: aLivePrice({ origin }),
    } as const;
    expect(verdict(checkPriceOrigin, aCandidate({ context }))).toBe(outcome);
  });
});

test.each([
  ['paper', 0.1, 'pass'],
  ['small', 0.6, 'pass'],
  ['small', 0.59, 'low_confidence'],
  ['full', Number.NaN, 'low_confidence'],
] as const)('RSK-30 STR-23 in a %s book a confidence of %d: %s', (mode, confidence, outcome) => {
  const candidate = aCandidate({ signal: { confidence }, context: { limits: LIMITS[mode] } });
  expect(verdict(checkConfidence, candidate)).toBe(outcome);
});

test.each([
  [{}, 'pending_order'],
  [{ strategyId: 'trend' }, 'pass'],
  [{ symbol: 'ETH-USDT' }, 'pass'],
  [{ action: 'EXIT', side: 'SELL' }, 'pending_order'],
] as const)('RSK-27 with a working intent that differs by %j: %s', (change, outcome) => {
  const context = { workingIntents: [aWorkingIntent(change)] };
  expect(verdict(checkPendingOrder, aCandidate({ context }))).toBe(outcome);
});

describe('the checks of section 5', () => {
  test.each([
    ['999.99', 'pass'],
    ['1000', 'pass'],
    ['1000.000000000000000001', 'allocation'],
  ])('RSK-10 RSK-40 a position of %s quote: %s', (wanted, outcome) => {
    expect(verdict(checkPositionSize, aCandidate({ wanted }))).toBe(outcome);
  });

  const eth = { marketKey: 'binance_spot_ETH-USDT', symbol: 'ETH-USDT' };
  const sol = { marketKey: 'binance_spot_SOL-USDT', symbol: 'SOL-USDT' };
  const limitTwo = { ...LIMITS.paper, maxOpenPositions: 2 };

  test('RSK-T02 RSK-11 the third position with a limit of two is refused', () => {
    const context = { limits: limitTwo, positions: [aPosition(eth), aPosition(sol)] };
    expect(verdict(checkOpenPositions, aCandidate({ context }))).toBe('max_positions');
  });

  test('RSK-41 entries under way take slots, exits do not, and a filling entry takes one', () => {
    const oneEach = {
      limits: limitTwo,
      positions: [aPosition(eth)],
      workingIntents: [aWorkingIntent(sol)],
    };
    expect(verdict(checkOpenPositions, aCandidate({ context: oneEach }))).toBe('max_positions');
    const filling = { ...oneEach, workingIntents: [aWorkingIntent(eth)] };
    expect(verdict(checkOpenPositions, aCandidate({ context: filling }))).toBe('pass');
    const leaving = {
      ...oneEach,
      workingIntents: [aWorkingIntent({ ...sol, action: 'EXIT', side: 'SELL' })],
    };
    expect(verdict(checkOpenPositions, aCandidate({ context: leaving }))).toBe('pass');
  });

  test('a strategy has its own limit, which others do not use up', () => {
    const strategy = { strategyId: 'balanced', enabled: true, maxPositions: 1 };
    const own = { strategy, positions: [aPosition(eth)] };
    expect(verdict(checkStrategyPositions, aCandidate({ context: own }))).toBe('max_positions');
    const others = { strategy, positions: [aPosition({ ...eth, strategyId: 'trend' })] };
    expect(verdict(checkStrategyPositions, aCandidate({ context: others }))).toBe('pass');
    const unknown = { strategy: undefined };
    expect(verdict(checkStrategyPositions, aCandidate({ context: unknown }))).toBe('max_positions');
  });

  test.each([
    ['500', 'pass'],
    ['500.000000000000000001', 'concentration'],
  ])('RSK-12 RSK-42 %s of 10,000 in one symbol: %s', (wanted, outcome) => {
    expect(verdict(checkConcentration, aCandidate({ wanted }))).toBe(outcome);
  });

  test.each([
    ['200', 'pass'],
    ['200.01', 'concentration'],
  ])(
    'RSK-42 counts what all strategies hold and have asked for: with 200 + 100, %s more: %s',
    (wanted, outcome) => {
      const context = {
        positions: [aPosition({ strategyId: 'trend', quantity: qty('0.004') }), aPosition(eth)],
        workingIntents: [aWorkingIntent({ strategyId: 'momentum' }), aWorkingIntent(eth)],
      };
      expect(verdict(checkConcentration, aCandidate({ wanted, context }))).toBe(outcome);
    },
  );

  test('RSK-42 without a price what is held cannot be valued, so it blocks', () => {
    const candidate = aCandidate({ context: { price: undefined } });
    expect(verdict(checkConcentration, candidate)).toBe('stale_data');
  });

  test.each([
    ['9400', 'daily_loss'],
    ['9500', 'daily_loss'],
    ['9500.000000000000000001', 'pass'],
    ['10000', 'pass'],
  ])('RSK-T03 RSK-T05 RSK-43 equity of %s on an opening 10,000: %s', (equity, outcome) => {
    expect(verdict(checkDailyLoss, withRisk({ equity: money(equity) }))).toBe(outcome);
  });

  test.each([
    ['1000', '980', 'daily_loss'],
    ['1000', '980.01', 'pass'],
    ['50000', '49900', 'daily_loss'],
    ['50000', '49900.01', 'pass'],
  ])(
    'RSK-13 small, opening %s, equity %s: percent or 100 quote: %s',
    (opening, equity, outcome) => {
      const risk = aRiskState({ openingEquity: money(opening), equity: money(equity) });
      const candidate = aCandidate({ context: { risk, limits: LIMITS.small } });
      expect(verdict(checkDailyLoss, candidate)).toBe(outcome);
    },
  );

  test.each([
    ['of yesterday', { dayAt: epochMs(MIDNIGHT - 86_400_000) }],
    ['zero', { openingEquity: money('0'), equity: money('0') }],
  ])('RSK-02 an opening equity %s is none and blocks', (_, change) => {
    expect(verdict(checkDailyLoss, withRisk(change))).toBe('daily_loss');
  });

  test.each([
    ['8500.000000000000000001', 'pass'],
    ['8500', 'drawdown'],
    ['8000', 'drawdown'],
  ])('RSK-14 RSK-34 RSK-44 equity of %s after a peak of 10,000: %s', (equity, outcome) => {
    expect(verdict(checkDrawdown, withRisk({ equity: money(equity) }))).toBe(outcome);
  });

  test('RSK-44 a peak that is not known blocks', () => {
    expect(verdict(checkDrawdown, withRisk({ peakEquity: money('0') }))).toBe('drawdown');
  });
});

describe('gate 13, free balance with 0.1 % fee and 1 % buffer', () => {
  const withCash = (cash: string, workingIntents = [aWorkingIntent()]): EntryCandidate =>
    aCandidate({
      context: {
        book: { bookId: 'paper', mode: 'paper', status: 'RUNNING', cash: money(cash) },
        workingIntents,
      },
    });

  test.each([
    ['101.101', 'pass'],
    ['101.100999999999999999', 'insufficient_balance'],
  ])('100 quote with %s free: %s', (cash, outcome) => {
    expect(verdict(checkBalance, withCash(cash, []))).toBe(outcome);
  });

  test.each([
    ['202.202', 'pass'],
    ['202.201999999999999999', 'insufficient_balance'],
  ])('100 quote with %s and an entry of 100 under way: %s', (cash, outcome) => {
    expect(verdict(checkBalance, withCash(cash))).toBe(outcome);
  });

  test('an exit under way reserves nothing', () => {
    const leaving = aWorkingIntent({ action: 'EXIT', side: 'SELL' });
    expect(verdict(checkBalance, withCash('101.101', [leaving]))).toBe('pass');
  });
});

test.each([
  ['5', 'pass'],
  ['5.49', 'pass'],
  ['4.99', 'min_notional'],
  ['0.01', 'min_notional'],
])('gate 14: %s quote at 50,000 on a grid of 0.00001 and a minimum of 5: %s', (wanted, outcome) => {
  expect(verdict(checkTradableSize, aCandidate({ wanted }))).toBe(outcome);
});

test.each([
  ['LONG', '50250', 'pass'],
  ['LONG', '50250.01', 'slippage'],
  ['LONG', '1', 'pass'],
  ['SHORT', '49750', 'pass'],
  ['SHORT', '49749.99', 'slippage'],
] as const)('RSK-28 a %s decided at 50,000 with the market at %s: %s', (direction, px, outcome) => {
  const context = { price: aLivePrice({ price: price(px) }) };
  expect(verdict(checkSlippage, aCandidate({ signal: { direction }, context }))).toBe(outcome);
});

test.each([checkSlippage, checkTradableSize])('%p blocks without a price', (check) => {
  expect(verdict(check, aCandidate({ context: { price: undefined } }))).toBe('stale_data');
});

test.each([
  ['BUY', '101', 1],
  ['BUY', '99', -1],
  ['SELL', '101', -1],
  ['SELL', '99', 1],
  ['SELL', '100', 0],
] as const)('RSK-101 %s expected at 100, filled at %s: %d %% worse', (side, actual, pct) => {
  expect(slippagePct(side, { expected: price('100'), actual: price(actual) })).toBe(pct);
});

test('RSK-101 without an expected price there is no slippage to tell', () => {
  expect(slippagePct('BUY', { expected: price('0'), actual: price('1') })).toBeNull();
});

test('RSK-04 a check stores both sides of its comparison', () => {
  expect(checkRecord(checkPositionSize(aCandidate({ wanted: '1500' })))).toEqual({
    check: 'positionSize',
    verdict: 'block',
    value: '1500',
    limit: '1000',
  });
});
