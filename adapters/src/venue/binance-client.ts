import {
  openBinance,
  openBinanceFutures,
  type CcxtClient,
  type RestClient,
} from './ccxt-clients.ts';
import { confine, DeadlineExceeded } from './redirect.ts';
import { MalformedReply } from './replies.ts';

/** Hosts of Binance's spot API. */
export const BINANCE_HOSTS = ['api.binance.com', 'stream.binance.com', 'ws-api.binance.com'];

/** Hosts of Binance's USD-M futures API. */
export const FUTURES_HOSTS = ['fapi.binance.com', 'fstream.binance.com'];

/** The server refuses a signed request that arrives later than this after it was signed. */
export const RECEIVE_WINDOW_MS = 5_000;

/** Options of every Binance client: spot only, none of ccxt's own extra calls, its own timers off. */
export const BINANCE_OPTIONS = {
  defaultType: 'spot',
  fetchMarkets: { types: ['spot'] },
  fetchCurrencies: false,
  fetchMargins: false,
  // Done by us before anything is signed; ccxt would do it after.
  adjustForTimeDifference: false,
  recvWindow: RECEIVE_WINDOW_MS,
  fetchOpenOrders: { warnWithoutSymbol: false },
  warnOnFetchOpenOrdersWithoutSymbol: false,
};

/** The same for linear futures. */
export const FUTURES_OPTIONS = {
  ...BINANCE_OPTIONS,
  defaultType: 'swap',
  fetchMarkets: { types: ['linear'] },
};

export type ClientConfig = {
  readonly market: 'spot' | 'futures';
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly sandboxPort: number | undefined;
  readonly deadlineMs: number;
  /** ccxt's queue before each request: for bulk reads only, an order must not wait in line. */
  readonly throttled: boolean;
};

/** ccxt's Binance client, confined to its hosts, with nothing loaded yet. */
export async function openClient(config: ClientConfig): Promise<RestClient> {
  const isSpot = config.market === 'spot';
  const client = (isSpot ? openBinance : openBinanceFutures)({
    apiKey: config.apiKey,
    secret: config.apiSecret,
    timeout: config.deadlineMs,
    enableRateLimit: config.throttled,
    enableLastHttpResponse: false,
    enableLastJsonResponse: false,
    options: isSpot ? BINANCE_OPTIONS : FUTURES_OPTIONS,
  });
  await confine(client, {
    hosts: isSpot ? BINANCE_HOSTS : FUTURES_HOSTS,
    port: config.sandboxPort,
    deadlineMs: config.deadlineMs,
  });
  return client;
}

/**
 * `work`, given up after `ms`.
 *
 * The dispatcher's own deadline ends the request; this one is for a wait outside it, such as a
 * compressed body that is cut, which ccxt's reader never notices.
 */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DeadlineExceeded(ms));
    }, ms);
  });
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Loads the venue's markets into `client`.
 *
 * @throws MalformedReply when there are none: ccxt takes a page of HTML for a venue without
 * markets, and would then refuse every order as one for an unknown market.
 */
export async function loadMarkets(client: CcxtClient, ms: number): Promise<void> {
  await within(ms, client.loadMarkets(true));
  if (Object.keys(client.markets ?? {}).length === 0)
    throw new MalformedReply('the list of markets', 'it has none');
}

/** What `start` makes, made once for all who ask, and made anew after it failed. */
export function retryableOnce<T>(start: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= start().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
