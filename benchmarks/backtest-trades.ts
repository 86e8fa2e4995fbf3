import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { BarSeries, TradeColumns } from '@tradewind/core/backtest/data';

const MINUTE = 60_000;

/** Trades and the side of each: 1 where the aggressor bought. */
export type Tape = TradeColumns & { readonly isBuy: Uint8Array };

/** Two recorded hours of trades, over and over: each time goes on where the last one ends. @throws Error when they are missing. */
export function benchmarkTape(times: number): Tape {
  const file = join(
    process.env['TRADEWIND_DATA'] ?? 'data',
    'trades_binance_usdm_btcusdt_20200222.csv.gz',
  );
  if (!existsSync(file))
    throw new Error(`There are no recorded trades at ${file}: set TRADEWIND_DATA to their folder.`);
  const lines = gunzipSync(readFileSync(file)).toString().trim().split('\n').slice(1);
  const rows = lines.map((line) => line.split(','));
  const length = rows.length * times;
  const number = (at: number): Float64Array =>
    Float64Array.from({ length }, (_, index) => Number(rows[index % rows.length]?.[at]));
  const at = number(0);
  const span = Math.ceil(((at[rows.length - 1] ?? 0) - (at[0] ?? 0) + 1) / MINUTE) * MINUTE;
  for (let row = rows.length; row < length; row += 1)
    at[row] = (at[row] ?? 0) + Math.floor(row / rows.length) * span;
  return {
    length,
    at,
    price: number(3),
    size: number(4),
    isBuy: Uint8Array.from({ length }, (_, i) => (rows[i % rows.length]?.[5] === 'buy' ? 1 : 0)),
  };
}

type Making = { at: number; open: number; high: number; low: number; close: number };

/** The one-minute bars of a tape, with what of their volume was bought. */
export function barsOfTape(tape: Tape, market: Pick<BarSeries, 'instrument'>): BarSeries {
  const rows: (Making & { volume: number; bought: number; trades: number })[] = [];
  let bar = rows[0];
  for (let row = 0; row < tape.length; row += 1) {
    const [px, size, time] = [tape.price[row] ?? 0, tape.size[row] ?? 0, tape.at[row] ?? 0];
    const at = time - (time % MINUTE);
    if (bar === undefined || at > bar.at) {
      bar = { at, open: px, high: px, low: px, close: px, volume: 0, bought: 0, trades: 0 };
      rows.push(bar);
    }
    if (px > bar.high) bar.high = px;
    if (px < bar.low) bar.low = px;
    bar.close = px;
    bar.volume += size;
    bar.bought += tape.isBuy[row] === 1 ? size : 0;
    bar.trades += 1;
  }
  return {
    marketKey: market.instrument.marketKey,
    symbol: market.instrument.symbol,
    instrument: market.instrument,
    timeframe: '1m',
    length: rows.length,
    openAt: Float64Array.from(rows, ({ at }) => at),
    open: Float64Array.from(rows, ({ open }) => open),
    high: Float64Array.from(rows, ({ high }) => high),
    low: Float64Array.from(rows, ({ low }) => low),
    close: Float64Array.from(rows, ({ close }) => close),
    volume: Float64Array.from(rows, ({ volume }) => volume),
    buyVolume: Float64Array.from(rows, ({ bought }) => bought),
    tradeCount: Float64Array.from(rows, ({ trades }) => trades),
    buyTrades: null,
    incomplete: null,
    trades: tape,
    finer: null,
    windows: null,
  };
}
