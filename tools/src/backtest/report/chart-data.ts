import type { BarSeries } from '@tradewind/core/backtest/data';
import type { BacktestResult, BacktestTrade } from '@tradewind/core/backtest/result';
import { toNumber } from '@tradewind/core/lib/units';

/** Most candles of one market that a page holds; neighbours are joined until they fit. */
export const MAX_CANDLES = 1_500;
/** Most trades of one market that its chart marks. */
export const MAX_MARKED = 200;
/** Most markets that a page charts. */
export const MAX_CHARTS = 10;

/** Seconds, open, high, low, close. */
export type CandleRow = readonly [number, number, number, number, number];
/** Where a trade began or ended: seconds of its candle, price, and what it was. */
export type Mark = {
  readonly time: number;
  readonly price: number;
  readonly kind: 'entry' | 'win' | 'loss';
  readonly side: 'LONG' | 'SHORT';
};
export type MarketChart = {
  readonly symbol: string;
  readonly marketKey: string;
  readonly candles: readonly CandleRow[];
  readonly marks: readonly Mark[];
  /** Bars of the data that make one candle of the chart. */
  readonly joined: number;
  readonly trades: number;
  readonly marked: number;
};
/** Seconds, equity, drawdown in percent below 0, exposure in percent. */
export type CurveRow = readonly [number, number, number, number];

/** What the page's charts draw. */
export type ChartData = {
  readonly quote: string;
  readonly curve: readonly CurveRow[];
  readonly markets: readonly MarketChart[];
};

const rounded = (value: number): number => Number(value.toPrecision(9));

function joinedCandles(series: BarSeries, size: number): CandleRow[] {
  const { openAt, open, high, low, close, length } = series;
  const rows: CandleRow[] = [];
  for (let first = 0; first < length; first += size) {
    const end = Math.min(length, first + size);
    let [top, bottom] = [-Infinity, Infinity];
    for (let row = first; row < end; row += 1) {
      top = Math.max(top, high[row] ?? top);
      bottom = Math.min(bottom, low[row] ?? bottom);
    }
    const values = [open[first] ?? 0, top, bottom, close[end - 1] ?? 0].map(rounded);
    const [from = 0, up = 0, down = 0, to = 0] = values;
    rows.push([(openAt[first] ?? 0) / 1_000, from, up, down, to]);
  }
  return rows;
}

/** The trades that moved most money, oldest first: where there are too many to mark, small ones matter least. */
function marked(trades: readonly BacktestTrade[]): readonly BacktestTrade[] {
  if (trades.length <= MAX_MARKED) return trades;
  const size = ({ netPnl }: BacktestTrade): number => Math.abs(toNumber(netPnl));
  return [...trades]
    .sort((a, b) => size(b) - size(a))
    .slice(0, MAX_MARKED)
    .sort((a, b) => a.openedAt - b.openedAt);
}

/** The candle that a moment falls into; `undefined` before the first. */
function candleAt(candles: readonly CandleRow[], at: number): number | undefined {
  const seconds = at / 1_000;
  let [low, high] = [0, candles.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((candles[middle]?.[0] ?? Infinity) <= seconds) low = middle + 1;
    else high = middle;
  }
  return candles[low - 1]?.[0];
}

function marksOf(candles: readonly CandleRow[], trades: readonly BacktestTrade[]): Mark[] {
  const marks: Mark[] = [];
  for (const trade of trades) {
    const [from, to] = [candleAt(candles, trade.entryBarAt), candleAt(candles, trade.exitBarAt)];
    const { side } = trade;
    if (from !== undefined)
      marks.push({ time: from, price: toNumber(trade.entryPrice), kind: 'entry', side });
    const kind = trade.netPnl > 0n ? 'win' : 'loss';
    if (to !== undefined) marks.push({ time: to, price: toNumber(trade.exitPrice), kind, side });
  }
  return marks.sort((a, b) => a.time - b.time);
}

function marketChart(series: BarSeries, trades: readonly BacktestTrade[]): MarketChart {
  const size = Math.max(1, Math.ceil(series.length / MAX_CANDLES));
  const candles = joinedCandles(series, size);
  const shown = marked(trades);
  return {
    symbol: series.symbol,
    marketKey: series.marketKey,
    candles,
    marks: marksOf(candles, shown),
    joined: size,
    trades: trades.length,
    marked: shown.length,
  };
}

/** Candles, marks and curve as the page draws them, of bounded size; the markets that traded most come first. */
export function chartDataOf(
  result: BacktestResult,
  series: readonly BarSeries[],
  quote: string,
): ChartData {
  const charts = series
    .map((one) => ({
      one,
      trades: result.trades.filter(({ marketKey }) => marketKey === one.marketKey),
    }))
    .sort((a, b) => b.trades.length - a.trades.length)
    .slice(0, MAX_CHARTS);
  return {
    quote,
    curve: result.curve.map(({ at, equity, drawdownPct, exposure }) => [
      at / 1_000,
      rounded(equity),
      rounded(0 - drawdownPct),
      rounded(exposure * 100),
    ]),
    markets: charts.map(({ one, trades }) => marketChart(one, trades)),
  };
}
