import type { BacktestConfig } from '@tradewind/core/backtest/config';
import { NEXT_OPEN, NO_LIMITS } from '@tradewind/core/backtest/config';
import { plainSeries, type BarSeries } from '@tradewind/core/backtest/data';
import { epochMs } from '@tradewind/core/lib/time';
import { money, price, qty } from '@tradewind/core/lib/units';
import { normal, seedFor } from '@tradewind/core/simulation/random';
import { createPool, type Pool, type PoolOptions } from '../pool.ts';

const MINUTE = 60_000;
const MARKET = 'test_spot_BTC-USDT';
export const BEGIN = Date.UTC(2026, 0, 1);
/** Strategies that tests run on threads, the built-in ones among them. */
export const TEST_REGISTRY = new URL('./strategies.ts', import.meta.url).href;

/** A market that trends now and then: one-minute bars, the same for the same seed. */
export function aSeries(length: number, seed = 1): BarSeries {
  let state = seedFor(seed, 'market');
  const draw = (): number => {
    const { value, seed: next } = normal(state);
    state = next;
    return value;
  };
  const column = (): Float64Array => new Float64Array(length);
  const [openAt, open, high, low, close, volume] = [
    column(),
    column(),
    column(),
    column(),
    column(),
    column(),
  ];
  let [px, trend] = [50_000, 0];
  for (let row = 0; row < length; row += 1) {
    trend = 0.97 * trend + 0.00012 * draw();
    openAt[row] = BEGIN + row * MINUTE;
    open[row] = px;
    px = Math.round(px * (1 + trend + 0.0008 * draw()) * 100) / 100;
    close[row] = px;
    high[row] = Math.max(open[row] ?? 0, px) + 5;
    low[row] = Math.min(open[row] ?? 0, px) - 5;
    volume[row] = 10;
  }
  const instrument = {
    marketKey: MARKET,
    venue: 'test',
    market: 'spot',
    symbol: 'BTC-USDT',
    base: 'BTC',
    quote: 'USDT',
    tickSize: price('0.01'),
    lotSize: qty('0.00001'),
    minQty: qty('0'),
    minNotional: money('0'),
  } as const;
  return plainSeries({ instrument, timeframe: '1m' }, { openAt, open, high, low, close, volume });
}

export const aConfig = (id = 'sma-cross', params: object = {}): BacktestConfig => ({
  ...NEXT_OPEN,
  sessionId: 'session',
  bookId: 'book',
  strategies: [
    {
      strategyId: 'one',
      strategy: { id, params },
      marketKeys: [MARKET],
      positionSize: { kind: 'cash', pct: 100 },
      protection: null,
      maxPositions: 1,
    },
  ],
  initialBalance: money('10000'),
  limits: NO_LIMITS,
  seed: 1,
  codeVersion: 'test',
  dataSessionId: null,
  createdAt: epochMs(BEGIN),
});

/** Threads that run tests' strategies; whoever makes them ends them. */
export const aPool = ({
  config = aConfig(),
  ...options
}: Partial<PoolOptions> & { readonly config?: BacktestConfig }): Pool =>
  createPool(
    { config, series: [aSeries(3_000)], registry: TEST_REGISTRY },
    { threads: 1, deadlineMs: 60_000, ...options },
  );
