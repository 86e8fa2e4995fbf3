import { startSearch, type SearchMethod, type SearchPlan } from './search.ts';
import type { Point, Space } from './space.ts';
import { valueAt } from './space.ts';

const AVERAGES: Space = [
  { path: 'fast', kind: 'steps', from: 5, to: 30, step: 5 },
  { path: 'slow', kind: 'steps', from: 10, to: 40, step: 10 },
  { path: 'exits', kind: 'choice', values: [false, true] },
];
const valuesOf = (space: Space, point: Point) =>
  space.map((dimension, index) => valueAt(dimension, point[index] ?? NaN));
const planOf = (method: SearchMethod, rest: Partial<SearchPlan> = {}): SearchPlan => ({
  space: AVERAGES,
  method,
  seed: 1,
  accepts: () => true,
  ...rest,
});

test('a grid is every combination once, in order, and then no more', () => {
  const search = startSearch(planOf('grid'));
  const points = [...search.ask(30), ...search.ask(30), ...search.ask(30)];
  expect(points).toHaveLength(6 * 4 * 2);
  expect(new Set(points.map((point) => point.join())).size).toBe(points.length);
  expect(points.slice(0, 3).map((point) => valuesOf(AVERAGES, point))).toEqual([
    [5, 10, false],
    [5, 10, true],
    [5, 20, false],
  ]);
  expect(points.map((point) => valuesOf(AVERAGES, point)).at(-1)).toEqual([30, 40, true]);
});

test('a grid without steps has no end and is not begun', () => {
  const space: Space = [{ path: 'weight', kind: 'range', from: 0, to: 1 }];
  expect(() => startSearch(planOf('grid', { space }))).toThrow('steps in every dimension');
});

test.each<SearchMethod>(['grid', 'random', 'bayes'])(
  'combinations that the parameters refuse are left out of a %s search and counted',
  (method) => {
    const accepts = (point: Point): boolean => {
      const [fast, slow] = valuesOf(AVERAGES, point);
      return Number(fast) < Number(slow);
    };
    const search = startSearch(planOf(method, { accepts }));
    const points = search.ask(1_000);
    expect(points.every(accepts)).toBe(true);
    // 5 is below 10, 20, 30 and 40, 10 and 15 below three, 20 and 25 below two, 30 below one; twice for the choice.
    expect(points).toHaveLength(2 * 15);
    expect(search.refused()).toBe(2 * 9);
  },
);

test.each<SearchMethod>(['random', 'bayes'])('a %s search tries nothing twice', (method) => {
  const search = startSearch(planOf(method));
  const seen = new Set<string>();
  for (let round = 0; round < 12; round += 1) {
    const points = search.ask(4);
    for (const point of points) seen.add(point.join());
    search.tell(points.map((point) => ({ point, score: point[0] ?? null })));
  }
  expect(seen.size).toBe(6 * 4 * 2);
  expect(search.ask(1)).toEqual([]);
});

/** The best score after `trials`, asked for in batches as the runner does. */
function bestOf(
  method: SearchMethod,
  { space, score }: { space: Space; score: (values: readonly number[]) => number | null },
  { seed, trials, batch }: { seed: number; trials: number; batch: number },
): number {
  const search = startSearch(planOf(method, { space, seed }));
  let best = -Infinity;
  for (let done = 0; done < trials; done += batch) {
    const told = search.ask(batch).map((point) => ({
      point,
      score: score(valuesOf(space, point).map(Number)),
    }));
    search.tell(told);
    for (const { score: each } of told) best = Math.max(best, each ?? -Infinity);
  }
  return best;
}

const range = (path: string, from: number, to: number) =>
  ({ path, kind: 'range', from, to }) as const;
const FUNCTIONS = {
  /** Branin (1972): three minima of 0.397887 in two dimensions. */
  branin: {
    space: [range('x', -5, 10), range('y', 0, 15)],
    score: ([x = 0, y = 0]: readonly number[]) =>
      -(
        (y - (5.1 / (4 * Math.PI ** 2)) * x ** 2 + (5 / Math.PI) * x - 6) ** 2 +
        10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) +
        10
      ),
  },
  /** Rosenbrock's valley: its two parameters belong together. */
  valley: {
    space: [range('x', -2, 2), range('y', -1, 3)],
    score: ([x = 0, y = 0]: readonly number[]) => -((1 - x) ** 2 + 100 * (y - x * x) ** 2),
  },
  /** A bowl of whole numbers, with a third of the space failing. */
  holed: {
    space: ['a', 'b', 'c', 'd'].map(
      (path) => ({ path, kind: 'steps', from: 1, to: 40, step: 1 }) as const,
    ),
    score: (at: readonly number[]) =>
      (at[0] ?? 0) + (at[1] ?? 0) > 60
        ? null
        : -at.reduce((sum, x, index) => sum + (x - 10 - 3 * index) ** 2, 0),
  },
} satisfies Record<string, { space: Space; score: (at: readonly number[]) => number | null }>;

test.each(Object.entries(FUNCTIONS))(
  'on average over fixed seeds the Bayesian search comes nearer to the top of %s than random draws',
  (_, problem) => {
    const seeds = Array.from({ length: 12 }, (__, index) => index + 1);
    const gaps = (method: SearchMethod): number[] =>
      seeds.map((seed) => -bestOf(method, problem, { seed, trials: 80, batch: 8 }));
    const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
    expect(mean(gaps('bayes'))).toBeLessThan(0.7 * mean(gaps('random')) + 0.3 * 0.397887);
  },
);

test('STR-95 the same seed and answers give the same search, another seed another one', () => {
  const { space, score } = FUNCTIONS.branin;
  const trail = (seed: number) => {
    const search = startSearch(planOf('bayes', { space, seed }));
    return Array.from({ length: 8 }, () => {
      const points = search.ask(8);
      search.tell(points.map((point) => ({ point, score: score(point) })));
      return points;
    });
  };
  expect(trail(5)).toEqual(trail(5));
  expect(trail(5)).not.toEqual(trail(6));
});

test('a Bayesian search finds the choice that matters', () => {
  const space: Space = [
    { path: 'side', kind: 'choice', values: ['a', 'b', 'c', 'd'] },
    { path: 'x', kind: 'range', from: 0, to: 1 },
  ];
  const search = startSearch(planOf('bayes', { space, seed: 3 }));
  const score = ([side = 0, x = 0]: Point): number => (side === 2 ? 1 : 0) - (x - 0.3) ** 2;
  let late: Point[] = [];
  for (let round = 0; round < 10; round += 1) {
    const points = search.ask(8);
    search.tell(points.map((point) => ({ point, score: score(point) })));
    if (round >= 6) late = [...late, ...points];
  }
  expect(late.filter(([side]) => side === 2).length).toBeGreaterThan(late.length * 0.6);
});
