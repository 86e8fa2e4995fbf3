import type { BarSeries } from './data.ts';

/** Rows of a column of times that lie in `[from, to)`, as first and end; the times are in order. */
function rowsWithin(at: Float64Array, from: number, to: number): readonly [number, number] {
  const firstFrom = (bound: number): number => {
    let [low, high] = [0, at.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((at[middle] ?? Infinity) < bound) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return [firstFrom(from), firstFrom(to)];
}

const cut = <T extends Readonly<Record<string, unknown>>>(
  columns: T,
  [first, end]: readonly [number, number],
): T =>
  Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [
      name,
      column instanceof Float64Array || column instanceof Uint8Array
        ? column.subarray(first, end)
        : name === 'length'
          ? end - first
          : column,
    ]),
  ) as T;

/**
 * The bars of a series that begin in `[from, to)`, epoch milliseconds, with the trades and finer bars of that time. The
 * columns are views of the series' own: nothing is copied.
 */
export function spanOf(series: BarSeries, from: number, to: number): BarSeries {
  const { windows, trades, finer } = series;
  const rows = rowsWithin(series.openAt, from, to);
  return {
    ...cut(series, rows),
    windows: windows === null ? null : cut(windows, rows),
    trades: trades === null ? null : cut(trades, rowsWithin(trades.at, from, to)),
    finer: finer === null ? null : cut(finer, rowsWithin(finer.openAt, from, to)),
  };
}
