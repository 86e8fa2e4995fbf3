import { epochMs } from '../lib/time.ts';
import { price, qty } from '../lib/units.ts';
import type { Bar, SeriesName } from '../market/bar.ts';
import { candleOf } from '../market/convert.ts';
import { gridOf, type Grid } from '../market/grid.ts';
import type { Candle } from '../market/market.ts';
import type { Tick } from '../market/tick.ts';
import {
  analyticsAdvance,
  analyticsInit,
  analyticsTick,
  analyticsView,
  type AnalyticsState,
} from './analytics.ts';
import type { AnalyticsConfig } from './config.ts';

/** 2023-11-15, 10:00 UTC. */
export const START = 1_700_042_400_000;
export const GRID: Grid = gridOf({ tickSize: price('0.01'), lotSize: qty('0.001') });

/** Analytics of one market that have seen nothing. */
export const fresh = (config: Partial<AnalyticsConfig> = {}): AnalyticsState =>
  analyticsInit({ marketKey: 'sandbox:spot:BTC-USDT', grid: GRID, config });

/** A walk of trades: one every `everyMs` on average, in the venue's order, the same for the same `seed`. */
export function walk(
  seconds: number,
  { everyMs = 400, seed = 1 }: { readonly everyMs?: number; readonly seed?: number } = {},
): Tick[] {
  let state = seed;
  const random = (below: number): number => {
    // Park and Miller's generator: good enough for a made-up market.
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  const ticks: Tick[] = [];
  let at = START;
  let level = 100_000;
  for (let id = 1; at < START + seconds * 1_000; id += 1) {
    level += random(41) - 20;
    ticks.push({ id, at, price: level, size: 1 + random(900), isBuy: random(5) < 3 });
    // Every fourth trade shares its millisecond with the next.
    at += random(4) === 0 ? 0 : 1 + random(everyMs * 2);
  }
  return ticks.filter((tick) => tick.at < START + seconds * 1_000);
}

/** A closed bar as text, with its series. */
export const barText = (series: SeriesName, bar: Bar): string => `${series} ${JSON.stringify(bar)}`;

/** Feeds trades, and hands out the bars that closed. */
export function feed(state: AnalyticsState, ticks: readonly Tick[]): string[] {
  const bars: string[] = [];
  for (const tick of ticks)
    analyticsTick(state, tick, (series, bar) => bars.push(barText(series, bar)));
  return bars;
}

/** Closes what is due at `now`, and hands it out. */
export function advance(state: AnalyticsState, now: number): string[] {
  const bars: string[] = [];
  analyticsAdvance(state, now, (series, bar) => bars.push(barText(series, bar)));
  return bars;
}

/** A view as text: whatever is told differently is another text. */
export const viewText = (state: AnalyticsState, now: number): string =>
  JSON.stringify(analyticsView(state, now), (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );

/** The state as it comes back from a store. */
export const restored = (state: AnalyticsState): AnalyticsState =>
  JSON.parse(JSON.stringify(state)) as AnalyticsState;

/** Closed minutes from before {@link START}, oldest first: a slow wave with volume. */
export function minutes(count: number, change: Partial<Candle> = {}): Candle[] {
  return Array.from({ length: count }, (_, index) => {
    const openAt = START - (count - index) * 60_000;
    const level = 100_000 + Math.round(3_000 * Math.sin(index / 40)) + ((index * 7_919) % 97);
    const bar: Bar = {
      openAt,
      open: level,
      high: level + 60,
      low: level - 60,
      close: level + 10,
      volume: 10_000,
      buyVolume: 6_000,
      turnover: 10_000 * level,
      trades: 100,
      buyTrades: 60,
      gapFilled: false,
      incomplete: false,
    };
    return { ...candleOf(bar, GRID), openAt: epochMs(openAt), ...change };
  });
}
