import type { Bar } from '../market/bar.ts';
import type { Grid } from '../market/grid.ts';

/** What a closed bar is judged against. */
export type BarContext = {
  /** ATR(14) of the same timeframe in quote currency, that bar included; `undefined` until ready. */
  readonly atr: number | undefined;
  readonly grid: Pick<Grid, 'tickSize'>;
};

/** The ATR in ticks, which is what bars are counted in. */
export const atrTicks = ({ atr, grid }: BarContext): number | undefined =>
  atr === undefined ? undefined : atr / grid.tickSize;

/** True for a bar that something was traded in: empty ones repeat the price before them (MD-44). */
export const hasTraded = ({ trades, volume }: Pick<Bar, 'trades' | 'volume'>): boolean =>
  trades > 0 || volume > 0;
