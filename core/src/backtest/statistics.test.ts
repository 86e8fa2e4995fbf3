import { DAY, HOUR, pathOf, sampleWith, START, tradeOf, tradesOf } from './sample-testing.ts';
import type { Sample } from './sample.ts';
import { statisticsOfSample } from './statistics.ts';
import { tradeStatistics } from './statistics-trades.ts';

/** A float that is this but for its last digits. */
const near = (value: number): unknown => expect.closeTo(value, 9);

const figuresOf = (change: Partial<Sample> = {}) => statisticsOfSample(sampleWith(change)).figures;

describe('PF-T17 figures of trades where there is little to tell', () => {
  test('without trades, what has no meaning is null and not 0', () => {
    expect(tradeStatistics([])).toEqual({
      totalTrades: 0,
      winning: 0,
      losing: 0,
      flat: 0,
      winRate: null,
      averageWin: null,
      averageLoss: null,
      payoffRatio: null,
      profitFactor: null,
      expectancy: null,
      expectancyR: null,
      bestTrade: null,
      worstTrade: null,
      longestLosingStreak: 0,
      averageHoldMs: null,
      slippageAveragePct: null,
      fees: 0,
      feeShare: null,
    });
  });

  test('only wins: no average loss, and no profit factor since nothing was lost', () => {
    expect(tradeStatistics(tradesOf(10, 30))).toMatchObject({
      winning: 2,
      winRate: 1,
      averageWin: 20,
      averageLoss: null,
      payoffRatio: null,
      profitFactor: null,
      expectancy: 20,
      longestLosingStreak: 0,
    });
  });

  test('only losses: a profit factor of 0', () => {
    expect(tradeStatistics(tradesOf(-10, -30))).toMatchObject({
      losing: 2,
      winRate: 0,
      averageWin: null,
      averageLoss: -20,
      profitFactor: 0,
      expectancy: -20,
      longestLosingStreak: 2,
    });
  });

  test('zero variance: no Sharpe ratio, whatever digits the floats are left with', () => {
    const daily = pathOf(Array<number>(50).fill(0.001), DAY);
    expect(figuresOf({ daily })).toMatchObject({ sharpe: null, sortino: null });
    const idle = pathOf(Array<number>(50).fill(0), DAY);
    expect(figuresOf({ daily: idle })).toMatchObject({ sharpe: null, sortino: null });
  });

  test('without days at all nothing is made up', () => {
    expect(figuresOf({ to: START, finalBalance: 10_000 })).toMatchObject({
      sharpe: null,
      annualReturnPct: null,
      calmar: null,
      returnOnDeployedPct: null,
    });
  });
});

test.each([
  [0, 'flat'],
  [2, 'flat'],
  [-2, 'flat'],
  [2.01, 'winning'],
  [-2.01, 'losing'],
])('PF-T18 with 2 of fees a trade that made %d is counted as %s', (pnl, as) => {
  const { winning, losing, flat, winRate } = tradeStatistics(tradesOf(pnl));
  expect({ winning, losing, flat }).toEqual({ winning: 0, losing: 0, flat: 0, [as]: 1 });
  expect(winRate).toBe(as === 'winning' ? 1 : 0);
});

test('a loss within the fees is no loss to be counted, and still one to be summed', () => {
  expect(tradeStatistics(tradesOf(4, -1, -1))).toMatchObject({
    losing: 0,
    flat: 2,
    profitFactor: 2,
  });
});

test('averages, streaks, R, slippage and fee share of a known list', () => {
  const trades = [
    tradeOf(48, { risk: 24, slippagePct: 0.1, closedAt: START + 4 * HOUR }),
    tradeOf(-12, { risk: 24, slippagePct: -0.02, closedAt: START + HOUR }),
    tradeOf(-24, { closedAt: START + 2 * HOUR }),
    tradeOf(20, { risk: 0, closedAt: START + 3 * HOUR }),
  ];
  expect(tradeStatistics(trades)).toMatchObject({
    averageWin: 34,
    averageLoss: -18,
    payoffRatio: 34 / 18,
    profitFactor: 68 / 36,
    expectancy: 8,
    // A risk of nothing is no stop to measure by.
    expectancyR: (2 - 0.5) / 2,
    bestTrade: 48,
    worstTrade: -24,
    longestLosingStreak: 2,
    averageHoldMs: 2.5 * HOUR,
    slippageAveragePct: near(0.04),
    fees: 8,
    feeShare: 8 / 72,
  });
});

