import { epochMs } from '../lib/time.ts';
import {
  HEALTH_WEIGHTS,
  healthBand,
  healthInit,
  healthOf,
  healthStep,
  worstOf,
  type HealthState,
} from './health.ts';

const inputs = (
  dailyPct: number,
  openPct: number,
  marginShare: number,
  correlated: number,
  losing: number,
) =>
  ({
    dailyPct,
    openPct,
    marginShare,
    correlatedShare: correlated,
    losingShare: losing,
    dailyLimitPct: 5,
  }) as const;

test.each([
  [0, 0, 0, 0, 0, 100, 'none'],
  [-2, -1, 0.3, 0.6, 0.5, 73.7, 'none'],
  [-2.5, -1.5, 0.45, 0.7, 0.6, 59.6, 'stopEntries'],
  [-3, -2, 0.5, 0.8, 0.67, 46.2, 'tighten'],
  [-4, -3, 0.6, 1, 1, 15.5, 'closeWorst'],
] as const)(
  'PF-60 PF-T12 daily %s %%, open %s %%, margin %s, correlated %s, losing %s: %s, %s',
  (daily, open, margin, correlated, losing, score, action) => {
    const health = healthOf(inputs(daily, open, margin, correlated, losing));
    expect(health.score).toBeCloseTo(score, 1);
    expect(healthBand(health.score)).toBe(action);
  },
);

test('PF-63 PF-64 what is not known is worst for its term, and weights are configuration', () => {
  const unknown = {
    dailyPct: null,
    openPct: null,
    marginShare: null,
    correlatedShare: null,
    losingShare: null,
    dailyLimitPct: 5,
  };
  expect(healthOf(unknown).score).toBe(0);
  expect(healthOf({ ...inputs(0, 0, 0, 0, 0), openPct: Number.NaN }).score).toBe(75);
  const even = { dailyLoss: 20, openLoss: 20, margin: 20, correlation: 20, breadth: 20 };
  expect(healthOf({ ...inputs(0, 0, 0, 0, 0), openPct: null }, even).score).toBe(80);
  expect(Object.values(HEALTH_WEIGHTS).reduce((sum, weight) => sum + weight, 0)).toBe(100);
});

const run = (looks: readonly (readonly [second: number, score: number, isClosing?: boolean])[]) => {
  let state: HealthState = healthInit;
  return looks.map(([second, score, isClosing = false]) => {
    const step = healthStep(state, { score, isClosing, now: epochMs(1_000_000 + second * 1_000) });
    state = step.state;
    return [step.state.stopped, step.tighten, step.closeWorst];
  });
};

test('PF-61 entries stop below 70 and resume at 75 after a minute', () => {
  const stopped = run([
    [0, 69],
    [10, 74],
    [20, 75],
    [50, 74],
    [60, 76],
    [119, 80],
    [120, 80],
  ]);
  expect(stopped.map(([isStopped]) => isStopped)).toEqual([
    true,
    true,
    true,
    true,
    true,
    true,
    false,
  ]);
});

test('PF-61 lower bands include the higher ones, and stops are tightened once a time', () => {
  expect(
    run([
      [0, 25],
      [10, 25],
      [20, 45],
      [30, 72],
      [40, 45],
    ]),
  ).toEqual([
    [true, true, true],
    [true, false, false],
    [true, false, false],
    [true, false, false],
    [true, true, false],
  ]);
});

test('PF-62 PF-T12 the worst are closed at most once in five minutes, and never during a close', () => {
  const closes = run([
    [0, 10],
    [10, 10],
    [299, 10],
    [300, 10, true],
    [310, 10],
  ]);
  expect(closes.map(([, , close]) => close)).toEqual([true, false, false, false, true]);
});

test('PF-62 the worst two are those that have lost the most percent', () => {
  const positions = [
    ['a', -1],
    ['b', -5],
    ['c', null],
    ['d', 2],
    ['e', -3],
  ].map(([id, pnlPct]) => ({ id, pnlPct: pnlPct as number | null }));
  expect(worstOf(positions, 2).map(({ id }) => id)).toEqual(['b', 'e']);
});
