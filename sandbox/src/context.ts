import type { EpochMs, MarketClock } from '@tradewind/core/lib/time';
import type { Exchange } from './exchange/exchange.ts';

/** What every route and stream works with. */
export type Context = {
  readonly exchange: Exchange;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Opens the private stream of the futures account. */
  readonly listenKey: string;
  /** The venue's own clock of the wall, which may be wrong by what `setSkew` says. */
  readonly wallNow: () => EpochMs;
  readonly marketNow: () => EpochMs;
  readonly clock: () => MarketClock;
  readonly setClock: (clock: MarketClock) => void;
  readonly setSkew: (ms: number) => void;
};
