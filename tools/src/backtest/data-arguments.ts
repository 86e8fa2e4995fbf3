import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { marketName } from '@tradewind/adapters/archive/layout';
import { fromHere } from '../data/open-data.ts';
import { parseMarket, parseSymbol } from '../data/arguments.ts';
import { Fault } from '../lib/fault.ts';

/** A file and the market that it is of. */
export type DataFile = {
  readonly marketKey: string;
  readonly file: string;
  readonly shown: string;
};

const QUOTES = ['USDT', 'USDC', 'FDUSD', 'BUSD', 'USD', 'EUR', 'BTC', 'ETH'];

/** `BTC-USDT` from a file's name such as `ohlcv_1m_binance_btcusdt_2025.csv.gz`; `undefined` when it does not tell. */
function symbolInName(name: string): string | undefined {
  const words = name.toUpperCase().split(/[^A-Z0-9-]+/);
  for (const word of words) {
    if (/^[A-Z0-9]{2,10}-[A-Z0-9]{2,10}$/.test(word)) return word;
    const quote = QUOTES.find((one) => word.endsWith(one) && word.length > one.length + 1);
    if (quote !== undefined && /^[A-Z0-9]{2,10}$/.test(word.slice(0, -quote.length)))
      return `${word.slice(0, -quote.length)}-${quote}`;
  }
  return undefined;
}

/** The key of a symbol, which is taken for spot, or a whole key, as they may stand before a file. */
const keyOf = (text: string): string =>
  /^[a-z0-9]+_[a-z]+_/.test(text) ? parseMarket(text) : `binance_spot_${parseSymbol(text)}`;

/** `SYMBOL=FILE`, `MARKET=FILE`, or a file whose name tells its symbol. @throws Fault otherwise. */
export function parseDataFile(text: string, option = '--data'): DataFile {
  const [, given, rest] = /^([A-Za-z0-9_/:-]+)=(.+)$/.exec(text) ?? [];
  const shown = rest ?? text;
  const file = fromHere(shown);
  if (!existsSync(file))
    throw new Fault(`${shown} is not there. Give the path of a .csv, .csv.gz or .parquet file.`);
  if (given !== undefined) return { marketKey: keyOf(given), file, shown };
  const symbol = symbolInName(basename(file).replace(/\..*$/, ''));
  if (symbol === undefined)
    throw new Fault(
      `The name of ${shown} does not tell which market it is of. Write it before it: ${option} BTC-USDT=${shown}`,
    );
  return { marketKey: keyOf(symbol), file, shown };
}

const MARKET_WORDS: Readonly<Record<string, readonly string[]>> = {
  spot: ['spot'],
  futures: ['futures', 'future', 'usdm', 'um', 'swap', 'perp', 'perpetual', 'linear'],
};

/** Which rows are of a market, where a file has columns that say so. */
export function onlyOf(marketKey: string): Readonly<Record<string, readonly string[]>> {
  const { market, symbol } = marketName(marketKey);
  return {
    symbol: [symbol.replaceAll('-', '').toLowerCase()],
    market: MARKET_WORDS[market] ?? [market],
  };
}
