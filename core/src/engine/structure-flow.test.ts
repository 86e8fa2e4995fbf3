import type { Timeframe } from '../market/market.ts';
import type { EngineBar } from './bar.ts';
import type { StructureNeed } from './structure-state.ts';
import { bar, feed, watching, type Look } from './testing.ts';

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
