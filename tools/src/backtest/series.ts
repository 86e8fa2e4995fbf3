import { createHash } from 'node:crypto';
import type { FloatColumns, FloatRows } from '@tradewind/adapters/archive/float-columns';
import type { BarSeries, TradeColumns } from '@tradewind/core/backtest/data';
import { TIMEFRAMES, type Timeframe } from '@tradewind/core/market/market';
import { Fault } from '../lib/fault.ts';
import { instrumentOf, type Rules } from './instrument.ts';
import type { Source } from './record.ts';
import { barsOfTrades, columnOf, inOrder, timeframeOf, within } from './rows.ts';

/** What was read of one market, from one place or two: candles, trades, or both. */
export type MarketRows = {
  readonly marketKey: string;
  readonly place: string;
  readonly parts: readonly (FloatRows & {
    readonly decimals: { readonly price: number; readonly size: number };
  })[];
};

export type Loaded = { readonly series: BarSeries; readonly source: Source };

/** SHA-256 of columns and their names. */
export const digestOf = (columns: readonly FloatColumns[]): string => {
  const hash = createHash('sha256');
  for (const one of columns)
    for (const name of Object.keys(one).sort()) {
      const { buffer, byteOffset, byteLength } = columnOf(one, name);
      hash.update(name).update(new Uint8Array(buffer, byteOffset, byteLength));
    }
  return hash.digest('hex');
};

function tradesOf(columns: FloatColumns): TradeColumns {
  const at = columnOf(columns, 'ts');
  return {
    length: at.length,
    at,
    price: columnOf(columns, 'price'),
    size: columnOf(columns, 'size'),
  };
}

/** Counts of trades as columns of bytes tell them: 1 where a bar is incomplete; `null` where none is. */
function incompleteOf(columns: FloatColumns): Uint8Array | null {
  const { incomplete } = columns;
  return incomplete?.some((value) => value > 0) === true
    ? Uint8Array.from(incomplete, Number)
    : null;
}

/** A column that is only as good as its every row. */
function wholeColumn(columns: FloatColumns, name: string): Float64Array | null {
  const column = columns[name];
  return column === undefined || column.some((value) => Number.isNaN(value)) ? null : column;
}

/** Bars there are, of those that there should be from the first to the last. */
export function coverageOf(
  at: Float64Array,
  timeframe: Timeframe,
): { readonly missing: number; readonly pct: number } {
  const [first = 0, last = 0] = [at[0], at.at(-1)];
  const expected = at.length === 0 ? 0 : (last - first) / TIMEFRAMES[timeframe] + 1;
  const missing = Math.max(0, Math.round(expected) - at.length);
  return { missing, pct: expected === 0 ? 0 : (100 * at.length) / Math.round(expected) };
}

export type Cut = { readonly from: number; readonly to: number };

/**
 * The bars of one market as backtests read them, and what is to be told of them.
 *
 * @throws Fault when there are none in the span, or they are of a length that no strategy decides on.
 */
export function seriesOf(
  rows: MarketRows,
  { cut, rules }: { readonly cut: Cut; readonly rules: Rules },
): Loaded {
  const { marketKey, place, parts } = rows;
  const of = (table: FloatRows['table']): FloatColumns | undefined => {
    const part = parts.find((one) => one.table === table);
    return part === undefined ? undefined : within(inOrder(part.columns), cut.from, cut.to);
  };
  const [bars, ticks] = [of('bars'), of('ticks')];
  const columns = bars ?? barsOfTrades(ticks ?? {});
  const openAt = columnOf(columns, 'ts');
  if (openAt.length === 0)
    throw new Fault(
      `${place} has no rows of ${marketKey} in that span. Give another --from and --to, or leave them out.`,
    );
  const timeframe = bars === undefined ? '1m' : timeframeOf(openAt, place);
  const [open, high, low, close] = ['open', 'high', 'low', 'close'].map((name) =>
    columnOf(columns, name),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array];
  const finest = (what: 'price' | 'size'): number =>
    Math.max(...parts.map(({ decimals }) => decimals[what]));
  const shown = {
    priceDecimals: finest('price'),
    sizeDecimals: finest('size'),
    price: close.at(-1) ?? 0,
  };
  const { instrument, supposed } = instrumentOf(marketKey, shown, rules);
  const volume = columns['volume'] ?? new Float64Array(openAt.length);
  const series: BarSeries = {
    marketKey,
    symbol: instrument.symbol,
    instrument,
    timeframe,
    length: openAt.length,
    openAt,
    open,
    high,
    low,
    close,
    volume,
    buyVolume: wholeColumn(columns, 'buyVolume'),
    tradeCount: wholeColumn(columns, 'trades'),
    buyTrades: wholeColumn(columns, 'buyTrades'),
    incomplete: incompleteOf(columns),
    trades: ticks === undefined ? null : tradesOf(ticks),
    finer: null,
    windows: null,
  };
  return {
    series,
    source: sourceOf(rows, {
      series,
      supposed,
      columns: [columns, ...(ticks === undefined ? [] : [ticks])],
    }),
  };
}

type Told = {
  readonly series: BarSeries;
  readonly supposed: readonly string[];
  readonly columns: readonly FloatColumns[];
};

function sourceOf({ place, marketKey }: MarketRows, { series, supposed, columns }: Told): Source {
  const { openAt, timeframe, length, trades, symbol } = series;
  const { missing, pct } = coverageOf(openAt, timeframe);
  const hasVolume = columns[0]?.['volume'] !== undefined;
  return {
    marketKey,
    symbol,
    place,
    timeframe,
    bars: length,
    trades: trades?.length ?? 0,
    from: openAt[0] ?? 0,
    to: (openAt.at(-1) ?? 0) + TIMEFRAMES[timeframe],
    coveragePct: pct,
    missing,
    digest: digestOf(columns),
    supposed: [...supposed, ...(hasVolume ? [] : [NO_VOLUME])],
  };
}

/** Said of data that tell no volume: then no fill can be held against it. */
export const NO_VOLUME =
  'the data tell no volume, so that sizes are neither limited nor made dearer by it';
