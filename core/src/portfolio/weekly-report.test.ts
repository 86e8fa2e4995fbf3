import fc from 'fast-check';
import { epochMs } from '../lib/time.ts';
import { addMoney, money } from '../lib/units.ts';
import {
  againstTarget,
  lastWeek,
  paperGaps,
  returnPct,
  weekId,
  weekTrades,
  type BookReturn,
} from './weekly-report.ts';

test('PF-93 a report is of the last week that is over, Monday to Monday', () => {
  // 2026-11-30 is a Monday.
  const monday = Date.UTC(2026, 10, 30);
  for (const now of [monday, monday + 1, monday + 6 * 86_400_000 + 86_399_999])
    expect(lastWeek(epochMs(now))).toEqual({ from: Date.UTC(2026, 10, 23), to: monday });
  expect(weekId(lastWeek(epochMs(monday - 1)))).toBe('2026-11-16');
});

test('prop: a week is over when it is reported, has seven days and begins on a Monday', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1.5e12, max: 2e12 }), (ms) => {
      const { from, to } = lastWeek(epochMs(ms));
      expect(to).toBeLessThanOrEqual(ms);
      expect(ms - to).toBeLessThan(7 * 86_400_000);
      expect(to - from).toBe(7 * 86_400_000);
      expect(new Date(from).getUTCDay()).toBe(1);
    }),
  );
});

test('PF-93 what a week came to, with its best and worst', () => {
  const trip = (symbol: string, net: string, outcome: 'profitable' | 'loss' | 'flat') => ({
    ...{ symbol, netPnl: money(net), outcome },
  });
  const trips = [trip('A', '5', 'profitable'), trip('B', '-9', 'loss'), trip('C', '0', 'flat')];
  expect(weekTrades(trips)).toEqual({
    ...{ trades: 3, wins: 1, losses: 1, net: money('-4') },
    best: { symbol: 'A', netPnl: money('5') },
    worst: { symbol: 'B', netPnl: money('-9') },
  });
  expect(weekTrades([])).toMatchObject({ trades: 0, net: money('0'), best: null, worst: null });
});

describe('PF-93 the return of a week', () => {
  test('is of what was there; what is not known is no return', () => {
    expect(returnPct(money('1000'), money('1010'), money('0'))).toBe(1);
    expect(returnPct(null, money('1010'), money('0'))).toBeNull();
    expect(returnPct(money('1000'), null, money('0'))).toBeNull();
    expect(returnPct(money('100'), money('1'), money('-100'))).toBeNull();
  });

  test('prop: a deposit alone is no return', () => {
    const amount = fc.integer({ min: 1, max: 10 ** 9 }).map((cents) => money(String(cents / 100)));
    fc.assert(
      fc.property(amount, amount, (before, flow) => {
        expect(returnPct(before, addMoney(before, flow), flow)).toBe(0);
      }),
    );
  });
});

test.each([
  [null, 'within', null],
  [0.9, 'below', 'below'],
  [1, 'at the least', 'within'],
  [3, 'at the most', 'within'],
  [3.1, 'above', 'above'],
] as const)('PF-93 a projection of %s is %s the range', (projection, _words, verdict) => {
  expect(againstTarget(projection, { leastPct: 1, mostPct: 3 })).toBe(verdict);
  expect(againstTarget(projection, null)).toBeNull();
});

test('PF-93 a live book is held against paper books of its own kind of account', () => {
  const live: BookReturn = {
    ...{ bookId: 'l', name: 'Live', isLive: true, account: 'binance spot', returnPct: 1 },
  };
  const paper = { ...live, bookId: 'p', name: 'Paper', isLive: false, returnPct: 3 };
  const others = [
    { ...paper, account: 'binance futures' },
    { ...paper, returnPct: null },
  ];
  expect(paperGaps(live, [live, paper, ...others])).toEqual([
    { bookId: 'p', name: 'Paper', paperPct: 3, gapPct: -2 },
  ]);
  expect(paperGaps(paper, [live, paper])).toEqual([]);
  expect(paperGaps({ ...live, returnPct: null }, [paper])).toEqual([]);
});
