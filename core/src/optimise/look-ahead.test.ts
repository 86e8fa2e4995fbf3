import * as z from 'zod';
import type { BarSeries } from '../backtest/data.ts';
import {
  aConfig,
  aStrategy,
  anInstrument,
  MARKET,
  seriesOf,
  type Row,
} from '../backtest/testing.ts';
import { measure } from '../strategy/gate.ts';
import { defineStrategy, type Context, type StrategyDefinition } from '../strategy/strategy.ts';
import { diceOf } from './dice.ts';
import { findLookAhead } from './look-ahead.ts';
import type { Subject } from './trace.ts';
import { findWarmUpBias } from './warm-up.ts';

/** A random walk of one-minute bars. */
function walk(length: number, seed = 1, instrument = anInstrument()): BarSeries {
  const dice = diceOf(seed, 'bars');
  let price = 1_000;
  const rows = Array.from({ length }, (): Row => {
    const open = price;
    price = Math.round(price * (1 + (dice() - 0.5) * 0.01) * 100) / 100;
    return [
      open,
      Math.max(open, price) + 0.5,
      Math.min(open, price) - 0.5,
      price,
      1_000 * (0.5 + dice()),
    ];
  });
  return seriesOf(rows, instrument);
}

type Rule = (context: Context<object, object>, held: boolean) => number;

