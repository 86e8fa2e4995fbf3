import fc from 'fast-check';
import { epochMs } from '../lib/time.ts';
import { money, toNumber } from '../lib/units.ts';
import { sessionFigures } from './figures.ts';

const DAY = 86_400_000;
const START = 20_000 * DAY + 5_000;
const trade = (pnl: string, day: number) => ({
  netPnl: money(pnl),
  closedAt: epochMs(START + day * DAY),
});
const span = (days: number) => ({ from: epochMs(START), to: epochMs(START + days * DAY) });

test('STR-91 a session adds up its round trips, whatever their order', () => {
  const trades = [trade('-30', 1), trade('10', 0), trade('0', 2), trade('25', 3)];
  const figures = sessionFigures(trades, money('100'), span(3));
  expect(figures).toMatchObject({
    currentBalance: money('105'),
    totalPnl: money('5'),
    totalTrades: 4,
    winningTrades: 2,
    losingTrades: 1,
    winRate: 0.5,
  });
  expect(figures.maxDrawdown).toBeCloseTo(30 / 110, 12);
  // Returns of the four days: 10/100, -30/110, 0, 25/80.
  expect(figures.sharpe).toBeCloseTo(2.7472368, 6);
});

test('a session without a trade has won and lost nothing, and no rate of it', () => {
  expect(sessionFigures([], money('100'), span(4))).toEqual({
    currentBalance: money('100'),
    totalPnl: money('0'),
    totalTrades: 0,
    winningTrades: 0,
    losingTrades: 0,
    winRate: null,
    maxDrawdown: 0,
    sharpe: null,
  });
});

test('a first loss counts as a fall from the initial balance', () => {
  expect(sessionFigures([trade('-20', 0)], money('100'), span(0)).maxDrawdown).toBeCloseTo(0.2, 12);
});

test('under two days there is no Sharpe ratio', () => {
  expect(sessionFigures([trade('5', 0)], money('100'), span(0)).sharpe).toBeNull();
});

test('prop: nothing is lost in adding up, and a fall is never negative', () => {
  const pnl = fc.integer({ min: -100, max: 100 });
  fc.assert(
    fc.property(fc.array(fc.tuple(pnl, fc.integer({ min: 0, max: 9 }))), (list) => {
      const trades = list.map(([x, day]) => trade(String(x), day));
      const figures = sessionFigures(trades, money('100000'), span(9));
      const sum = list.reduce((total, [x]) => total + x, 0);
      expect(toNumber(figures.totalPnl)).toBe(sum);
      expect(figures.winningTrades + figures.losingTrades).toBeLessThanOrEqual(list.length);
      expect(figures.maxDrawdown).toBeGreaterThanOrEqual(0);
    }),
  );
});
