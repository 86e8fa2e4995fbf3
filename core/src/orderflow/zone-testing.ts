import type { Bar } from '../market/bar.ts';
import { TIMEFRAMES } from '../market/market.ts';
import { barAt, GRID } from './profile-testing.ts';
import { liveZones, zonesInit, zonesNext, type ZonesState } from './zones.ts';

// Bars that the tests of zones share.

export type Ohlc = readonly [open: number, high: number, low: number, close: number];
export const told = ([open, high, low, close]: Ohlc, more: Partial<Bar> = {}) => ({
  open,
  high,
  low,
  close,
  ...more,
});

/** Feeds bars in a row with an ATR of 10 ticks; returns the state and all changes. */
export function feed(
  bars: readonly (Partial<Bar> & Pick<Bar, 'close'>)[],
  given: { readonly state?: ZonesState; readonly from?: number; readonly atr?: number } = {},
) {
  const state = given.state ?? zonesInit('1m');
  const changes = bars.flatMap((bar, i) => {
    const openAt = ((given.from ?? 0) + i) * TIMEFRAMES[state.timeframe];
    return zonesNext(state, barAt(openAt, bar), { atr: given.atr ?? 10, grid: GRID });
  });
  return { state, changes, zones: liveZones(state) };
}
