import fc from 'fast-check';
import { epochMs } from '../lib/time.ts';
import { money, price, qty, toNumber, type Money } from '../lib/units.ts';
import type { RoundTrip } from './fill-effect.ts';
import {
  addTrade,
  agrees,
  figuresOf,
  monthlyProjectionPct,
  performanceInit,
  performanceOf,
  recentWinRate,
  scopesOf,
} from './performance.ts';
import {
  confidenceFactor,
  historyFactor,
  riskBase,
  sizeOf,
  volatilityFactor,
  type SizingInputs,
} from './sizing.ts';
import { efficiencyScore, readiness } from './trade-quality.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 10, 1, 12);
const trade = (net: string, day = 0, change: Partial<RoundTrip> = {}): RoundTrip => {
  const netPnl = money(net);
  return {
    ...{
      tradeId: `t${day}`,
      bookId: 'paper',
      strategyId: 'trend',
      marketKey: 'binance_spot_BTC-USDT',
      symbol: 'BTC-USDT',
      side: 'LONG',
    },
    ...{
      entryPrice: price('100'),
      exitPrice: price('101'),
      quantity: qty('1'),
      fees: money('0.2'),
      netPnl,
      netPnlPct: toNumber(netPnl),
    },
    ...{
      holdMs: 60_000,
      exitReason: 'ZE1',
      outcome: netPnl > money('0.2') ? 'profitable' : netPnl < money('-0.2') ? 'loss' : 'flat',
    },
    ...{ openedAt: epochMs(START + day * DAY - 60_000), closedAt: epochMs(START + day * DAY) },
    ...{
      initialStop: null,
      rMultiple: null,
      maePct: null,
      mfePct: null,
      slippageInPct: null,
      slippageOutPct: null,
      efficiency: null,
    },
    ...change,
  };
};
const CAPITAL = money('10000');

