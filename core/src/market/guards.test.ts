import { epochMs } from '../lib/time.ts';
import { money, price, qty } from '../lib/units.ts';
import { duePolls } from './fallback.ts';
import { elapsedShare, scaledVolume } from './forming.ts';
import type { Candle } from './market.ts';
import { MINIMUMS, minimumTrades, readiness } from './minimums.ts';
import { NAMES } from './testing.ts';
import { judgeSkew, skewMs } from './skew.ts';
import { differences, verified } from './verify.ts';

describe('the venue clock', () => {
  test('MD-25 is compared with the middle of the round trip', () => {
    expect(skewMs({ askedAt: 1_000, answeredAt: 1_400, venueTime: 7_200 })).toBe(6_000);
  });

  test.each([
    [0, 'ok'],
    [1_000, 'ok'],
    [-1_001, 'warn'],
    [5_000, 'warn'],
    [5_001, 'block'],
    [-5_001, 'block'],
    [Number.NaN, 'block'],
  ] as const)('MD-25 MD-T15 that is %d ms ahead: %s', (skew, verdict) => {
    expect(judgeSkew(skew)).toBe(verdict);
  });
});

describe('a timeframe', () => {
  const judge = (trades: number, watchedMs = 15_000) =>
    readiness('15s', { trades, watchedMs, needed: minimumTrades('15s', { isPaper: false }) });

  test('MD-T11 MD-50 with 29 of 30 trades in 15 s is insufficient, and says why', () => {
    expect(judge(30)).toEqual({ kind: 'ready' });
    expect(judge(29)).toEqual({
      kind: 'insufficient',
      missing: 1,
      etaMs: null,
      reason: '29 of 30 trades within 15 s; at this pace there will not be enough',
    });
  });

  test('MD-51 that has just begun says when it will be ready', () => {
    expect(judge(10, 2_500)).toMatchObject({ etaMs: 5_000, missing: 20 });
    expect(judge(10, 2_500)).toMatchObject({
      reason: '10 of 30 trades within 15 s; ready in about 5 s',
    });
  });

  test.each([
    [0, 0],
    [0, 15_000],
    [Number.NaN, 15_000],
  ])('MD-51 with %d trades in %d ms raises nothing and waits', (trades, watchedMs) => {
    expect(judge(trades, watchedMs)).toMatchObject({ missing: 30, etaMs: null });
  });

  test('MD-50 may be asked for less in paper mode only, and never for more', () => {
    expect(minimumTrades('1m', { isPaper: true, override: 5 })).toBe(5);
    expect(minimumTrades('1m', { isPaper: false, override: 5 })).toBe(60);
    expect(minimumTrades('1m', { isPaper: true, override: 500 })).toBe(60);
    expect(minimumTrades('1m', { isPaper: true, override: Number.NaN })).toBe(60);
  });

  test('MD-50 of every length has its minimum', () => {
    expect(NAMES.map((name) => MINIMUMS[name].trades)).toEqual([1, 30, 60, 200, 500, 1_500]);
    expect(NAMES.map((name) => MINIMUMS[name].refreshMs / 1_000)).toEqual([1, 5, 10, 30, 60, 120]);
  });
});

describe('a forming bar', () => {
  test.each([
    [10_000, undefined],
    [12_000, 500],
    [30_000, 200],
    [60_000, 100],
    [90_000, 100],
  ])('MD-45 %i ms into its minute with a volume of 100 compares as %s', (at, volume) => {
    expect(scaledVolume(100, elapsedShare(0, 60_000, at))).toBe(volume);
  });
});

describe("the venue's own candle", () => {
  const candle = (rough: Partial<Candle> = {}): Candle => ({
    openAt: epochMs(60_000),
    open: price('100'),
    high: price('110'),
    low: price('90'),
    close: price('105'),
    volume: qty('10'),
    buyVolume: qty('4'),
    quoteVolume: money('1000'),
    trades: 7,
    buyTrades: 3,
    gapFilled: false,
    incomplete: false,
    revision: 0,
    source: 'trades',
    ...rough,
  });
  const TICK = price('0.01');

  test('MD-46 differs by more than a tick in price or more than 0.5 % in volume', () => {
    const own = candle();
    expect(differences(own, candle({ high: price('110.01') }), TICK)).toEqual([]);
    expect(differences(own, candle({ high: price('110.02') }), TICK)).toEqual(['high']);
    expect(differences(own, candle({ low: price('89.98') }), TICK)).toEqual(['low']);
    expect(differences(own, candle({ volume: qty('10.05') }), TICK)).toEqual([]);
    expect(differences(own, candle({ volume: qty('10.06') }), TICK)).toEqual(['volume']);
    expect(differences(candle({ volume: qty('0') }), candle({ volume: qty('0') }), TICK)).toEqual(
      [],
    );
  });

  test('MD-46 takes the place of ours only where ours has a gap; who bought is then unknown', () => {
    const venue = candle({ volume: qty('20'), trades: 14, source: 'venue' });
    expect(verified(candle(), venue, TICK)).toEqual(candle());
    for (const gap of [{ incomplete: true }, { gapFilled: true }])
      expect(verified(candle(gap), venue, TICK)).toEqual({
        ...venue,
        buyVolume: null,
        buyTrades: null,
        gapFilled: true,
        revision: 1,
      });
    const agreeing = candle({ gapFilled: true });
    expect(verified(agreeing, candle({ source: 'venue' }), TICK)).toBe(agreeing);
  });
});

test('MD-62 symbols are polled every 5 s, those with open positions first, within the budget', () => {
  const symbol = (marketKey: string, polledAt?: number, hasPosition = false) => ({
    marketKey,
    polledAt,
    hasPosition,
  });
  const symbols = [
    symbol('fresh', 95_001),
    symbol('waiting', 94_000),
    symbol('never'),
    symbol('held', 95_000, true),
  ];
  const keys = (budget: number) =>
    duePolls(symbols, 100_000, budget).map(({ marketKey }) => marketKey);
  expect(keys(10)).toEqual(['held', 'never', 'waiting']);
  expect(keys(1)).toEqual(['held']);
  expect(keys(-1)).toEqual([]);
});
