import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { epochMs } from '../lib/time.ts';
import { price, qty } from '../lib/units.ts';
import { SERIES } from './bar.ts';
import { cascadeAdd, cascadeAdvance, cascadeInit } from './cascade.ts';
import { tickOf } from './convert.ts';
import { gridOf } from './grid.ts';
import { outlierInit, outlierNext } from './outlier.ts';
import { collector, NAMES } from './testing.ts';
import type { Tick } from './tick.ts';

const path = join(
  process.env['TRADEWIND_DATA'] ?? 'data',
  'trades_binance_usdm_btcusdt_20200222.csv.gz',
);

/** BTCUSDT of two hours of 2020, as the venue sent them. */
const recorded = (): Tick[] => {
  const grid = gridOf({ tickSize: price('0.01'), lotSize: qty('0.001') });
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n').slice(1);
  return lines.map((line) => {
    const [at, , id = '', px = '', size = '', side] = line.split(',');
    const made = tickOf(
      {
        marketKey: 'binance_futures_BTC-USDT',
        tradeId: id,
        price: price(px),
        size: qty(size),
        side: side === 'buy' ? 'buy' : 'sell',
        at: epochMs(Number(at)),
      },
      grid,
    );
    if (made === undefined) throw new Error(`Invariant: trade ${id} is on the grid`);
    return made;
  });
};

const withData = existsSync(path) ? test : test.skip;

withData(
  'MD-41 bars of recorded trades are the sums that grouping them gives, and none is odd',
  () => {
    const ticks = recorded();
    const { bars, sink } = collector();
    const state = cascadeInit();
    const guard = outlierInit(0.1);
    for (const each of ticks) {
      expect(outlierNext(guard, each, () => undefined)).toBe('passed');
      expect(cascadeAdd(state, each, sink)).toBe('taken');
    }
    cascadeAdvance(state, (ticks.at(-1)?.at ?? 0) + 2 * SERIES['1h'], sink);
    for (const series of NAMES) {
      const groups = new Map<number, Tick[]>();
      for (const each of ticks) {
        const openAt = each.at - (each.at % SERIES[series]);
        groups.set(openAt, [...(groups.get(openAt) ?? []), each]);
      }
      const traded = bars[series].filter(({ trades }) => trades > 0);
      expect(traded.map(({ openAt }) => openAt)).toEqual([...groups.keys()].sort((a, b) => a - b));
      for (const { openAt, volume, buyVolume, high, low, trades } of traded) {
        const own = groups.get(openAt) ?? [];
        const lots = (of: readonly Tick[]): number => of.reduce((sum, { size }) => sum + size, 0);
        const prices = own.map((each) => each.price);
        expect({ volume, buyVolume, high, low, trades }).toEqual({
          volume: lots(own),
          buyVolume: lots(own.filter(({ isBuy }) => isBuy)),
          high: Math.max(...prices),
          low: Math.min(...prices),
          trades: own.length,
        });
      }
    }
  },
);

/** SHA-256 of all bars of a replay whose clock goes on by `speed` × 250 ms between two deliveries. */
function checksum(ticks: readonly Tick[], speed: number): string {
  const { bars, sink } = collector();
  const state = cascadeInit();
  const end = (ticks.at(-1)?.at ?? 0) + 2 * SERIES['1h'];
  let next = 0;
  let before = ticks[0]?.at ?? 0;
  while (before < end) {
    const now = Math.min(end, before + speed * 250);
    for (let tick = ticks[next]; tick !== undefined && tick.at <= now; tick = ticks[next]) {
      cascadeAdd(state, tick, sink);
      next += 1;
    }
    // What the clock said at the delivery before: trades need time to arrive.
    cascadeAdvance(state, before, sink);
    before = now;
  }
  cascadeAdvance(state, end, sink);
  return createHash('sha256').update(JSON.stringify(bars)).digest('hex');
}

withData('MD-93 a replay gives the same bars at any speed of its clock', () => {
  const ticks = recorded();
  const asFastAsPossible = checksum(ticks, Infinity);
  for (const speed of [1, 60, 1_000]) expect(checksum(ticks, speed)).toBe(asFastAsPossible);
});
