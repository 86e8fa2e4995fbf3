import type { Instrument } from '../instrument/instrument.ts';
import { epochMs } from '../lib/time.ts';
import { money, price, qty } from '../lib/units.ts';
import { SIM_DEFAULTS, type SimConfig, type SimEvent, type SimFill } from './state.ts';

// A market and helpers that the engine's tests share.

export const KEY = 'binance_spot_BTC-USDT';
export const instrument: Instrument = {
  marketKey: KEY,
  venue: 'binance',
  market: 'spot',
  symbol: 'BTC-USDT',
  base: 'BTC',
  quote: 'USDT',
  tickSize: price('0.01'),
  lotSize: qty('0.001'),
  minQty: qty('0.001'),
  minNotional: money('5'),
};
export const instant: SimConfig = {
  ...SIM_DEFAULTS,
  instruments: { [KEY]: instrument },
  latencyMs: { min: 0, max: 0 },
};
export const delayed: SimConfig = { ...instant, latencyMs: { min: 50, max: 300 } };
export const T0 = 1_700_000_000_000;

export const tradeOf = (px: string, size: string, at = T0) => ({
  marketKey: KEY,
  tradeId: '1',
  price: price(px),
  size: qty(size),
  side: 'buy' as const,
  at: epochMs(at),
});
export const fillsOf = (events: readonly SimEvent[]): SimFill[] =>
  events.flatMap((event) => (event.kind === 'filled' ? [event.fill] : []));

export const FUTURE = 'binance_futures_BTC-USDT';
/** The perpetual beside the spot market, without latency and on the same grid. */
export const futureConfig: SimConfig = {
  ...instant,
  instruments: {
    [KEY]: instrument,
    [FUTURE]: { ...instrument, marketKey: FUTURE, market: 'futures' },
  },
};
export const futureTrade = (px: string, size: string, at = T0) => ({
  ...tradeOf(px, size, at),
  marketKey: FUTURE,
});
