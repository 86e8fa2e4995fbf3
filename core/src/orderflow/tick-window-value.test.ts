import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Tick } from '../market/tick.ts';
import { samplesInit } from './tick-volatility.ts';
import { minTradesFor, windowWait } from './tick-window-ready.ts';
import { tapeOf, ticksOf } from '../../test/ticks.ts';
import { reachOf, tickValue, tickWait, type TickBase } from './tick-window-value.ts';

const FILE = join(
  process.env['TRADEWIND_DATA'] ?? 'data',
  'trades_binance_btc_eth_spot_usdm_coinm_20240808.csv.gz',
);
const recorded = existsSync(FILE) ? test : test.skip;

/** Spot trades of BTC in steps of 0.01 and 0.00001, in the venue's order. */
function recordedTicks(): Tick[] {
  const [, ...lines] = gunzipSync(readFileSync(FILE)).toString('utf8').trim().split('\n');
  return lines
    .map((line) => line.split(','))
    .filter((cells) => cells[2] === 'spot' && cells[3] === 'BTCUSDT')
    .map(([at, , , , id, price, size, side]) => ({
      id: Number(id),
      at: Number(at),
      price: Math.round(Number(price) * 100),
      size: Math.round(Number(size) * 100_000),
      isBuy: side === 'buy',
    }));
}

/** The definitions of IND-32 to IND-38 read trade by trade. */
function brute(ticks: readonly Tick[], now: number) {
  const priceAt = (at: number) => ticks.findLast((tick) => tick.at <= at)?.price ?? NaN;
  const inside = (ago: number, until: number) =>
    ticks.filter(({ at }) => at > now - ago * 1_000 && at <= now - until * 1_000);
  const volume = (ago: number, until: number) =>
    inside(ago, until).reduce((sum, { size }) => sum + size, 0);
  const twpa = (ago: number, until: number) => {
    const changes = [
      { at: now - ago * 1_000, price: priceAt(now - ago * 1_000) },
      ...inside(ago, until),
      { at: now - until * 1_000, price: NaN },
    ];
    let area = 0;
    for (let index = 1; index < changes.length; index += 1) {
      const [before, after] = [changes[index - 1], changes[index]];
      if (before !== undefined && after !== undefined)
        area += before.price * (after.at - before.at);
    }
    return area / ((ago - until) * 1_000);
  };
  const held = (ago: number) => [
    priceAt(now - ago * 1_000),
    ...inside(ago, 0).map(({ price }) => price),
  ];
  const [price, low, high] = [priceAt(now), Math.min(...held(120)), Math.max(...held(120))];
  return {
    TWPA: twpa(120, 30),
    VOLUME_SURGE: volume(30, 0) / 30 / (volume(120, 30) / 90),
    PUMP_MAGNITUDE: (100 * (price - low)) / low,
    DUMP_MAGNITUDE: (100 * (high - price)) / high,
    MOMENTUM: (100 * (priceAt(now - 30_000) - priceAt(now - 120_000))) / priceAt(now - 120_000),
    VELOCITY: (100 * (twpa(30, 0) - twpa(120, 30))) / twpa(120, 30) / 60,
    TRADE_RATE: inside(120, 30).length / 90,
  };
}

const WINDOWS = {
  TWPA: { t1: 120, t2: 30 },
  VOLUME_SURGE: { t1: 30, t2: 90 },
  PUMP_MAGNITUDE: { t1: 120, t2: 0 },
  DUMP_MAGNITUDE: { t1: 120, t2: 0 },
  MOMENTUM: { t1: 120, t2: 30 },
  VELOCITY: { t1: 30, t2: 90 },
  TRADE_RATE: { t1: 120, t2: 30 },
} as const satisfies Partial<Record<TickBase, { t1: number; t2: number }>>;

recorded(
  'IND-32 to IND-38 agree with their definitions on recorded trades, at any millisecond',
  () => {
    const ticks = recordedTicks();
    const first = ticks[0]?.at ?? 0;
    for (let index = 0; index < 12; index += 1) {
      const now = first + 130_000 + index * 41_337;
      const seen = ticks.filter(({ at }) => at <= now);
      const sources = { tape: tapeOf(seen), samples: samplesInit(3_600) };
      const expected = brute(seen, now);
      for (const base of Object.keys(WINDOWS) as (keyof typeof WINDOWS)[]) {
        const value = tickValue(sources, { base, ...WINDOWS[base] }, now) ?? NaN;
        const tolerance = 1e-9 * Math.max(1, Math.abs(expected[base]));
        expect({ base, isEqual: Math.abs(value - expected[base]) <= tolerance }).toEqual({
          base,
          isEqual: true,
        });
      }
    }
  },
);

describe('readiness', () => {
  test.each([
    [15, 30],
    [60, 60],
    [150, 60],
    [200, 200],
    [300, 200],
    [1_200, 500],
    [3_600, 1_500],
    [40_000, 1_500],
  ])(
    'IND-41 a window of %p s needs the %p trades of the timeframe nearest to it',
    (seconds, trades) => {
      expect(minTradesFor(seconds * 1_000)).toBe(trades);
    },
  );

  const START = 1_700_000_000_000;
  const trades = (count: number, everyMs: number) =>
    tapeOf(ticksOf(Array.from({ length: count }, (_, index) => [START + index * everyMs, 100])));

  test('IND-41 a window waits for 95 % of its length and for its trades, and says for which', () => {
    const span = (length: number, now: number) => ({ from: now - length, to: now });
    const busy = trades(500, 100);
    expect(windowWait(busy, span(60_000, START + 56_999))).toBe('94 % of 60 s covered, needs 95 %');
    expect(windowWait(busy, span(60_000, START + 57_000))).toBeUndefined();
    const quiet = trades(60, 1_000);
    expect(windowWait(quiet, span(60_000, START + 59_999))).toBeUndefined();
    expect(windowWait(quiet, span(60_000, START + 60_000))).toBe('59 of 60 trades in 60 s');
  });

  test('IND-33 IND-36 what compares two windows waits for both', () => {
    const surge = { base: 'VOLUME_SURGE', t1: 30, t2: 270 } as const;
    expect(reachOf(surge)).toBe(300);
    expect(reachOf({ base: 'TWPA', t1: 300, t2: 60 })).toBe(300);
    const sources = { tape: trades(500, 100), samples: samplesInit(60) };
    expect(tickWait(sources, surge, START + 50_000)).toContain('of 300 s covered');
    expect(tickWait(sources, { base: 'TWPA', t1: 40, t2: 10 }, START + 50_000)).toBeUndefined();
  });
});
