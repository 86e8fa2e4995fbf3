import type { Grid } from '../market/grid.ts';

/** What a closed bar is judged against: figures of the same timeframe, that bar included. */
export type BarContext = {
  /** ATR(14) in quote currency; `undefined` until ready. */
  readonly atr: number | undefined;
  /** Mean volume of the last 20 bars with trades, in base units; `undefined` until there is one. */
  readonly avgVolume20: number | undefined;
  readonly grid: Grid;
};

/** The ATR in ticks, which is what bars are counted in. */
export const atrTicks = ({ atr, grid }: Pick<BarContext, 'atr' | 'grid'>): number | undefined =>
  atr === undefined ? undefined : atr / grid.tickSize;
