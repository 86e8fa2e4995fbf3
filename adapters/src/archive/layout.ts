/**
 * Where rows live: one folder per market, kind and span, named so that SQL over many files can leave out what a
 * question does not touch (MD-82):
 *
 *     venue=binance/market=spot/symbol=BTC-USDT/kind=ticks/date=2026-11-20/hour=14/part-….parquet
 */
export const BAR_LENGTHS = {
  '1s': 1_000,
  '15s': 15_000,
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
  '1d': 86_400_000,
} as const;
export type BarKind = keyof typeof BAR_LENGTHS;
/** What a file holds: trades, or candles of one length. */
export type Kind = 'ticks' | BarKind;

export const KINDS: readonly Kind[] = ['ticks', ...(Object.keys(BAR_LENGTHS) as BarKind[])];
export const isKind = (text: string): text is Kind => KINDS.some((kind) => kind === text);
export const isBarKind = (text: string): text is BarKind => isKind(text) && text !== 'ticks';

/** How much time one folder holds, by kind: about the same number of rows in each. */
type Span = 'hour' | 'day' | 'month';
const SPANS: Readonly<Record<Kind, Span>> = {
  ticks: 'hour',
  '1s': 'hour',
  '15s': 'hour',
  '1m': 'day',
  '5m': 'day',
  '15m': 'day',
  '1h': 'month',
  '4h': 'month',
  '1d': 'month',
};
export const spanOf = (kind: Kind): Span => SPANS[kind];

export type MarketName = {
  readonly venue: string;
  readonly market: string;
  readonly symbol: string;
};

const MARKET_KEY = /^([a-z0-9]+)_(spot|futures|equity|option|forex|dex)_([A-Z0-9-]+)$/;

/** The parts of a market's key. @throws RangeError when it is not one: a key becomes a folder's name. */
export function marketName(marketKey: string): MarketName {
  const [, venue, market, symbol] = MARKET_KEY.exec(marketKey) ?? [];
  if (venue === undefined || market === undefined || symbol === undefined)
    throw new RangeError(
      `"${marketKey}" is not a market: write venue_market_SYMBOL, such as binance_spot_BTC-USDT`,
    );
  return { venue, market, symbol };
}

/** One folder's stretch of time `[from, to)`, epoch milliseconds. */
export type Partition = { readonly from: number; readonly to: number };

/** The stretch that holds `at`. */
export function partitionOf(kind: Kind, at: number): Partition {
  const date = new Date(at);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  if (SPANS[kind] === 'month')
    return { from: Date.UTC(year, month, 1), to: Date.UTC(year, month + 1, 1) };
  const length = SPANS[kind] === 'hour' ? BAR_LENGTHS['1h'] : BAR_LENGTHS['1d'];
  const from = Math.floor(at / length) * length;
  return { from, to: from + length };
}

/** The folder of a market's rows of one kind, from the archive's root; without `at` that of all times. */
export function folderOf(marketKey: string, kind?: Kind, at?: number): string {
  const { venue, market, symbol } = marketName(marketKey);
  const base = `venue=${venue}/market=${market}/symbol=${symbol}`;
  if (kind === undefined) return `${base}/`;
  if (at === undefined) return `${base}/kind=${kind}/`;
  const start = new Date(partitionOf(kind, at).from).toISOString();
  return `${base}/kind=${kind}/date=${start.slice(0, 10)}/hour=${start.slice(11, 13)}/`;
}

/** What a file's path says about it. */
export type PathFacts = Partition & { readonly marketKey: string; readonly kind: Kind };

const PATH =
  /^venue=([^/]+)\/market=([^/]+)\/symbol=([^/]+)\/kind=([^/]+)\/date=(\d{4}-\d\d-\d\d)\/hour=(\d\d)\/[^/]+\.parquet$/;

/** Reads a path; `undefined` for a file that is none of ours. */
export function readPath(path: string): PathFacts | undefined {
  const [, venue, market, symbol, kind, date, hour] = PATH.exec(path) ?? [];
  if (venue === undefined || market === undefined || symbol === undefined) return undefined;
  if (kind === undefined || date === undefined || hour === undefined || !isKind(kind))
    return undefined;
  const at = Date.parse(`${date}T${hour}:00:00Z`);
  const marketKey = `${venue}_${market}_${symbol}`;
  if (Number.isNaN(at) || !MARKET_KEY.test(marketKey)) return undefined;
  return { marketKey, kind, ...partitionOf(kind, at) };
}
