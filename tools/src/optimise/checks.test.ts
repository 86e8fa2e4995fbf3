import { measure } from '@tradewind/core/strategy/gate';
import { defineStrategy, type StrategyDefinition } from '@tradewind/core/strategy/strategy';
import type { BarSeries } from '@tradewind/core/backtest/data';
import { smaCross } from '@tradewind/strategies/sma-cross';
import * as z from 'zod';
import { aConfig, aSeries } from './testing/market.ts';
import { strategyById } from './testing/strategies.ts';
import { validate } from './validate.ts';

const OPTIONS = { seed: 1, runs: 300, ruinPct: 50, tolerance: 0.001 };
const series = [aSeries(3_000)];
const problem = {
  selection: null,
  definition: smaCross,
  params: {},
  config: aConfig('sma-cross', { fast: 5, slow: 30 }),
  series,
};
const silent = { say: () => undefined };

/** Holds whenever the bar after the one it is shown closes higher: its series came with its definition. */
const foreseeing = ([data]: readonly BarSeries[]): StrategyDefinition =>
  defineStrategy<object, object>({
    id: 'sma-cross',
    kind: 'module',
    version: '1',
    title: 'Foreseeing',
    paramsSchema: z.looseObject({}),
    needs: () => ({ timeframe: '1m', variants: {}, windows: [], structure: [], warmupBars: 0 }),
    init: () => ({}),
    evaluate: ({ bar, facts }) => {
      const isHeld = facts.position !== null;
      const row = data?.openAt.indexOf(bar.openAt) ?? -1;
      const rise = (data?.close[row + 3] ?? 0) / bar.close - 1;
      const gate = measure({ gate: 'rise', reason: 'no_signal' }, isHeld ? -rise : rise, [
        '>',
        0.001,
      ]);
      return {
        wish: !gate.passes
          ? null
          : {
              action: isHeld ? 'EXIT' : 'ENTER',
              direction: 'LONG',
              signalType: isHeld ? 'ZE1' : 'Z1',
              confidence: 1,
              score: 1,
              reasons: ['it will rise'],
              indicatorValues: {},
              suggestedStop: null,
              suggestedTarget: null,
              suggestedQuote: null,
              ttlMs: 60_000,
            },
        gates: [gate],
        view: null,
      };
    },
  });

test('every check says what it found, in words and as data', () => {
  const { data, text } = validate(problem, OPTIONS, {
    ...silent,
    strategiesOn: () => strategyById,
  });
  expect(data.checks.map(({ name, passes }) => [name, passes])).toEqual([
    ['Look-ahead', true],
    ['Warm-up', true],
    ['Monte Carlo', true],
    // The market trends, and the crossover follows.
    ['Entries', true],
  ]);
  expect(text).toContain('none: ');
  expect(text).toContain('Nothing here speaks against it');
});

test('STR-94 a strategy that knows the future is told from a very good one', () => {
  const strategiesOn = (data: readonly BarSeries[]) => {
    const strategy = foreseeing(data);
    return () => strategy;
  };
  const { ok, data, text } = validate(problem, OPTIONS, { ...silent, strategiesOn });
  expect(ok).toBe(false);
  // Its entries are too good to be true.
  expect(data.checks.find(({ name }) => name === 'Entries')?.passes).toBe(true);
  expect(data.checks.find(({ name }) => name === 'Look-ahead')?.passes).toBe(false);
  expect(text).toContain('Speaks against it: look-ahead');
});

test('STR-95 the same seed gives the same verdict, to the last digit', () => {
  const again = () => JSON.stringify(validate(problem, OPTIONS, silent));
  expect(again()).toBe(again());
});

test('a strategy that never trades has nothing to say for itself', () => {
  const config = aConfig('misbehaving', { way: 'behaves' });
  const { data } = validate({ ...problem, config }, OPTIONS, {
    ...silent,
    strategiesOn: () => strategyById,
  });
  expect(data.checks.filter(({ passes }) => !passes).map(({ name }) => name)).toEqual([
    'Monte Carlo',
    'Entries',
  ]);
});
