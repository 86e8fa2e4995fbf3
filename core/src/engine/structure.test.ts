import fc from 'fast-check';
import * as z from 'zod';
import { epochMs } from '../lib/time.ts';
import { money } from '../lib/units.ts';
import type { Timeframe } from '../market/market.ts';
import { gapsInit, gapsNext, isGapScored, liveGaps } from '../orderflow/fair-value-gap.ts';
import { zonesInit, zonesNext, liveZones } from '../orderflow/zones.ts';
import { uniform } from '../simulation/random.ts';
import { require } from '../strategy/gate.ts';
import { defineStrategy, type Context } from '../strategy/strategy.ts';
import type { EngineBar } from './bar.ts';
import { createEngine, type Engine } from './decide.ts';
import type { EngineState } from './engine.ts';
import type { Facts } from './facts.ts';
import { restore, stored } from './restore.ts';
import { STRUCTURE_PARTS, type StructureNeed } from './structure-state.ts';
import type { StructureView } from './structure.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 5);

const facts: Facts = {
  position: null,
  pendingOrder: false,
  lastFill: null,
  availableQuote: money('1000'),
  entryBlock: null,
  stale: false,
  dataQuality: 1,
  warmup: false,
};

type Look = (context: Context<object, object>) => unknown;

/** An engine that only looks, and what it saw last. */
function watching(structure: readonly StructureNeed[], look: Look) {
  const seen: { last: unknown } = { last: undefined };
  const definition = defineStrategy<object, object>({
    id: 'watch',
    kind: 'module',
    version: '1',
    title: 'Watch',
    paramsSchema: z.strictObject({}),
    needs: () => ({ timeframe: '1m', variants: {}, windows: [], structure, warmupBars: 0 }),
    init: () => ({}),
    evaluate: (context) => {
      seen.last = look(context);
      return {
        wish: null,
        gates: [require({ gate: 'watch', reason: 'no_signal' }, true, false)],
        view: null,
      };
    },
  });
  const strategy = definition.prepare({});
  if (!strategy.ok) throw new Error(strategy.error);
  const engine = createEngine({
    bookId: 'book',
    strategyId: 'one',
    marketKey: 'binance_spot_BTC-USDT',
    symbol: 'BTC-USDT',
    grid: { tickSize: 0.01, lotSize: 0.001 },
    base: '1m',
    strategy: strategy.value,
    positionSizeQuote: money('100'),
  });
  return { engine, seen };
}

const bar = (minute: number, change: Partial<EngineBar> = {}): EngineBar => ({
  openAt: START + minute * MINUTE,
  open: 100,
  high: 100.5,
  low: 99.5,
  close: 100,
  volume: 10,
  buyVolume: 5,
  trades: 40,
  buyTrades: 20,
  incomplete: false,
  ...change,
});

const feed = (engine: Engine, state: EngineState, each: EngineBar) =>
  engine.decide(state, { kind: 'bar', bar: each, facts }, epochMs(each.openAt + MINUTE));

/** A walk in whole ticks whose bars have wicks, bases and gaps. */
function walk(seed: number, bars: number): EngineBar[] {
  let draw = uniform(seed);
  const random = (): number => {
    draw = uniform(draw.seed);
    return draw.value;
  };
  let ticks = 10_000;
  return Array.from({ length: bars }, (_, minute) => {
    const open = ticks;
    ticks = Math.max(1_000, ticks + Math.round((random() - 0.5) * 60));
    const high = Math.max(open, ticks) + Math.round(random() * 40);
    const low = Math.min(open, ticks) - Math.round(random() * 40);
    const volume = 1 + Math.round(random() * 1_000);
    return bar(minute, {
      open: open / 100,
      high: high / 100,
      low: low / 100,
      close: ticks / 100,
      volume: volume / 1_000,
      buyVolume: Math.round(volume * random()) / 1_000,
      trades: 30 + Math.round(random() * 30),
    });
  });
}

const ALL: readonly StructureNeed[] = (['1m', '5m', '15m', '1h'] as const).map((timeframe) => ({
  timeframe,
  parts: STRUCTURE_PARTS,
}));

