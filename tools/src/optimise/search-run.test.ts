import type { Space } from '@tradewind/core/optimise/space';
import { smaCross } from '@tradewind/strategies/sma-cross';
import type { Pool } from './pool.ts';
import { rank, runSearch, searchable, significanceOf, type SearchRequest } from './search-run.ts';
import { runTask } from './task.ts';
import { aConfig, aSeries, BEGIN, aPool, TEST_REGISTRY } from './testing/market.ts';
import { strategyById } from './testing/strategies.ts';

const SPACE: Space = [
  { path: 'fast', kind: 'steps', from: 5, to: 25, step: 10 },
  { path: 'slow', kind: 'steps', from: 10, to: 50, step: 20 },
];
const request = (rest: Partial<SearchRequest> = {}): SearchRequest => ({
  definition: smaCross,
  base: {},
  space: SPACE,
  method: 'grid',
  trials: 100,
  objective: 'return',
  minTrades: 1,
  seed: 1,
  ...rest,
});
const ALL = { span: null };
/** Threads load their strategies anew, and a machine may be busy. */
const TIMEOUT_MS = 120_000;

let one: Pool;
let two: Pool;
let unruly: Pool;
beforeAll(() => {
  one = aPool({ threads: 1 });
  two = aPool({ threads: 2 });
  const config = aConfig('misbehaving', { way: 'behaves' });
  unruly = aPool({ config, threads: 2, deadlineMs: 3_000 });
});
afterAll(async () => {
  await Promise.all([one.close(), two.close(), unruly.close()]);
});

test("a strategy's own schema says what can be searched", () => {
  expect(searchable(smaCross)).toEqual([
    { path: 'timeframe', kind: 'choice', values: ['1m', '5m', '15m', '1h'] },
    { path: 'fast', kind: 'integer', min: 2, max: 500 },
    { path: 'slow', kind: 'integer', min: 3, max: 1_000 },
  ]);
});

test(
  'a grid tries every combination that the strategy takes, and counts the others',
  async () => {
    const { tried, refused } = await runSearch(request(), one, ALL);
    expect(tried.map(({ values }) => [values['fast'], values['slow']])).toEqual([
      [5, 10],
      [5, 30],
      [5, 50],
      [15, 30],
      [15, 50],
      [25, 30],
      [25, 50],
    ]);
    expect(refused).toBe(2);
  },
  TIMEOUT_MS,
);

test.each(['grid', 'random', 'bayes'] as const)(
  'STR-95 a %s search gives byte-equal results on one thread and on two',
  async (method) => {
    const space: Space = SPACE.map((dimension) => ({ ...dimension, step: 1 }));
    const given = request({ method, trials: method === 'grid' ? 9 : 40, space });
    const results = await Promise.all([one, two].map((pool) => runSearch(given, pool, ALL)));
    const [alone, shared] = results.map((result) =>
      JSON.stringify({ result, significance: significanceOf(result.tried, 1) }),
    );
    expect(shared).toBe(alone);
    expect(alone?.length).toBeGreaterThan(1_000);
  },
  TIMEOUT_MS,
);

test(
  'STR-05 a combination on a thread comes to what the same backtest here comes to',
  async () => {
    const setup = { config: aConfig(), series: [aSeries(3_000)], registry: TEST_REGISTRY };
    const task = { params: { fast: 5, slow: 30 }, span: null };
    const here = runTask(setup, strategyById, task);
    const [there] = await one.run([task]);
    expect(there).toEqual(here);
    expect(here).toMatchObject({ ok: true, basis: 'hourly' });
  },
  TIMEOUT_MS,
);

test(
  'a span holds its own bars, and those before its begin only warm up',
  async () => {
    const at = (row: number): number => BEGIN + row * 60_000;
    const params = { fast: 5, slow: 30 };
    const span = (from: number, decideFrom: number) => ({
      from: at(from),
      decideFrom: at(decideFrom),
      to: at(1_000),
    });
    const outcomes = await one.run(
      [span(0, 0), span(400, 400), span(0, 400), span(300, 400)].map((each) => ({
        params,
        span: each,
      })),
    );
    const [whole, cold, warm, shorter] = outcomes.map((outcome) =>
      outcome.ok ? [outcome.figures.totalTrades, outcome.figures.totalReturnPct] : null,
    );
    expect(warm).toEqual(shorter);
    expect(warm).not.toEqual(whole);
    expect(cold?.[0]).toBeLessThanOrEqual(warm?.[0] ?? 0);
  },
  TIMEOUT_MS,
);

test(
  'a combination that throws, loops, dies or is refused is reported and does not stop the rest',
  async () => {
    const ways = ['behaves', 'throws', 'loops', 'dies', 'sulks', 'behaves'];
    const outcomes = await unruly.run(ways.map((way) => ({ params: { way }, span: null })));
    const faults = outcomes.map((outcome) => (outcome.ok ? null : outcome.fault));
    expect(faults).toEqual([
      null,
      expect.stringMatching(/^the strategy failed on \d+ bars$/),
      'it took longer than 3 s',
      'its thread ended',
      expect.stringContaining('way:'),
      null,
    ]);
  },
  TIMEOUT_MS,
);

test(
  'a stopped search ends its threads and keeps what it knows',
  async () => {
    const stop = new AbortController();
    const pool = aPool({ signal: stop.signal });
    let done = 0;
    const { tried, isStopped } = await runSearch(request(), pool, {
      span: null,
      onDone: () => {
        done += 1;
        if (done === 3) stop.abort();
      },
    });
    expect(isStopped).toBe(true);
    expect(tried).toHaveLength(3);
    await pool.close();
  },
  TIMEOUT_MS,
);

test(
  'the best come first; too few trades, and failures, are not ranked',
  async () => {
    const { tried } = await runSearch(request(), one, ALL);
    const ranked = rank(tried);
    const scores = ranked.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(ranked).toHaveLength(tried.length);
    const strict = await runSearch(request({ minTrades: 100_000 }), one, ALL);
    expect(rank(strict.tried)).toEqual([]);
    expect(significanceOf(strict.tried, 1)).toBeNull();
  },
  TIMEOUT_MS,
);
