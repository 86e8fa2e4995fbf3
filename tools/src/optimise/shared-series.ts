import type { BarSeries } from '@tradewind/core/backtest/data';

function shared<T extends Readonly<Record<string, unknown>>>(columns: T): T {
  const copied = Object.entries(columns).map(([name, column]) => {
    if (column instanceof Float64Array) {
      const copy = new Float64Array(new SharedArrayBuffer(column.byteLength));
      copy.set(column);
      return [name, copy];
    }
    if (column instanceof Uint8Array) {
      const copy = new Uint8Array(new SharedArrayBuffer(column.byteLength));
      copy.set(column);
      return [name, copy];
    }
    return [name, column];
  });
  return Object.fromEntries(copied) as T;
}

/** The same series with its columns in memory that all threads see: sent to one of them, nothing is copied. */
export const shareSeries = (series: BarSeries): BarSeries => ({
  ...shared(series),
  trades: series.trades === null ? null : shared(series.trades),
  finer: series.finer === null ? null : shared(series.finer),
  windows: series.windows === null ? null : shared(series.windows),
});