describe('performance', () => {
  test('PF-T17 PF-90 no trades, only wins, only losses, no variance', () => {
    expect(figuresOf(performanceInit, CAPITAL)).toMatchObject({
      winRate: null,
      profitFactor: null,
      expectancy: null,
      sharpe: null,
      maxDrawdownPct: 0,
      grade: null,
    });
    expect(figuresOf(performanceOf([trade('2'), trade('4', 1)]), CAPITAL)).toMatchObject({
      winRate: 1,
      averageWin: 3,
      averageLoss: null,
      profitFactor: null,
      expectancy: 3,
    });
    expect(figuresOf(performanceOf([trade('-2'), trade('-4', 1)]), CAPITAL)).toMatchObject({
      winRate: 0,
      averageLoss: -3,
      profitFactor: 0,
      expectancy: -3,
    });
    const same = performanceOf(Array.from({ length: 40 }, (_, day) => trade('1', day)));
    expect(figuresOf(same, CAPITAL)).toMatchObject({ sharpe: null, sharpeBasis: 'daily' });
  });

  test('PF-50 PF-T18 a result within its fees is no success', () => {
    const sums = performanceOf([trade('0'), trade('1', 1)]);
    expect([sums.wins, sums.flats]).toEqual([1, 1]);
    expect(recentWinRate(sums)).toBe(0.5);
  });

  test('PF-33 return is over capital; over turnover it shrinks with what is traded', () => {
    const figures = figuresOf(performanceOf([trade('100')]), CAPITAL);
    expect(figures.returnPct).toBe(1);
    expect(figures.returnOnTurnoverPct).toBeCloseTo((100 * 100) / 201);
  });

  test('RSK-72 the win rate is of the last hundred', () => {
    const many = performanceOf([
      ...Array.from({ length: 50 }, (_, i) => trade('-1', i)),
      ...Array.from({ length: 100 }, (_, i) => trade('1', 50 + i)),
    ]);
    expect(recentWinRate(many)).toBe(1);
    expect(many.recent).toHaveLength(100);
  });

  test('a Sharpe ratio of hourly results stands in for the first thirty days, and a fall is of its peak', () => {
    const figures = figuresOf(
      performanceOf([trade('100'), trade('-50.5', 1), trade('30', 2)]),
      CAPITAL,
    );
    expect(figures.sharpeBasis).toBe('hourly');
    expect(figures.maxDrawdownPct).toBeCloseTo(0.5);
  });

  test('PF-90 a trade counts for its book, strategy, symbol, class, month and session', () => {
    expect(scopesOf(trade('1'), 's1')).toEqual([
      'book',
      'strategy__trend',
      'symbol__BTC-USDT',
      'class__crypto',
      'month__2026-11',
      'session__s1',
    ]);
  });

  test('PF-91 a projection goes on as the month began', () => {
    expect(monthlyProjectionPct(2, epochMs(Date.UTC(2026, 10, 11)))).toBeCloseTo(6);
    expect(monthlyProjectionPct(1, epochMs(Date.UTC(2026, 10, 1, 1)))).toBe(30);
  });

  test('prop: PF-90 adding trade by trade is the same as counting all anew, in any order', () => {
    const cents = fc.integer({ min: -10_000, max: 10_000 });
    fc.assert(
      fc.property(fc.array(cents, { maxLength: 60 }), (nets) => {
        const trades = nets.map((net, day) => trade(String(net / 100), day));
        const kept = trades.reduce(addTrade, performanceInit);
        const anew = performanceOf(trades.toReversed());
        expect(anew).toEqual(kept);
        expect(agrees(kept, anew)).toBe(true);
        const off: Money = money('0.02');
        expect(
          agrees({ ...kept, net: money(String(toNumber(kept.net) + toNumber(off))) }, anew),
        ).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});

describe('sizes', () => {
  const sure: SizingInputs = {
    ...{ bases: [100], temperature: 'HOT', winRate: 0.5, confidence: 1, dailyVolatility: 0.03 },
    ...{ ladder: 1, session: 1, intelligence: 1, model: 1, profile: 'adaptive' },
  };

  test.each<[string, Partial<SizingInputs>, number]>([
    ['all factors 1', {}, 100],
    ['the smallest base', { bases: [100, 40, 60] }, 40],
    ['warm', { temperature: 'WARM' }, 60],
    ['cool', { temperature: 'COOL' }, 0],
    ['twice the volatility', { dailyVolatility: 0.06 }, 50],
    ['volatility that is not known', { dailyVolatility: null }, 25],
    ['too little confidence', { confidence: 0.59 }, 0],
    ['a model that vetoes', { model: 0 }, 0],
    ['the ladder', { ladder: 0.5 }, 50],
    ['a conservative profile', { profile: 'conservative' }, 50],
    ['no base', { bases: [] }, 0],
    ['a factor that is not a number', { session: Number.NaN }, 0],
    ['upward factors together', { winRate: 0.7, intelligence: 1.1, model: 1.2 }, 120],
  ])('PF-85 PF-86 %s', (_, change, size) => {
    expect(sizeOf({ ...sure, ...change }).size).toBeCloseTo(size);
  });

  test('PF-85 factors of history, confidence, volatility and risk', () => {
    expect([null, 0.34, 0.35, 0.5, 0.65, 0.66].map(historyFactor)).toEqual([
      0.75, 0.5, 0.75, 1, 1, 1.1,
    ]);
    expect([0.6, 0.8, 1].map((c) => confidenceFactor(c).toFixed(2))).toEqual([
      '0.50',
      '0.75',
      '1.00',
    ]);
    expect([0.01, 0.03, 0.12, 1].map(volatilityFactor)).toEqual([1, 1, 0.25, 0.25]);
    expect(riskBase(10_000, 5)).toBe(1_000);
    expect(riskBase(10_000, 0)).toBeNull();
  });

  test('prop: PF-86 no factors make more than 1.2 times the base', () => {
    const factor = fc.double({ min: 0, max: 3, noNaN: true });
    fc.assert(
      fc.property(
        factor,
        factor,
        factor,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (session, intelligence, model, winRate) => {
          const { size } = sizeOf({ ...sure, session, intelligence, model, winRate });
          expect(size).toBeGreaterThanOrEqual(0);
          expect(size).toBeLessThanOrEqual(120.000001);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('how a trade went, and whether a bot is ready', () => {
  test.each([
    [{ realisedPct: 2, mfePct: 2, maePct: 0, stopPct: 5 }, 100],
    [{ realisedPct: 1, mfePct: 2, maePct: -2.5, stopPct: 5 }, 50],
    [{ realisedPct: -5, mfePct: 0, maePct: -5, stopPct: 5 }, 0],
    [{ realisedPct: -1, mfePct: 2, maePct: -9, stopPct: 5 }, 0],
  ])('PF-14 %j scores %s', (excursion, score) => {
    expect(efficiencyScore(excursion)).toBeCloseTo(score);
  });

  test('PF-16 a bot is ready when nothing is missing', () => {
    const good = {
      closedPaperTrades: 20,
      expectancy: 0.1,
      stuckOrders24h: 0,
      dataQuality: 0.6,
      hasProtectiveStop: true,
      hasBudget: true,
    };
    expect(readiness(good)).toEqual({ status: 'READY', missing: [] });
    expect(
      readiness({ ...good, closedPaperTrades: 19, expectancy: null, hasBudget: false }),
    ).toEqual({
      status: 'NOT_READY',
      missing: ['19 of 20 closed paper trades', 'an expectancy above 0', 'a budget'],
    });
  });
});
