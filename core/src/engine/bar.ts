import { toNumber } from '../lib/units.ts';
import type { BarValues } from '../market/bar.ts';
import type { Candle } from '../market/market.ts';

/**
 * A closed bar as decisions see it: floats in quote and base units, each the nearest to the venue's decimal, so
 * that it turns back into exactly that decimal.
 */
export type EngineBar = BarValues & {
  /** Start of the bar, epoch milliseconds. */
  readonly openAt: number;
  /** Base volume that aggressors bought; `null` where the source does not tell. */
  readonly buyVolume: number | null;
  readonly trades: number;
  /** Trades whose aggressor bought; left out or `null` where the source does not tell. */
  readonly buyTrades?: number | null;
  /** Trades of it are known to be missing: it is not decided on (MD-73). */
  readonly incomplete: boolean;
};

/** A candle of documents and archives as the engine sees it. */
export const engineBar = (candle: Candle): EngineBar => ({
  openAt: candle.openAt,
  open: toNumber(candle.open),
  high: toNumber(candle.high),
  low: toNumber(candle.low),
  close: toNumber(candle.close),
  volume: toNumber(candle.volume),
  buyVolume: candle.buyVolume === null ? null : toNumber(candle.buyVolume),
  trades: candle.trades,
  buyTrades: candle.buyTrades,
  incomplete: candle.incomplete,
});