/** Enters when its rule is above zero, and leaves when it is not. */
const strategyOf = (rule: Rule, variants: readonly string[] = ['SMA_5']): StrategyDefinition =>
  defineStrategy<object, object>({
    id: 'examined',
    kind: 'module',
    version: '1',
    title: 'Examined',
    paramsSchema: z.strictObject({}),
    needs: () => ({
      timeframe: '1m',
      variants: { '1m': variants },
      windows: [],
      structure: [],
      warmupBars: 0,
    }),
    init: () => ({}),
    evaluate: (context) => {
      const held = context.facts.position !== null;
      const value = rule(context, held);
      const gate = measure({ gate: 'rule', reason: 'no_signal' }, held ? -value : value, ['>', 0]);
      const action = held ? 'EXIT' : 'ENTER';
      return {
        wish: !gate.passes
          ? null
          : {
              action,
              direction: 'LONG',
              signalType: held ? 'ZE1' : 'Z1',
              confidence: 1,
              score: held ? -1 : 1,
              reasons: ['rule'],
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

const subjectOf = (
  strategiesOn: (series: readonly BarSeries[]) => StrategyDefinition,
  series: readonly BarSeries[] = [walk(600)],
): Subject => ({
  config: aConfig({
    strategies: [
      aStrategy({
        strategy: { id: 'examined', params: {} },
        marketKeys: series.map(({ marketKey }) => marketKey),
        positionSize: { kind: 'cash', pct: 10 },
        maxPositions: 5,
      }),
    ],
  }),
  series,
  strategiesOn: (data) => {
    const strategy = strategiesOn(data);
    return () => strategy;
  },
});
const examine = (subject: Subject) => {
  const found = findLookAhead(subject, { shares: [0.5, 0.8], seed: 1 });
  if (!found.ok) throw new Error(found.error);
  return found.value;
};

const honest = strategyOf(({ value, bar }) => bar.close - (value('SMA_5') ?? Infinity));
/** Knows the close of the bar after the one it is shown: the whole series came with its definition. */
const cheating = ([series]: readonly BarSeries[]) =>
  strategyOf(({ bar }) => {
    const row = series?.openAt.indexOf(bar.openAt) ?? -1;
    return (series?.close[row + 1] ?? NaN) - bar.close;
  });

describe('look-ahead', () => {
  test('STR-94, STR-T13 an honest strategy decides the same whatever the future holds', () => {
    const { leaks, compared } = examine(subjectOf(() => honest));
    expect(leaks).toEqual([]);
    // The whole run again, three alterations at half and at four fifths.
    expect(compared).toBe(600 + 3 * 300 + 3 * 480);
  });

  test('STR-94 several markets are cut at the same time', () => {
    const other = anInstrument({
      marketKey: MARKET.replace('BTC', 'ETH'),
      symbol: 'ETH-USDT',
      base: 'ETH',
    });
    const series = [walk(600), walk(400, 2, other)];
    expect(examine(subjectOf(() => honest, series)).leaks).toEqual([]);
  });

  test('STR-94 a strategy that closes over the series it is tested on is caught, at the bar that it cheats on', () => {
    const { leaks } = examine(subjectOf(cheating));
    // It looks one bar ahead, so that only the bar before the cut can tell.
    expect(new Set(leaks.map(({ alteration }) => alteration))).toEqual(
      new Set(['truncated', 'shuffled', 'shifted']),
    );
    for (const leak of leaks)
      expect(leak).toMatchObject({
        what: 'decision',
        bars: 1,
        firstAt: leak.cutAt,
        marketKey: MARKET,
      });
  });

  test('STR-94 one that looks far ahead is caught over all the bars that it does so on', () => {
    const far = ([series]: readonly BarSeries[]) =>
      strategyOf(({ bar }) => (series?.close.at(-1) ?? NaN) - bar.close);
    const { leaks } = examine(subjectOf(far));
    const truncated = leaks.find(({ alteration }) => alteration === 'truncated');
    expect(truncated?.bars).toBeGreaterThan(10);
  });

  test('STR-02 one that remembers an earlier run is caught by running it again', () => {
    const known = new Map<number, number>();
    let before = NaN;
    const memorising = strategyOf(({ bar }) => {
      const next = known.get(bar.openAt);
      known.set(before, bar.close);
      before = bar.openAt;
      return next === undefined ? 0 : next - bar.close;
    });
    const { leaks } = examine(subjectOf(() => memorising));
    expect(leaks.map(({ alteration }) => alteration)).toContain('again');
  });

  test('what is wrong with the inputs is said', () => {
    const subject = { ...subjectOf(() => honest), series: [] };
    expect(findLookAhead(subject, { shares: [0.5], seed: 1 })).toMatchObject({ ok: false });
  });
});

describe('warm-up', () => {
  const late = (strategy: StrategyDefinition, starts: readonly number[], tolerance = 1e-3) => {
    const found = findWarmUpBias(
      subjectOf(() => strategy),
      { starts, tolerance },
    );
    if (!found.ok) throw new Error(found.error);
    return found.value;
  };
  const above =
    (name: string): Rule =>
    ({ value, bar }) =>
      bar.close - (value(name) ?? Infinity);

  test('an average over a window is the same as soon as its window is full', () => {
    const [start] = late(strategyOf(above('SMA_20'), ['SMA_20']), [100]);
    const [sma] = start?.variants ?? [];
    expect(sma).toMatchObject({ name: 'SMA_20@1m', readyAfterBars: 19, convergedAfterBars: 19 });
    expect(sma?.largest).toBeLessThan(1e-12);
  });

  test('an exponential average differs after its warm-up and converges; a longer one later', () => {
    const names = ['EMA_10', 'EMA_50'];
    const [start] = late(strategyOf(above('EMA_10'), names), [150], 1e-5);
    const [short, long] = start?.variants ?? [];
    expect(short?.largest).toBeGreaterThan(1e-5);
    expect(short?.convergedAfterBars).toBeGreaterThan(short?.readyAfterBars ?? Infinity);
    expect(long?.convergedAfterBars).toBeGreaterThan(short?.convergedAfterBars ?? Infinity);
  });

  test('what never converges is told from what does: a sum since the begin', () => {
    const [start] = late(strategyOf(above('OBV'), ['OBV']), [200]);
    expect(start?.variants[0]?.convergedAfterBars).toBeNull();
    expect(start?.decisionsDiffer).toBeGreaterThan(0);
  });

  test('decisions agree again once the two hold the same', () => {
    const [start] = late(strategyOf(above('SMA_5'), ['SMA_5']), [100]);
    expect(start?.decisionsAgreeAfterBars).toBeLessThan(100);
  });
});
