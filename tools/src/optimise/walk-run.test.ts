import { smaCross } from '@tradewind/strategies/sma-cross';
import type { Pool } from './pool.ts';
import { searchReport } from './search-report.ts';
import { runSearch, type SearchRequest } from './search-run.ts';
import { aConfig, aPool, aSeries, BEGIN } from './testing/market.ts';
import { summarise, walkForward, windowsFor } from './walk-run.ts';
import { walkReport } from './walk-report.ts';

const MINUTE = 60_000;
const TIMEOUT_MS = 120_000;
const OPTIONS = { windows: 3, ratio: 2, windowing: 'rolling' } as const;
const request: SearchRequest = {
  definition: smaCross,
  base: { timeframe: '1m' },
  space: [
    { path: 'fast', kind: 'steps', from: 5, to: 15, step: 5 },
    { path: 'slow', kind: 'steps', from: 20, to: 60, step: 20 },
  ],
  method: 'grid',
  trials: 100,
  objective: 'return',
  minTrades: 1,
  seed: 1,
};
const problem = {
  selection: null,
  definition: smaCross,
  params: {},
  config: aConfig(),
  series: [aSeries(3_000)],
};

let pool: Pool;
beforeAll(() => {
  pool = aPool({ threads: 2 });
});
afterAll(() => pool.close());

test('windows cover the data: searched first, proven on what follows', () => {
  expect(windowsFor(problem, OPTIONS)).toEqual([
    { from: BEGIN, cut: BEGIN + 1_200 * MINUTE, to: BEGIN + 1_800 * MINUTE },
    { from: BEGIN + 600 * MINUTE, cut: BEGIN + 1_800 * MINUTE, to: BEGIN + 2_400 * MINUTE },
    { from: BEGIN + 1_200 * MINUTE, cut: BEGIN + 2_400 * MINUTE, to: BEGIN + 3_000 * MINUTE },
  ]);
});

test(
  'each window proves what its own search chose, from its cut on',
  async () => {
    const windows = windowsFor(problem, OPTIONS);
    const forwards = await walkForward(request, pool, { windows });
    expect(forwards).toHaveLength(3);
    for (const { window, chosen, proof } of forwards) {
      const alone = await runSearch(request, pool, {
        span: { from: window.from, to: window.cut, decideFrom: window.from },
      });
      const scores = alone.tried.map(({ score }) => score ?? -Infinity);
      expect(chosen?.score).toBe(Math.max(...scores));
      const params = { timeframe: '1m', ...chosen?.values };
      const [again] = await pool.run([
        { params, span: { from: window.from, to: window.to, decideFrom: window.cut } },
      ]);
      expect(proof).toEqual(again);
    }
    const summary = summarise(forwards);
    const growth = forwards.reduce(
      (product, { proof }) => product * (1 + (proof?.figures.totalReturnPct ?? 0) / 100),
      1,
    );
    expect(summary.totalReturnPct).toBeCloseTo((growth - 1) * 100, 9);
    const { text, data } = walkReport(request, OPTIONS, forwards);
    expect(text).toContain('Efficiency');
    expect(data.forwards).toHaveLength(3);
  },
  TIMEOUT_MS,
);

test(
  'a report names the best, what was left out, what chance makes of it, and how to run it again',
  async () => {
    const result = await runSearch(request, pool, { span: null });
    const { text, data } = searchReport(request, result);
    expect(text).toContain('Tried 9 of 9 combinations');
    expect(text).toContain('Deflated Sharpe ratio');
    const [best] = data.best;
    expect(text).toContain(`backtest sma-cross --params '${JSON.stringify(best?.params)}'`);
    expect(best?.params).toEqual({ timeframe: '1m', ...best?.values });
    expect(data.all).toHaveLength(9);
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
  },
  TIMEOUT_MS,
);

test(
  'where nothing can be judged that is said, and nothing is proven',
  async () => {
    const strict = { ...request, minTrades: 10_000 };
    const { text, data } = searchReport(strict, await runSearch(strict, pool, { span: null }));
    expect(text).toContain('No combination could be judged');
    expect(data).toMatchObject({ best: [], unjudged: 9, significance: null });
    const forwards = await walkForward(strict, pool, { windows: windowsFor(problem, OPTIONS) });
    expect(forwards.map(({ chosen, proof }) => [chosen, proof])).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ]);
    expect(summarise(forwards)).toMatchObject({ totalReturnPct: 0, efficiency: null, trades: 0 });
  },
  TIMEOUT_MS,
);