const PARTS = [
  'zones',
  'gaps',
  'profile',
  'regime',
  'reversion',
  'volumeSpike',
  'imbalance',
  'flow',
  'drift',
] as const satisfies readonly (keyof StructureView)[];

const everything: Look = ({ structure }) =>
  ALL.map(({ timeframe }) => {
    const view = structure(timeframe);
    return PARTS.map((part) => view?.[part] ?? null);
  });

describe('structure of closed bars', () => {
  test('is what the order-flow functions say of the same bars, on the grid of the market', () => {
    const need: StructureNeed = { timeframe: '1m', parts: ['zones', 'gaps'] };
    const { engine, seen } = watching([need], ({ structure, value }) => ({
      view: structure('1m'),
      atr: value('ATR_14'),
    }));
    const state = engine.init();
    const [zones, gaps] = [zonesInit('1m'), gapsInit('1m')];
    const grid = { tickSize: 0.01 };
    for (const each of walk(1, 1_500)) {
      feed(engine, state, each);
      const { atr } = seen.last as { atr: number | undefined };
      const ticks = (px: number) => Math.round(px * 100);
      const steps = {
        ...each,
        open: ticks(each.open),
        high: ticks(each.high),
        low: ticks(each.low),
        close: ticks(each.close),
        volume: Math.round(each.volume * 1_000),
        buyVolume: 0,
        turnover: 0,
        buyTrades: 0,
        gapFilled: false,
      };
      zonesNext(zones, steps, { atr, grid });
      gapsNext(gaps, steps, { atr, grid });
    }
    const { view } = seen.last as { view: StructureView };
    const expected = liveZones(zones);
    expect(expected.length).toBeGreaterThan(5);
    expect(view.zones).toEqual(
      expected.map(({ zoneId, type, low, high, strength, testCount }) => ({
        zoneId,
        type,
        low: low / 100,
        high: high / 100,
        strength,
        testCount,
      })),
    );
    const open = liveGaps(gaps).filter(isGapScored);
    expect(open.length).toBeGreaterThan(0);
    expect(view.gaps).toEqual(
      open.map(({ type, low, high }) => ({ type, low: low / 100, high: high / 100 })),
    );
  });

  test('STR-02 a state that was stored and restored goes on to say the same', () => {
    const bars = walk(2, 1_400);
    const { engine, seen } = watching(ALL, everything);
    const straight = engine.init();
    for (const each of bars) feed(engine, straight, each);
    const expected = seen.last;
    let state = engine.init();
    for (const [index, each] of bars.entries()) {
      if (index % 400 === 399) {
        const again = restore(engine, stored(engine, state));
        if (!again.ok) throw new Error(again.error);
        state = again.value;
      }
      feed(engine, state, each);
    }
    expect(seen.last).toEqual(expected);
  });

  test('prop: STR-94 nothing that comes later changes what was said', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), (seed) => {
        const { engine, seen } = watching(ALL, everything);
        const said = (bars: readonly EngineBar[]) => {
          const state = engine.init();
          for (const each of bars) feed(engine, state, each);
          return JSON.stringify(seen.last);
        };
        const past = walk(seed, 150);
        const other = walk(seed + 1, 300).slice(150);
        const state = engine.init();
        let before = '';
        for (const each of [...past, ...other]) {
          feed(engine, state, each);
          if (each === past.at(-1)) before = JSON.stringify(seen.last);
        }
        expect(before).toBe(said(past));
      }),
      { numRuns: 4 },
    );
  });

  test('STR-08 a part that was not asked for is a fault, as is a timeframe', () => {
    const need: StructureNeed = { timeframe: '5m', parts: ['zones'] };
    const faults = (look: Look) => {
      const { engine } = watching([need], look);
      const state = engine.init();
      const told = [0, 1, 2, 3, 4].map((minute) => feed(engine, state, bar(minute)).audit.fault);
      return told.find((fault) => fault !== null) ?? null;
    };
    expect(faults(({ structure }) => structure('5m')?.zones)).toBeNull();
    expect(faults(({ structure }) => structure('5m')?.profile)).toMatch('profile of 5m is not');
    expect(faults(({ structure }) => structure('15m'))).toMatch('structure of 15m is not');
  });

  test('there is none before the first closed bar of its timeframe', () => {
    const need: StructureNeed = { timeframe: '5m', parts: ['regime'] };
    const { engine, seen } = watching([need], ({ structure }) => structure('5m') !== undefined);
    const state = engine.init();
    const told = [0, 1, 2, 3, 4].map((minute) => {
      feed(engine, state, bar(minute));
      return seen.last;
    });
    expect(told).toEqual([false, false, false, false, true]);
  });
});

