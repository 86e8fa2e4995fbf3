import { epochMs } from '../lib/time.ts';
import { money, price, qty } from '../lib/units.ts';
import { LIMITS } from '../risk/limits.ts';
import { BACKTEST_DEFAULTS } from './config.ts';
import type { BacktestResult, BacktestTrade } from './result.ts';
import { sampleOf } from './sample-of-result.ts';
import { DAY, HOUR, START } from './sample-testing.ts';
import { statisticsOf } from './statistics.ts';

const trade: BacktestTrade = {
  tradeId: 't1',
  bookId: 'backtest',
  strategyId: 'sma-cross',
  marketKey: 'binance_spot_BTC-USDT',
  symbol: 'BTC-USDT',
  side: 'LONG',
  entryPrice: price('50000'),
  exitPrice: price('50500'),
  quantity: qty('0.02'),
  fees: money('2.01'),
  funding: money('0.5'),
  netPnl: money('7.49'),
  netPnlPct: 0.749,
  holdMs: HOUR,
  exitReason: 'take_profit',
  outcome: 'profitable',
  openedAt: epochMs(START + HOUR),
  closedAt: epochMs(START + 2 * HOUR),
  entrySignalId: 's1',
  exitSignalId: null,
  entryBarAt: epochMs(START + HOUR),
  exitBarAt: epochMs(START + 2 * HOUR),
  bars: 60,
  initialStop: price('49000'),
  rMultiple: 0.3745,
  efficiency: 62,
  slippageInPct: 0.04,
  slippageOutPct: 0.06,
  maePct: -0.2,
  mfePct: 1,
};

/** A curve of these equities, a quarter of an hour apart, each at the close that it tells of. */
const curveOf = (...equities: readonly number[]): BacktestResult['curve'] =>
  equities.map((equity, index) => ({
    at: epochMs(START + (index + 1) * (HOUR / 4)),
    equity,
    cash: equity / 2,
    exposure: 0.5,
    drawdownPct: 0,
  }));

const resultOf = (change: Partial<BacktestResult> = {}): BacktestResult => ({
  schemaVersion: 1,
  sessionId: 'b1',
  strategyName: 'SMA crossover',
  symbols: ['BTC-USDT'],
  dataSessionId: null,
  start: epochMs(START),
  end: epochMs(START + 2 * DAY),
  initialBalance: money('1000'),
  finalBalance: money('1007.49'),
  cash: money('1007.49'),
  totalPnl: money('7.49'),
  totalReturnPct: 0.749,
  fees: money('2.01'),
  funding: money('0.5'),
  maxDrawdown: { pct: 1, amount: 10, peakAt: null, troughAt: null },
  timeInMarket: 0.25,
  trades: [trade],
  openPositions: [],
  curve: curveOf(1_000, 1_001),
  daily: [{ dayAt: epochMs(START), equity: 1_007.49 }],
  counts: {
    bars: 2,
    evaluations: 2,
    signals: 1,
    approved: 1,
    orders: 2,
    fills: 2,
    rejections: {},
    holds: {},
  },
  parameters: {
    ...BACKTEST_DEFAULTS,
    sessionId: 'b1',
    bookId: 'backtest',
    strategies: [],
    initialBalance: money('1000'),
    limits: LIMITS.paper,
    seed: 1,
    codeVersion: 'test',
    dataSessionId: null,
    createdAt: epochMs(0),
  },
  codeVersion: 'test',
  seed: 1,
  createdAt: epochMs(0),
  ...change,
});

test('amounts become floats; what a trade made before costs has its fees and funding added again', () => {
  expect(sampleOf(resultOf()).trades).toEqual([
    expect.objectContaining({
      entryValue: 1_000,
      exitValue: 1_010,
      fees: 2.01,
      netPnl: 7.49,
      grossPnl: 10,
      exitReason: 'take_profit',
      risk: 20,
      slippagePct: 0.05,
    }),
  ]);
});

test.each([
  ['without a stop', { initialStop: null }],
  ['with one on the wrong side', { initialStop: price('50001') }],
  ['a short with one below', { side: 'SHORT' as const }],
])('a trade %s risks nothing that could be measured', (_, change) => {
  const result = resultOf({ trades: [{ ...trade, ...change }] });
  expect(sampleOf(result).trades[0]?.risk).toBeNull();
});

test('an hour ends with the close that it ends at', () => {
  const curve = curveOf(1, 2, 3, 4, 5, 6);
  expect(sampleOf(resultOf({ curve })).hourly).toEqual([
    { at: START, equity: 4 },
    { at: START + HOUR, equity: 6 },
  ]);
});

test.each([
  ['rises only', [1_000, 1_001, 1_002], 0],
  ['is reached again', [1_010, 1_000, 1_005, 1_010, 1_020], 3],
  ['is never reached again', [1_010, 1_000, 1_009, 1_009], 3],
  ['falls from the first balance', [990, 980], 2],
  ['falls twice', [1_010, 1_000, 1_010, 1_000, 1_000, 1_010], 3],
])('the longest drawdown of equity that %s', (_, equities, quarters) => {
  const { longestMs } = sampleOf(resultOf({ curve: curveOf(...equities) })).drawdown;
  expect(longestMs).toBe(quarters * (HOUR / 4));
});

test('STR-93 what the result tells itself, its statistics tell the same', () => {
  const { figures, returnBasis } = statisticsOf(resultOf());
  expect(figures).toMatchObject({
    totalPnl: expect.closeTo(7.49, 9) as unknown,
    totalReturnPct: expect.closeTo(0.749, 9) as unknown,
    maxDrawdownPct: 1,
    maxDrawdownQuote: 10,
    timeInMarket: 0.25,
    averageExposure: 0.5,
    winRate: 1,
  });
  expect(returnBasis).toBe('hourly');
});
