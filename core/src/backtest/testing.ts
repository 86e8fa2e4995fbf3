import type { Instrument } from '../instrument/instrument.ts';
import { epochMs } from '../lib/time.ts';
import { money, price, qty } from '../lib/units.ts';
import { NEXT_OPEN, NO_LIMITS, type BacktestConfig, type BacktestStrategy } from './config.ts';
import { plainSeries, type BarSeries } from './data.ts';

/** What tests have in common; no backtest uses it. */

export const MARKET = 'test_spot_BTC-USDT';

/** Whole units at any size: the rules of a plain bar backtester. */
export const anInstrument = (change: Partial<Instrument> = {}): Instrument => ({
  marketKey: MARKET,
  venue: 'test',
  market: 'spot',
  symbol: 'BTC-USDT',
  base: 'BTC',
  quote: 'USDT',
  tickSize: price('0.01'),
  lotSize: qty('1'),
  minQty: qty('0'),
  minNotional: money('0'),
  ...change,
});

/** Open, high, low, close and, if it matters, volume. */
export type Row = readonly [
  open: number,
  high: number,
  low: number,
  close: number,
  volume?: number,
];

const MINUTE = 60_000;
/** 2026-01-01, 00:00 UTC: where the bars of {@link seriesOf} begin. */
export const BEGIN = Date.UTC(2026, 0, 1);

/** One-minute bars without a gap. */
export function seriesOf(rows: readonly Row[], instrument = anInstrument()): BarSeries {
  const column = (pick: (row: Row, index: number) => number): Float64Array =>
    Float64Array.from(rows, pick);
  return plainSeries(
    { instrument, timeframe: '1m' },
    {
      openAt: column((_, index) => BEGIN + index * MINUTE),
      open: column(([open]) => open),
      high: column(([, high]) => high),
      low: column(([, , low]) => low),
      close: column(([, , , close]) => close),
      volume: column(([, , , , volume = 1_000]) => volume),
    },
  );
}

export const aStrategy = (change: Partial<BacktestStrategy> = {}): BacktestStrategy => ({
  strategyId: 'one',
  strategy: { id: 'sma-cross', params: {} },
  marketKeys: [MARKET],
  positionSize: { kind: 'cash', pct: 100 },
  protection: null,
  maxPositions: 1,
  ...change,
});

/** One strategy with a thousand million to spend, and no limits. */
export const aConfig = (change: Partial<BacktestConfig> = {}): BacktestConfig => ({
  ...NEXT_OPEN,
  sessionId: 'session',
  bookId: 'book',
  strategies: [aStrategy()],
  initialBalance: money('1000000000'),
  limits: NO_LIMITS,
  seed: 1,
  codeVersion: 'test',
  dataSessionId: null,
  createdAt: epochMs(BEGIN),
  ...change,
});
