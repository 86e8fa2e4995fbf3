import { epochMs } from '../lib/time.ts';
import { notional, priceOfSteps, qtyOfSteps, SCALE, toNumber } from '../lib/units.ts';
import type { Bar, BarValues } from './bar.ts';
import { priceSteps, sizeSteps, type Grid } from './grid.ts';
import type { Candle, Trade } from './market.ts';
import type { Tick } from './tick.ts';

/** A bar in units, for documents and strategies. Exact, but for a turnover beyond 2^53 steps. */
export const candleOf = (
  bar: Bar,
  grid: Grid,
  marks: Partial<Pick<Candle, 'revision' | 'source'>> = {},
): Candle => ({
  openAt: epochMs(bar.openAt),
  open: priceOfSteps(grid.tick, bar.open),
  high: priceOfSteps(grid.tick, bar.high),
  low: priceOfSteps(grid.tick, bar.low),
  close: priceOfSteps(grid.tick, bar.close),
  volume: qtyOfSteps(grid.lot, bar.volume),
  buyVolume: qtyOfSteps(grid.lot, bar.buyVolume),
  quoteVolume: notional(priceOfSteps(grid.tick, bar.turnover), grid.lot, 'floor'),
  trades: bar.trades,
  buyTrades: bar.buyTrades,
  gapFilled: bar.gapFilled,
  incomplete: bar.incomplete,
  revision: marks.revision ?? 0,
  source: marks.source ?? 'trades',
});

/** What indicators read of a bar, in quote and base units. */
export const barValues = (
  bar: Bar,
  { tickSize, lotSize }: Pick<Grid, 'tickSize' | 'lotSize'>,
): BarValues => ({
  open: bar.open * tickSize,
  high: bar.high * tickSize,
  low: bar.low * tickSize,
  close: bar.close * tickSize,
  volume: bar.volume * lotSize,
});

/** What indicators read of a candle; it need not lie on a grid. */
export const candleValues = (candle: Candle): BarValues => ({
  open: toNumber(candle.open),
  high: toNumber(candle.high),
  low: toNumber(candle.low),
  close: toNumber(candle.close),
  volume: toNumber(candle.volume),
});

/** Volume-weighted average price in quote units; `undefined` without trades. */
export const vwapOf = ({ turnover, volume }: Bar, { tickSize }: Grid): number | undefined =>
  volume > 0 ? (turnover / volume) * tickSize : undefined;

/** Steps of a candle's turnover, which `candleOf` rounded down to 18 decimals. */
const turnoverOf = (quoteVolume: bigint, { tick, lot }: Grid): number => {
  const step = tick * lot;
  return Number((quoteVolume * SCALE + step - 1n) / step);
};

/**
 * A candle in steps. `undefined` when a value is off the grid or beyond 2^53 steps, or when the candle does not
 * tell what aggressors bought, as a venue's own candles do not.
 */
export function barOfCandle(candle: Candle, grid: Grid): Bar | undefined {
  if (candle.buyVolume === null || candle.buyTrades === null) return undefined;
  const open = priceSteps(grid, candle.open);
  const high = priceSteps(grid, candle.high);
  const low = priceSteps(grid, candle.low);
  const close = priceSteps(grid, candle.close);
  const volume = sizeSteps(grid, candle.volume);
  const buyVolume = sizeSteps(grid, candle.buyVolume);
  if (open === undefined || high === undefined || low === undefined) return undefined;
  if (close === undefined || volume === undefined || buyVolume === undefined) return undefined;
  return {
    openAt: candle.openAt,
    open,
    high,
    low,
    close,
    volume,
    buyVolume,
    turnover: turnoverOf(candle.quoteVolume, grid),
    trades: candle.trades,
    buyTrades: candle.buyTrades,
    gapFilled: candle.gapFilled,
    incomplete: candle.incomplete,
  };
}

const [ZERO, NINE] = [48, 57];

/** The number that a text of up to 15 digits without a leading zero is: the two are the same id. Else the text. */
function idOf(text: string): number | string {
  const isLong = text.length > 15;
  if (isLong || text.length === 0 || (text.length > 1 && text.charCodeAt(0) === ZERO)) return text;
  let id = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < ZERO || code > NINE) return text;
    id = id * 10 + (code - ZERO);
  }
  return id;
}

/**
 * A trade on the grid; an id of digits becomes a number, which is cheaper to remember.
 *
 * `undefined` when price or size is zero, off the grid, or beyond 2^53 steps: such a trade goes to the bad ones.
 */
export function tickOf(trade: Trade, grid: Grid): Tick | undefined {
  const price = priceSteps(grid, trade.price);
  const size = sizeSteps(grid, trade.size);
  if (price === undefined || size === undefined || price <= 0 || size <= 0) return undefined;
  return {
    id: idOf(trade.tradeId),
    at: trade.at,
    price,
    size,
    isBuy: trade.side === 'buy',
  };
}
