import type { Bar, SeriesName } from './bar.ts';
import type { BarSink } from './cascade.ts';
import { SERIES_NAMES } from './series.ts';
import type { Tick } from './tick.ts';

/** The start of an hour. */
export const T0 = 1_699_999_200_000;

/** A trade at `T0 + at`; its id is its time unless told. */
export const tick = (rough: Partial<Tick> & { readonly at: number }): Tick => ({
  id: rough.at,
  price: 100,
  size: 1,
  isBuy: true,
  ...rough,
  at: T0 + rough.at,
});

/** Collects what a cascade hands out. */
export function collector(): { readonly bars: Record<SeriesName, Bar[]>; readonly sink: BarSink } {
  const bars: Record<SeriesName, Bar[]> = {
    '1s': [],
    '15s': [],
    '1m': [],
    '5m': [],
    '15m': [],
    '1h': [],
  };
  return { bars, sink: (series, bar) => bars[series].push(bar) };
}

/** Names of all series, for tables of cases. */
export const NAMES: readonly SeriesName[] = SERIES_NAMES;
