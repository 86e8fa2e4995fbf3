import type { Bar } from '../market/bar.ts';
import type { Grid } from '../market/grid.ts';
import { price, qty } from '../lib/units.ts';

// Bars and trades that the tests of this folder share.

/** A grid on which prices in ticks and in quote currency are the same numbers. */
export const GRID: Grid = { tick: price('1'), lot: qty('1'), tickSize: 1, lotSize: 1 };

export const MINUTE = 60_000;

/** A trade in steps. */
export type TestTrade = { readonly at: number; readonly price: number; readonly size: number };

/** A closed bar with one trade's worth of counts; everything else as told. */
export const barAt = (openAt: number, told: Partial<Bar> & Pick<Bar, 'close'>): Bar => {
  const open = told.open ?? told.close;
  return {
    openAt,
    open,
    high: Math.max(open, told.close),
    low: Math.min(open, told.close),
    volume: 10,
    buyVolume: 5,
    turnover: 0,
    trades: 1,
    buyTrades: 1,
    gapFilled: false,
    incomplete: false,
    ...told,
  };
};

/** The bar of the trades that lie in `[openAt, openAt + length)`; flat at `last` when there are none. */
export function barOfTrades(
  trades: readonly TestTrade[],
  {
    openAt,
    length,
    last,
  }: { readonly openAt: number; readonly length: number; readonly last: number },
): Bar {
  const inside = trades.filter(({ at }) => at >= openAt && at < openAt + length);
  const prices = inside.map((trade) => trade.price);
  return barAt(openAt, {
    open: prices[0] ?? last,
    high: prices.length === 0 ? last : Math.max(...prices),
    low: prices.length === 0 ? last : Math.min(...prices),
    close: prices.at(-1) ?? last,
    volume: inside.reduce((sum, { size }) => sum + size, 0),
    trades: inside.length,
    buyVolume: 0,
    buyTrades: 0,
  });
}
