import type { Instrument } from '../instrument/instrument.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { TIMEFRAMES, type Timeframe } from '../market/market.ts';

/** Trades of one market, oldest first, a column for each field. Prices in quote, sizes in base. */
export type TradeColumns = {
  readonly length: number;
  /** The venue's time, epoch milliseconds. */
  readonly at: Float64Array;
  readonly price: Float64Array;
  readonly size: Float64Array;
};

/** Bars shorter than those that are decided on, oldest first. */
export type FinerBars = {
  readonly length: number;
  /** Length of each bar, milliseconds. */
  readonly barMs: number;
  readonly openAt: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
};

/**
 * Closed bars of one market, oldest first, a column for each field: floats in quote and base units, each the
 * nearest to the venue's decimal.
 *
 * `trades` and `finer` tell what happened within a bar; a bar that neither covers is judged pessimistically.
 */
export type BarSeries = {
  readonly marketKey: string;
  readonly symbol: string;
  readonly instrument: Instrument;
  readonly timeframe: Timeframe;
  readonly length: number;
  /** Start of each bar, epoch milliseconds. */
  readonly openAt: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  /** Base volume that aggressors bought; `null` where the source does not tell. */
  readonly buyVolume: Float64Array | null;
  /** How many trades a bar holds; `null` where the source does not tell. */
  readonly tradeCount: Float64Array | null;
  /** How many of them were bought by the aggressor; `null` where the source does not tell. */
  readonly buyTrades: Float64Array | null;
  /** 1 for a bar of which trades are known to be missing; `null` = none is. */
  readonly incomplete: Uint8Array | null;
  readonly trades: TradeColumns | null;
  readonly finer: FinerBars | null;
  /** Windows over trades as of each close, by variant; NaN where it has no value. */
  readonly windows: Readonly<Record<string, Float64Array>> | null;
};

type Columns = Pick<BarSeries, 'openAt' | 'open' | 'high' | 'low' | 'close' | 'volume'>;

const COLUMNS = ['openAt', 'open', 'high', 'low', 'close', 'volume'] as const;

/** A series of bars that are all there is: no trades, nothing finer. */
export const plainSeries = (
  market: Pick<BarSeries, 'instrument' | 'timeframe'>,
  columns: Columns,
): BarSeries => ({
  marketKey: market.instrument.marketKey,
  symbol: market.instrument.symbol,
  instrument: market.instrument,
  timeframe: market.timeframe,
  length: columns.openAt.length,
  ...columns,
  buyVolume: null,
  tradeCount: null,
  buyTrades: null,
  incomplete: null,
  trades: null,
  finer: null,
  windows: null,
});

type Prices = Omit<Columns, 'openAt'>;

function barFault(series: Prices, row: number): string | null {
  const open = series.open[row] ?? NaN;
  const high = series.high[row] ?? NaN;
  const low = series.low[row] ?? NaN;
  const close = series.close[row] ?? NaN;
  const volume = series.volume[row] ?? NaN;
  const isRange = low > 0 && low <= open && low <= close && high >= open && high >= close;
  if (!isRange || high === Infinity)
    return `has open ${open}, high ${high}, low ${low} and close ${close}`;
  return volume >= 0 && Number.isFinite(volume) ? null : `has volume ${volume}`;
}

/** Whether a column of times only ever grows, or at least never falls. */
function firstOutOfOrder(at: Float64Array, mayRepeat: boolean): number | null {
  for (let row = 1; row < at.length; row += 1) {
    const before = at[row - 1] ?? NaN;
    const now = at[row] ?? NaN;
    if (!(mayRepeat ? now >= before : now > before)) return row;
  }
  return null;
}

function finerFault({ finer, trades, timeframe }: BarSeries): string | null {
  if (trades !== null && firstOutOfOrder(trades.at, true) !== null)
    return 'its trades do not come oldest first';
  if (finer === null) return null;
  if (firstOutOfOrder(finer.openAt, false) !== null)
    return 'its finer bars do not come oldest first';
  if (!(finer.barMs > 0 && TIMEFRAMES[timeframe] % finer.barMs === 0))
    return `finer bars of ${finer.barMs} ms do not make up bars of ${timeframe}`;
  for (let row = 0; row < finer.length; row += 1) {
    const at = finer.openAt[row] ?? NaN;
    if (!isOnGrid(at, finer.barMs)) return `row ${row} of its finer bars begins at ${at}`;
    const wrong = barFault(finer, row);
    if (wrong !== null) return `row ${row} of its finer bars ${wrong}`;
  }
  return null;
}

/** Whether a time is a multiple of a length; `%` of floats takes several times as long. */
const isOnGrid = (at: number, length: number): boolean => Math.floor(at / length) * length === at;

function rowFault(series: BarSeries): string | null {
  const { openAt, timeframe } = series;
  const length = TIMEFRAMES[timeframe];
  const misplaced = firstOutOfOrder(openAt, false);
  if (misplaced !== null) return `row ${misplaced} does not lie after the one before it`;
  for (let row = 0; row < openAt.length; row += 1) {
    const at = openAt[row] ?? NaN;
    if (!(Number.isSafeInteger(at) && at >= 0 && isOnGrid(at, length)))
      return `row ${row} begins at ${at}, which is no start of a bar of ${timeframe}`;
    const wrong = barFault(series, row);
    if (wrong !== null) return `row ${row} ${wrong}`;
  }
  return null;
}

/** What is wrong with a series, in words: a backtest on it would be wrong. Missing bars are no fault. */
export function checkSeries(series: BarSeries): Result<BarSeries, string> {
  const fault = (text: string): Result<BarSeries, string> => err(`${series.marketKey}: ${text}`);
  for (const name of COLUMNS)
    if (series[name].length !== series.length)
      return fault(`column ${name} has ${series[name].length} rows, not ${series.length}`);
  const wrong = rowFault(series) ?? finerFault(series);
  return wrong === null ? ok(series) : fault(wrong);
}
