import type { EpochMs } from '@tradewind/core/lib/time';
import { formatDecimal, type Price, type Qty } from '@tradewind/core/lib/units';
import { fromVenueSymbol, type Grid } from '../symbols.ts';
import { warn } from '../log.ts';
import { expandBar } from './expand-candle.ts';
import type { BadRow, FeedPrint } from './feed.ts';
import { readRows } from './read-file.ts';
import { readBar, readTrade, type Layout, type Row } from './rows.ts';

/** One row of a recording: when it begins, and the trades that it stands for. */
export type Entry = { readonly at: EpochMs; readonly prints: () => readonly FeedPrint[] };

/** A file that was read: what is usable of it, in the order of time. */
export type Recording = {
  readonly layout: Layout;
  readonly entries: readonly Entry[];
  readonly grids: ReadonlyMap<string, Grid>;
  readonly badRows: readonly BadRow[];
};

export type RecordingOptions = {
  readonly path: string;
  /** Symbol of a file without a symbol column; of a file with one, the only one to take. */
  readonly symbol?: string;
  /** Rows to take of a file with a market column. */
  readonly market?: string;
};

/** So many bad rows are told one by one; the rest is only counted. */
const TOLD = 50;

const decimals = (value: Price | Qty): number => (formatDecimal(value).split('.')[1] ?? '').length;
const stepOf = (places: number): string => (places === 0 ? '1' : `0.${'1'.padStart(places, '0')}`);

/** The finest grid that the values seen so far lie on. */
function createGrids() {
  const places = new Map<string, { price: number; size: number }>();
  return {
    see: (symbol: string, prices: readonly Price[], size: Qty): void => {
      const known = places.get(symbol) ?? { price: 0, size: 0 };
      places.set(symbol, {
        price: Math.max(known.price, ...prices.map(decimals)),
        size: Math.max(known.size, decimals(size)),
      });
    },
    all: (): ReadonlyMap<string, Grid> =>
      new Map(
        [...places].map(([symbol, { price, size }]) => [
          symbol,
          { tick: stepOf(Math.min(8, price)), lot: stepOf(Math.min(8, size)) },
        ]),
      ),
  };
}

/** The most frequent distance of neighbours: the length of the bars. */
function barLength(times: readonly EpochMs[]): number {
  const counts = new Map<number, number>();
  times.forEach((at, i) => {
    const step = at - (times[i - 1] ?? at);
    if (step > 0) counts.set(step, (counts.get(step) ?? 0) + 1);
  });
  const [length = 60_000] = [...counts].toSorted((a, b) => b[1] - a[1])[0] ?? [];
  return length;
}

/** Which market a row belongs to: its symbol, `skip` for a row of another market, or what is wrong. */
function symbolOfRow(
  row: Row,
  { symbol, market = 'spot' }: RecordingOptions,
): { readonly symbol: string } | 'skip' | { readonly reason: string } {
  if (row['market'] !== undefined && row['market'] !== market) return 'skip';
  const named = row['symbol'];
  if (named === undefined) {
    if (symbol !== undefined) return { symbol };
    throw new RangeError('it has no symbol column: say which it is with --symbol BTC-USDT');
  }
  const known = fromVenueSymbol(named);
  if (known === undefined) return { reason: `symbol "${named}" is not known` };
  return symbol !== undefined && known !== symbol ? 'skip' : { symbol: known };
}

/** Takes rows one by one and keeps what is usable. */
function createCollector(options: RecordingOptions) {
  const grids = createGrids();
  const trades: { readonly at: EpochMs; readonly print: FeedPrint }[] = [];
  const bars: {
    readonly at: EpochMs;
    readonly symbol: string;
    readonly expand: (ms: number) => FeedPrint[];
  }[] = [];
  const seen = new Set<string>();
  const markets = new Set<string>();

  const takeTrade = (row: Row, symbol: string): string | undefined => {
    const trade = readTrade(row);
    if (!trade.ok) return trade.error;
    const id = row['trade_id'];
    if (id !== undefined && id !== '') {
      if (seen.has(`${symbol} ${id}`)) return `trade_id ${id} was there before`;
      seen.add(`${symbol} ${id}`);
    }
    grids.see(symbol, [trade.value.price], trade.value.size);
    trades.push({ at: trade.value.at, print: { ...trade.value, symbol } });
    return undefined;
  };
  const takeBar = (row: Row, symbol: string): string | undefined => {
    const bar = readBar(row);
    if (!bar.ok) return bar.error;
    const { openAt, open, high, low, close, volume } = bar.value;
    if (seen.has(`${symbol} ${openAt}`)) return `ts ${openAt} was there before`;
    seen.add(`${symbol} ${openAt}`);
    grids.see(symbol, [open, high, low, close], volume);
    const expand = (ms: number) => expandBar(bar.value, ms).map((print) => ({ ...print, symbol }));
    bars.push({ at: openAt, symbol, expand });
    return undefined;
  };
  return {
    /** What is wrong with the row, if anything. */
    take: (row: Row, layout: Layout): string | undefined => {
      markets.add(row['market'] ?? '');
      const whose = symbolOfRow(row, options);
      if (whose === 'skip') return undefined;
      if ('reason' in whose) return whose.reason;
      return layout === 'trades' ? takeTrade(row, whose.symbol) : takeBar(row, whose.symbol);
    },
    markets: () => [...markets].filter((name) => name !== ''),
    grids: grids.all,
    entries: (): readonly Entry[] => {
      const length = barLength(bars.map(({ at }) => at));
      return [
        ...trades.map(({ at, print }): Entry => ({ at, prints: () => [print] })),
        ...bars.map(({ at, expand }): Entry => ({ at, prints: () => expand(length) })),
      ].sort((a, b) => a.at - b.at);
    },
  };
}

/**
 * Reads a recording of trades or candles. Bad rows are told on stderr, counted, and left out.
 *
 * @throws RangeError when nothing in the file can be used; the message says why and what to do.
 */
export async function readRecording(options: RecordingOptions): Promise<Recording> {
  const { path } = options;
  const collector = createCollector(options);
  const badRows: BadRow[] = [];
  const bad = (row: BadRow): void => {
    badRows.push(row);
    if (badRows.length <= TOLD) warn('bad row', { path, ...row });
  };
  const layout = await readRows(path, {
    bad,
    take: (row, line, kind) => {
      const reason = collector.take(row, kind);
      if (reason !== undefined) bad({ line, reason });
    },
  });
  if (badRows.length > TOLD) warn('more bad rows', { path, badRows: badRows.length });
  const entries = collector.entries();
  if (entries.length > 0) return { layout, entries, grids: collector.grids(), badRows };
  throw new RangeError(
    `${path} has no row that can be used (${badRows.length} bad): ${whyEmpty(options, badRows, collector.markets())}.`,
  );
}

/** Why nothing of a file could be used, in words. */
function whyEmpty(
  { symbol, market = 'spot' }: RecordingOptions,
  [first]: readonly BadRow[],
  markets: readonly string[],
): string {
  if (first !== undefined) return `line ${first.line}: ${first.reason}`;
  if (markets.length === 0) return symbol === undefined ? 'it has no rows' : `none is of ${symbol}`;
  return `none is of market "${market}"${symbol === undefined ? '' : ` and ${symbol}`}; it has ${markets.join(', ')}`;
}
