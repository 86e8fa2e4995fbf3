import type { EpochMs } from '@tradewind/core/lib/time';
import type { DataClient } from './ccxt-clients.ts';
import type { PublicSession } from './public-session.ts';
import type { PublicSource } from './venue-markets.ts';
import type { MarketData, StreamedMarket, VenueError } from './venue.ts';

/** What a venue's own calls have to provide. */
export type DataCalls = Pick<
  MarketData,
  'capabilities' | 'instruments' | 'candles' | 'trades' | 'lastPrices' | 'quote'
> & {
  /** The venue's time, as it says it. */
  readonly serverTime: (client: DataClient) => Promise<number>;
};
export type DataParts = {
  readonly session: PublicSession;
  readonly source: PublicSource;
  readonly wallNow: () => EpochMs;
  readonly marketNow: () => EpochMs;
};

/** A question that the venue's interface has no answer to. */
export const unsupported = ({ venue }: StreamedMarket, what: string): VenueError => ({
  code: 'UnsupportedCall',
  severity: 'LOW',
  retryable: false,
  message: `${venue} cannot tell ${what}`,
  retryAfterMs: null,
});
