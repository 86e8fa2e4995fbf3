import { err, ok, type Result } from '@tradewind/core/lib/result';
import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import { parsePrice, parseQty, type Price, type Qty } from '@tradewind/core/lib/units';
import type { Print } from '@tradewind/core/simulation/price-process';
import { MIN_BAR_VOLUME, type Bar } from './expand-candle.ts';

/** A row by its column names. */
export type Row = Readonly<Record<string, string | undefined>>;

/** What a file's header says it holds. */
export type Layout = 'trades' | 'candles';

const TRADE_COLUMNS = ['ts', 'price', 'qty', 'side'];
const CANDLE_COLUMNS = ['ts', 'open', 'high', 'low', 'close', 'volume'];

/** @returns what is missing, when the header is neither of trades nor of candles. */
export function layoutOf(header: readonly string[]): Result<Layout, string> {
  if (TRADE_COLUMNS.every((name) => header.includes(name))) return ok('trades');
  if (CANDLE_COLUMNS.every((name) => header.includes(name))) return ok('candles');
  return err(
    `the first line must name the columns ${TRADE_COLUMNS.join(', ')} (trades) or ` +
      `${CANDLE_COLUMNS.join(', ')} (candles); it says "${header.join(',').slice(0, 120)}"`,
  );
}

/** Times from 2001 to 2096 in milliseconds; what lies outside is in another unit. */
function readTime(row: Row): Result<EpochMs, string> {
  const text = row['ts'] ?? '';
  if (!/^\d+$/.test(text)) return err(`ts "${text}" is not a whole number`);
  return /^\d{12,13}$/.test(text) && Number(text) >= 1e12 && Number(text) < 4e12
    ? ok(epochMs(Number(text)))
    : err(`ts "${text}" is not epoch milliseconds`);
}

/** `9e-05`, as some recorders write small numbers, in plain digits; anything else as it is. */
function plainDecimal(text: string): string {
  const match = /^(\d+)(?:\.(\d+))?e([+-]?\d{1,2})$/i.exec(text);
  if (match === null) return text;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return digits.padEnd(point, '0');
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

function readPrice(row: Row, name: string): Result<Price, string> {
  const parsed = parsePrice(plainDecimal(row[name] ?? ''));
  if (!parsed.ok) return err(`${name}: ${parsed.error}`);
  return parsed.value > 0n ? parsed : err(`${name} is 0`);
}

function readSize(row: Row, name: string): Result<Qty, string> {
  const parsed = parseQty(plainDecimal(row[name] ?? ''));
  return parsed.ok ? parsed : err(`${name}: ${parsed.error}`);
}

/** One recorded trade. */
export function readTrade(row: Row): Result<Print, string> {
  const at = readTime(row);
  if (!at.ok) return at;
  const price = readPrice(row, 'price');
  if (!price.ok) return price;
  const size = readSize(row, 'qty');
  if (!size.ok) return size;
  if (size.value === 0n) return err('qty is 0');
  const side = row['side']?.toLowerCase();
  if (side !== 'buy' && side !== 'sell') return err(`side "${side ?? ''}" is neither buy nor sell`);
  return ok({ at: at.value, price: price.value, size: size.value, side });
}

/** One recorded candle. */
export function readBar(row: Row): Result<Bar, string> {
  const at = readTime(row);
  if (!at.ok) return at;
  const [open, high, low, close] = [
    readPrice(row, 'open'),
    readPrice(row, 'high'),
    readPrice(row, 'low'),
    readPrice(row, 'close'),
  ];
  if (!open.ok) return open;
  if (!high.ok) return high;
  if (!low.ok) return low;
  if (!close.ok) return close;
  const volume = readSize(row, 'volume');
  if (!volume.ok) return volume;
  if (volume.value > 0n && volume.value < MIN_BAR_VOLUME) return err('volume is below 0.00000004');
  const inside = (px: Price): boolean => px >= low.value && px <= high.value;
  if (!inside(open.value) || !inside(close.value))
    return err('open or close lies outside of low and high');
  return ok({
    openAt: at.value,
    open: open.value,
    high: high.value,
    low: low.value,
    close: close.value,
    volume: volume.value,
  });
}
