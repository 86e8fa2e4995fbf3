import { epochMs, type EpochMs } from '../lib/time.ts';
import { priceFromFloat, qtyFromFloat, ZERO_QTY, type Price, type Qty } from '../lib/units.ts';
import { TIMEFRAMES } from '../market/market.ts';
import type { EngineBar } from '../engine/bar.ts';
import type { FundingRates } from './config.ts';
import type { BarSeries } from './data.ts';

const MINUTE = 60_000;

/** Where a run stands in one market. Rows are those of its series. */
export type Market = {
  readonly series: BarSeries;
  readonly barMs: number;
  /** The bar that closes next. */
  row: number;
  /** Its close; `Infinity` after the last. */
  closeAt: number;
  /** The last price that is known, and since when. */
  last: number;
  lastAt: number;
  /** `last` as a decimal, once somebody has asked for it; `null` until then. */
  exact: Price | null;
  /** First trade, and first finer bar, that is not passed yet. */
  tradeRow: number;
  finerRow: number;
  fundingRow: number;
  readonly funding: FundingRates | null;
};

const closeOfRow = ({ openAt }: BarSeries, row: number, barMs: number): number => {
  const at = openAt[row];
  return at === undefined ? Infinity : at + barMs;
};

export function marketInit(series: BarSeries, funding: FundingRates | null): Market {
  const barMs = TIMEFRAMES[series.timeframe];
  return {
    series,
    barMs,
    row: 0,
    closeAt: closeOfRow(series, 0, barMs),
    last: 0,
    lastAt: 0,
    exact: null,
    tradeRow: 0,
    finerRow: 0,
    fundingRow: 0,
    funding,
  };
}

/** The bar at `row`, as decisions see it. */
export function barAt(series: BarSeries, row: number): EngineBar {
  const { openAt, open, high, low, close, volume, buyVolume } = series;
  const { tradeCount, buyTrades, incomplete } = series;
  return {
    openAt: openAt[row] ?? NaN,
    open: open[row] ?? NaN,
    high: high[row] ?? NaN,
    low: low[row] ?? NaN,
    close: close[row] ?? NaN,
    volume: volume[row] ?? NaN,
    buyVolume: buyVolume === null ? null : (buyVolume[row] ?? NaN),
    trades: tradeCount === null ? 0 : (tradeCount[row] ?? NaN),
    buyTrades: buyTrades === null ? null : (buyTrades[row] ?? NaN),
    incomplete: incomplete !== null && incomplete[row] === 1,
  };
}

/** The price of the market is `px` as of `at`. */
export function seen(market: Market, px: number, at: number): void {
  if (px !== market.last) market.exact = null;
  market.last = px;
  market.lastAt = at;
}

/** Goes on to the next bar. */
export function nextBar(market: Market): void {
  market.row += 1;
  market.closeAt = closeOfRow(market.series, market.row, market.barMs);
}

/** The last price as a decimal. @throws RangeError before there is one. */
export const lastPrice = (market: Market): Price =>
  (market.exact ??= priceFromFloat(market.last, 'floor'));

export const openOf = ({ series, row }: Market): number => series.open[row] ?? NaN;
/** Start of the bar under way; of the last one once there are no more. */
export const openTimeOf = ({ series: { openAt }, row }: Market): EpochMs =>
  epochMs(openAt[row] ?? openAt.at(-1) ?? NaN);

/** Volume of rows that begin after `since` and before `row`, newest first. */
function volumeSince(
  { at, volume }: { readonly at: Float64Array; readonly volume: Float64Array },
  row: number,
  since: number,
): number {
  let sum = 0;
  for (let each = row - 1; each >= 0 && (at[each] ?? -1) > since; each -= 1)
    sum += volume[each] ?? 0;
  return sum;
}

/**
 * Base volume of the minute that ends at `at`, from the finest data that had happened by then: what an order may
 * take its share of. Of bars, only closed ones are known.
 */
export function minuteVolume(market: Market, at: number): Qty {
  const { series, row, barMs, tradeRow, finerRow } = market;
  const { trades, finer } = series;
  if (trades !== null && tradeRow > 0)
    return qtyFromFloat(
      volumeSince({ at: trades.at, volume: trades.size }, tradeRow, at - MINUTE),
      'floor',
    );
  const isKnown = (finer?.openAt[finerRow - 1] ?? -1) > at - MINUTE - 1;
  if (finer !== null && finer.barMs <= MINUTE && isKnown)
    return qtyFromFloat(
      volumeSince({ at: finer.openAt, volume: finer.volume }, finerRow, at - MINUTE - 1),
      'floor',
    );
  const before = series.volume[row - 1];
  return before === undefined ? ZERO_QTY : qtyFromFloat((before * MINUTE) / barMs, 'floor');
}
