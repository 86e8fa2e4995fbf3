import { binance, pro } from 'ccxt';

/**
 * The only module that imports ccxt, so that one place decides how much of it is loaded: from
 * sources all of it (about 330 ms), in a bundle one venue (about 75 ms), where the bundler answers
 * `ccxt` with just the names used here.
 */

/** What ccxt knows of a market; `info` is the venue's own record. */
export type CcxtMarket = { readonly id: string; readonly symbol: string; readonly info: unknown };

type Dispatcher = {
  readonly compose: (interceptor: (dispatch: Dispatch) => Dispatch) => Dispatcher;
  readonly destroy: () => Promise<void>;
};
/** undici's request entry: where a request can be redirected, refused or given a deadline. */
export type Dispatch = (
  request: DispatchRequest,
  handler: Readonly<Record<string, ((...args: never[]) => unknown) | undefined>>,
) => boolean;
export type DispatchRequest = {
  readonly origin?: string | URL;
  readonly headers?: unknown;
};

/** Parts of every ccxt client that we touch. */
export type CcxtClient = {
  options: Record<string, unknown>;
  readonly urls: { readonly api: unknown };
  readonly hostname?: string;
  fetchDispatcher: Dispatcher | undefined;
  readonly last_response_headers: Readonly<Record<string, unknown>> | undefined;
  readonly markets: Readonly<Record<string, CcxtMarket>> | undefined;
  readonly loadFetchImplementation: () => Promise<unknown>;
  readonly loadMarkets: (reload: boolean) => Promise<unknown>;
  readonly setMarkets: (markets: readonly CcxtMarket[]) => unknown;
};

/** ccxt's binance as we call it: amounts and prices as decimal text, never as floats. */
export type RestClient = CcxtClient & {
  readonly loadTimeDifference: () => Promise<unknown>;
  readonly amountToPrecision: (symbol: string, amount: string) => string;
  readonly priceToPrecision: (symbol: string, price: string) => string;
  readonly createOrder: (
    ...order: readonly [
      symbol: string,
      type: 'market' | 'limit',
      side: 'buy' | 'sell',
      amount: string,
      price: string | undefined,
      params: Readonly<Record<string, string>>,
    ]
  ) => Promise<unknown>;
  readonly fetchOrder: ByClientId;
  readonly cancelOrder: ByClientId;
  readonly cancelAllOrders: (symbol: string) => Promise<unknown>;
  readonly fetchOpenOrders: () => Promise<unknown>;
  readonly fetchBalance: () => Promise<unknown>;
  readonly fetchMyTrades: (
    ...query: readonly [
      symbol: string,
      since: undefined,
      limit: number,
      params: Readonly<Record<string, string>>,
    ]
  ) => Promise<unknown>;
  readonly publicGetKlines: (params: Readonly<Record<string, string | number>>) => Promise<unknown>;
};
type ByClientId = (
  id: undefined,
  symbol: string,
  params: { readonly clientOrderId: string },
) => Promise<unknown>;

/** A ccxt.pro client as the feed uses it. */
export type StreamClient = CcxtClient & {
  readonly has: Readonly<Record<string, unknown>>;
  /** Newest trades by symbol, each an array that grows at its end. */
  readonly trades: Readonly<Record<string, TradeCache | undefined>> | undefined;
  readonly watchTrades: (symbol: string) => Promise<unknown>;
  readonly watchTradesForSymbols: (symbols: readonly string[]) => Promise<unknown>;
  readonly close: () => Promise<unknown>;
};
export type TradeCache = readonly unknown[] & {
  /** Trades since this was last asked; may repeat until the next one arrives. */
  readonly getLimit: (symbol: string, limit: undefined) => number | undefined;
};

type Config = Readonly<Record<string, unknown>>;

// The casts narrow ccxt's types to what is used, and widen numbers to decimal text: ccxt takes
// both, its types say only `number`, and a float would lose digits.

/** ccxt's REST client of Binance. */
export const openBinance = (config: Config): RestClient =>
  new binance(config) as unknown as RestClient;

const streams = pro as unknown as Readonly<
  Record<string, (new (config: Config) => StreamClient) | undefined>
>;

/** ccxt.pro's streaming client of `venue`; `undefined` when it has none, or a bundle left it out. */
export function openStream(venue: string, config: Config): StreamClient | undefined {
  const Stream = Object.hasOwn(streams, venue) ? streams[venue] : undefined;
  return Stream === undefined ? undefined : new Stream(config);
}
