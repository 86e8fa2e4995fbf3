import {
  NEXT_OPEN,
  NO_LIMITS,
  type BacktestConfig,
  type BacktestStrategy,
} from '@tradewind/core/backtest/config';
import { plainSeries, type BarSeries } from '@tradewind/core/backtest/data';
import type { BacktestResult } from '@tradewind/core/backtest/result';
import { runBacktest } from '@tradewind/core/backtest/run';
import type { Instrument } from '@tradewind/core/instrument/instrument';
import { epochMs } from '@tradewind/core/lib/time';
import { money, price, qty, toNumber, type Money } from '@tradewind/core/lib/units';
import { strategyById } from '@tradewind/strategies/registry';
import type { Columns } from './backtest-bars.ts';

export const INSTRUMENT: Instrument = {
  marketKey: 'binance_spot_BTC-USDT',
  venue: 'binance',
  market: 'spot',
  symbol: 'BTC-USDT',
  base: 'BTC',
  quote: 'USDT',
  tickSize: price('0.1'),
  lotSize: qty('0.00001'),
  minQty: qty('0.00001'),
  minNotional: money('5'),
};

/** The benchmark's bars of one market. */
export const seriesOf = (columns: Columns): BarSeries =>
  plainSeries({ instrument: INSTRUMENT, timeframe: '1m' }, columns);

/** A strategy with a million to spend, all of it each time or `size`, filled at the next open for 0.1 % a side. */
export const configOf = (
  strategy: BacktestStrategy['strategy'],
  { size, marketKey = INSTRUMENT.marketKey }: { size?: Money; marketKey?: string } = {},
): BacktestConfig => ({
  ...NEXT_OPEN,
  sessionId: 'bench',
  bookId: 'bench',
  strategies: [
    {
      strategyId: strategy.id,
      strategy,
      marketKeys: [marketKey],
      positionSize:
        size === undefined ? { kind: 'cash', pct: 100 } : { kind: 'quote', amount: size },
      protection: null,
      maxPositions: 1,
    },
  ],
  initialBalance: money('1000000'),
  limits: NO_LIMITS,
  seed: 1,
  codeVersion: 'bench',
  dataSessionId: null,
  createdAt: epochMs(0),
});

/** @throws Error when the strategy does not run: then there is nothing to measure. */
export function ourBacktest(config: BacktestConfig, series: BarSeries): BacktestResult {
  const result = runBacktest(config, [series], { strategyById });
  if (!result.ok) throw new Error(result.error);
  if (result.value.counts.bars !== series.length) throw new Error('Not every bar was run');
  return result.value;
}

export const summaryOf = ({ trades, finalBalance }: BacktestResult) => ({
  entries: trades.length,
  equity: toNumber(finalBalance),
});
