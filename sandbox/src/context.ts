import type { EpochMs, MarketClock } from '@tradewind/core/lib/time';
import type { Exchange } from './exchange/exchange.ts';

/** What every route and stream works with. */
export type Context = {
  readonly exchange: Exchange;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly wallNow: () => EpochMs;
  readonly marketNow: () => EpochMs;
  readonly clock: () => MarketClock;
  readonly setClock: (clock: MarketClock) => void;
};
