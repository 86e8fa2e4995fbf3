import { gradeOf, type Graded } from './grade.ts';

describe('PF-92 the grade of a strategy', () => {
  const perfect: Graded = {
    totalTrades: 20,
    winning: 20,
    winRate: 1,
    profitFactor: 2,
    sharpe: 2,
    maxDrawdownPct: 0,
  };
  const cases: readonly (readonly [string, Partial<Graded>, number | null, string | null])[] = [
    ['has all there is', {}, 100, 'A'],
    ['has more than counts', { profitFactor: 9, sharpe: 7 }, 100, 'A'],
    ['has 19 trades', { totalTrades: 19 }, null, null],
    ['lost nothing: its profit factor counts 2', { profitFactor: null }, 100, 'A'],
    ['has no profit factor and no wins', { profitFactor: null, winning: 0, winRate: 0 }, 50, 'C'],
    ['has no Sharpe ratio', { sharpe: null }, 75, 'B'],
    ['has a negative Sharpe ratio', { sharpe: -3 }, 75, 'B'],
    ['fell by 15 %', { maxDrawdownPct: 15 }, 75, 'B'],
    ['fell by more', { maxDrawdownPct: 60 }, 75, 'B'],
    ['is just an A', { winRate: 0 }, 80, 'A'],
    ['is just no A', { winRate: 0, sharpe: 1.99 }, 79.875, 'B'],
    ['is just a B', { winRate: 0, profitFactor: 1 }, 65, 'B'],
    ['is just a C', { winRate: 0, profitFactor: 0 }, 50, 'C'],
    ['is just a D', { winRate: 0.5, sharpe: 0, profitFactor: 0 }, 35, 'D'],
    ['is an F', { winRate: 0.49, sharpe: 0, profitFactor: 0 }, 34.8, 'F'],
    ['has nothing', { winRate: 0, sharpe: 0, profitFactor: 0, maxDrawdownPct: 99 }, 0, 'F'],
  ];
  test.each(cases)('that %s', (_, change, points, letter) => {
    const grade = gradeOf({ ...perfect, ...change });
    if (points === null) expect(grade).toBeNull();
    else expect(grade).toEqual({ letter, points: expect.closeTo(points, 9) as unknown });
  });
});
