import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { plainSeries } from '@tradewind/core/backtest/data';
import { runBacktest } from '@tradewind/core/backtest/run';
import { aConfig, anInstrument } from '@tradewind/core/backtest/testing';
import { toNumber } from '@tradewind/core/lib/units';
import { strategyById } from './registry.ts';

// Trades of an independent backtester, backtesting.py, on the same bars with the same rule.
const data = process.env['TRADEWIND_DATA'] ?? 'data';
const folder =
  process.env['TRADEWIND_REFERENCE'] ??
  [join(data, 'reference'), join(data, '..', 'bench', 'reference')].find(existsSync) ??
  'reference';
const barsFile = join(data, 'ohlcv_1m_binance_usdm_btcusdt_202505_202506.csv.gz');
const referenceFile = join(folder, 'sma-10-30-btcusdt-1m.csv');
const withReference = existsSync(barsFile) && existsSync(referenceFile) ? test : test.skip;

const rowsOf = (text: string): number[][] =>
  text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));

describe('the backtest beside backtesting.py', () => {
  withReference('STR-93 SMA(10/30) gives the same 1,475 trades, one by one', () => {
    const rows = rowsOf(gunzipSync(readFileSync(barsFile)).toString());
    const column = (at: number): Float64Array => Float64Array.from(rows, (row) => row[at] ?? NaN);
    const bars = plainSeries(
      { instrument: anInstrument(), timeframe: '1m' },
      {
        openAt: column(0),
        open: column(1),
        high: column(2),
        low: column(3),
        close: column(4),
        volume: column(5),
      },
    );
    const result = runBacktest(aConfig(), [bars], { strategyById });
    if (!result.ok) throw new Error(result.error);
    const { trades, finalBalance } = result.value;

    const reference = rowsOf(readFileSync(referenceFile, 'utf8'));
    expect(trades).toHaveLength(1_475);
    trades.forEach((trade, index) => {
      const [entryAt, exitAt, entry, exit, size, pnl = NaN] = reference[index] ?? [];
      const { entryBarAt, exitBarAt, entryPrice, exitPrice, quantity, netPnl, side } = trade;
      const ours = [
        entryBarAt,
        exitBarAt,
        side,
        ...[entryPrice, exitPrice, quantity].map(toNumber),
      ];
      expect(ours).toEqual([entryAt, exitAt, 'LONG', entry, exit, size]);
      expect(Math.abs(toNumber(netPnl) - pnl)).toBeLessThanOrEqual(1e-6);
    });
    expect(toNumber(finalBalance)).toBeCloseTo(52_549_624.84, 2);
  });
});