describe('flow of closed bars', () => {
  const flow = (timeframe: Timeframe): StructureNeed => ({ timeframe, parts: ['flow'] });
  const told = (bars: readonly EngineBar[], look: Look): unknown => {
    const { engine, seen } = watching([flow('1m'), flow('5m'), flow('15m')], look);
    const state = engine.init();
    for (const each of bars) feed(engine, state, each);
    return seen.last;
  };
  const ratios: Look = ({ structure }) =>
    (['1m', '5m', '15m'] as const).map((timeframe) => structure(timeframe)?.imbalance);
  const quiet = Array.from({ length: 14 }, (_, minute) => bar(minute));

  test('STR-52 ratios look back as far as their timeframe is long, whole lots at a time', () => {
    // 0.4 bought of 0.6: in floats 0.4 / (0.6 - 0.4) is above 2.
    const last = bar(14, { volume: 0.6, buyVolume: 0.4 });
    expect(told([...quiet, last], ratios)).toEqual([2, 20.4 / 20.2, 70.4 / 70.2]);
  });

  test('IND-47 nothing sold is 10, nothing traded is no ratio', () => {
    expect(told([...quiet, bar(14, { volume: 1, buyVolume: 1 })], ratios)).toEqual([
      10,
      21 / 20,
      71 / 70,
    ]);
    expect(told([...quiet, bar(14, { volume: 0, buyVolume: 0 })], ratios)).toEqual([
      undefined,
      1,
      1,
    ]);
  });

  test.each([
    ['does not tell what was bought', { buyVolume: null }],
    ['is known to lack trades', { incomplete: true }],
  ])('a bar that %s leaves no ratio over it, never a default', (_, change) => {
    const bars = [...quiet.slice(0, 7), bar(7, change), ...quiet.slice(8), bar(14)];
    expect(told(bars, ratios)).toEqual([1, 1, undefined]);
  });

  test('nor does one that is missing', () => {
    const bars = [...quiet.filter((_, minute) => minute !== 12), bar(14)];
    const { engine, seen } = watching([flow('1m')], ({ structure }) => structure('1m')?.imbalance);
    const state = engine.init();
    for (const each of bars) feed(engine, state, each);
    expect(seen.last).toBe(1);
    expect(told([...quiet.slice(0, 9), ...quiet.slice(10), bar(14)], ratios)).toEqual([
      1,
      1,
      undefined,
    ]);
  });

  test('IND-52 the last minute is told with its move, its pace and the usual one', () => {
    const last = bar(15, {
      high: 101,
      close: 101,
      volume: 12,
      buyVolume: 9,
      trades: 100,
      buyTrades: 70,
    });
    const bars = [...quiet, bar(14), last];
    expect(told(bars, ({ structure }) => structure('1m')?.flow)).toEqual({
      volume: 12_000,
      bought: 9_000,
      trades: 100,
      buys: 70,
      move: 1,
      atr: 14.5 / 14,
      tradeRate: 100 / 60,
      meanTradeRate: (14 * 40 + 100) / 900,
    });
  });

  test('the drift of an hour is told once there is an hour', () => {
    const hour = Array.from({ length: 60 }, (_, minute) =>
      bar(minute, { close: 100 + minute / 100 }),
    );
    const drift: Look = ({ structure }) => structure('1m')?.drift;
    expect(told(hour, drift)).toBeUndefined();
    expect(told([...hour, bar(60, { close: 99 })], drift)).toBe(-1);
  });
});
