import fc from 'fast-check';
import { gapsInit, gapsNext, isGapScored, liveGaps } from '../orderflow/fair-value-gap.ts';
import { zonesInit, zonesNext, liveZones } from '../orderflow/zones.ts';
import { uniform } from '../simulation/random.ts';
import type { EngineBar } from './bar.ts';
import { restore, stored } from './restore.ts';
import { STRUCTURE_PARTS, type StructureNeed } from './structure-state.ts';
import type { StructureView } from './structure.ts';
import { bar, feed, watching, type Look } from './testing.ts';

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

  test('STR-54 what a longer timeframe says holds until its next bar has closed', () => {
    const need: StructureNeed = { timeframe: '15m', parts: ['profile'] };
    const { engine, seen } = watching([need], ({ structure }) => structure('15m')?.profile);
    const state = engine.init();
    const told: string[] = [];
    for (const each of walk(5, 240)) {
      feed(engine, state, each);
      told.push(JSON.stringify(seen.last ?? null));
    }
    const changes = told.flatMap((text, minute) =>
      minute > 0 && text !== told[minute - 1] ? [minute % 15] : [],
    );
    expect(changes.length).toBeGreaterThan(5);
    expect(new Set(changes)).toEqual(new Set([14]));
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