describe('figures of equity', () => {
  const returns = [0.01, -0.005, 0.02, -0.01, 0.005];
  // By hand: mean 0.004, sample deviation 0.0119373…, downside √((0.005² + 0.01²) / 5) = 0.005.
  const deviation = Math.sqrt((0.006 ** 2 + 0.009 ** 2 + 0.016 ** 2 + 0.014 ** 2 + 0.001 ** 2) / 4);

  test('from 30 days on Sharpe and Sortino come from daily returns and a year of 365', () => {
    const { figures, returnBasis } = statisticsOfSample(
      sampleWith({ to: START + 30 * DAY, daily: pathOf(returns, DAY) }),
    );
    expect(returnBasis).toBe('daily');
    expect(figures.sharpe).toBeCloseTo((0.004 / deviation) * Math.sqrt(365), 9);
    expect(figures.sortino).toBeCloseTo((0.004 / 0.005) * Math.sqrt(365), 9);
    expect(figures.volatilityPct).toBeCloseTo(deviation * Math.sqrt(365) * 100, 9);
  });

  test('under 30 days they come from hourly returns, and it is said', () => {
    const { figures, returnBasis } = statisticsOfSample(
      sampleWith({ to: START + 30 * DAY - 1, hourly: pathOf(returns, HOUR) }),
    );
    expect(returnBasis).toBe('hourly');
    expect(figures.sharpe).toBeCloseTo((0.004 / deviation) * Math.sqrt(8_760), 9);
  });

  test('annualised return and Calmar ratio compound over 365 days, and are not told of short spans', () => {
    const drawdown = { maxPct: 10, maxQuote: 1_000, longestMs: DAY };
    const year = { finalBalance: 12_100, to: START + 730 * DAY, drawdown };
    expect(figuresOf(year).annualReturnPct).toBeCloseTo(10, 9);
    expect(figuresOf(year).calmar).toBeCloseTo(1, 9);
    expect(figuresOf({ ...year, drawdown: { ...drawdown, maxPct: 0 } }).calmar).toBeNull();
    const short = { ...year, to: START + 30 * DAY - 1 };
    expect(figuresOf(short)).toMatchObject({ annualReturnPct: null, calmar: null });
    expect(figuresOf({ ...year, finalBalance: 0 }).annualReturnPct).toBeNull();
  });

  test('returns end where everything is lost', () => {
    const daily = [
      { at: START, equity: 5_000 },
      { at: START + DAY, equity: 0 },
      { at: START + 2 * DAY, equity: 7_000 },
    ];
    expect(figuresOf({ daily }).sharpe).toBeCloseTo((-0.75 / Math.sqrt(0.125)) * Math.sqrt(365), 9);
  });
});

test('PF-33 returns on what was deployed and turned over', () => {
  const at = (from: number, to: number) => ({
    openedAt: START + from * DAY,
    closedAt: START + to * DAY,
  });
  const trades = [
    tradeOf(10, at(0, 4)),
    tradeOf(10, at(2, 6)),
    tradeOf(10, at(3, 4)),
    tradeOf(10, at(8, 9)),
  ];
  const figures = figuresOf({ trades, to: START + 10 * DAY, finalBalance: 10_040 });
  // 1,000 held for 4 + 4 + 1 + 1 of 10 days is 1,000 on average.
  expect(figures.returnOnDeployedPct).toBeCloseTo(4, 9);
  expect(figures.returnOnTurnoverPct).toBeCloseTo(1, 9);
  expect(figures.tradedValue).toBe(4 * 1_000 + 4 * 1_012);
  expect(figures.turnover).toBeCloseTo(0.8048, 12);
});
