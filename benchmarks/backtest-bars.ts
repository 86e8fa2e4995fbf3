import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const MINUTE = 60_000;

/** Bars as columns. */
export type Columns = Readonly<
  Record<'openAt' | 'open' | 'high' | 'low' | 'close' | 'volume', Float64Array>
>;

type Row = readonly [open: number, high: number, low: number, close: number, volume: number];

/** @throws Error that says what to set, when the recording is missing. */
function rowsOf(name: string): Row[] {
  const file = join(process.env['TRADEWIND_DATA'] ?? 'data', name);
  if (!existsSync(file))
    throw new Error(`There are no recorded bars at ${file}: set TRADEWIND_DATA to their folder.`);
  return gunzipSync(readFileSync(file))
    .toString()
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [, open = 0, high = 0, low = 0, close = 0, volume = 0] = line.split(',').map(Number);
      return [open, high, low, close, volume];
    });
}

const tenth = (x: number): number => Math.round(x * 10) / 10;

/** A later recording of another venue, moved by one ratio to go on where the first one ends. */
function continued(rows: readonly Row[], from: number): Row[] {
  const ratio = from / (rows[0]?.[0] ?? from);
  return rows.map(([open, high, low, close, volume]) => {
    const [o, h, l, c] = [open, high, low, close].map((px) => tenth(px * ratio));
    const prices = [o ?? 0, h ?? 0, l ?? 0, c ?? 0];
    return [
      o ?? 0,
      Math.max(...prices),
      Math.min(...prices),
      c ?? 0,
      Math.round((volume / (c ?? 1)) * 1_000) / 1_000,
    ];
  });
}

/** 118,170 recorded one-minute bars in one series; over and over again where more are wanted. */
export function benchmarkBars(wanted?: number): Columns {
  const first = rowsOf('ohlcv_1m_binance_usdm_btcusdt_202505_202506.csv.gz');
  const second = rowsOf('ohlcv_1m_ftx_btcperp_202201.csv.gz');
  const rows = [...first, ...continued(second, first.at(-1)?.[3] ?? 1)];
  const length = wanted ?? rows.length;
  const begin = Date.UTC(2025, 4, 4);
  const column = (at: number): Float64Array =>
    Float64Array.from({ length }, (_, index) => rows[index % rows.length]?.[at] ?? NaN);
  return {
    openAt: Float64Array.from({ length }, (_, index) => begin + index * MINUTE),
    open: column(0),
    high: column(1),
    low: column(2),
    close: column(3),
    volume: column(4),
  };
}
