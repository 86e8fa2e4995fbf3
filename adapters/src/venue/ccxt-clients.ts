import { binance, binanceusdm } from 'ccxt';
import { restClass, streamClass } from './ccxt-modules.ts';

/**
 * The only module beside ccxt-modules.ts that imports ccxt, so that one place decides how much of it
 * is loaded: from sources all of it (about 330 ms), in a bundle one venue (about 75 ms), where the
 * bundler answers `ccxt` with just the names used here.
 */

/** What ccxt knows of a market; `info` is the venue's own record. */
export type CcxtMarket = {
  readonly id: string;
  readonly symbol: string;
  readonly info: unknown;
  readonly active?: unknown;
};

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
  readonly fetchMyTrades: OfMarket;
  readonly fetchOrders: OfMarket;
} & Readonly<Record<AccountCall, (query: Query) => Promise<unknown>>>;
/** Binance's own calls that ccxt has no better name for. */
type AccountCall =
  | 'publicGetKlines'
  | 'sapiGetCapitalDepositHisrec'
  | 'sapiGetCapitalWithdrawHistory'
  | 'fapiPublicGetKlines'
  | `fapiPrivateGet${'' | 'Open' | 'All'}${'Order' | 'Orders' | 'AlgoOrder' | 'AlgoOrders'}`
  | `fapiPrivateDelete${'Order' | 'AlgoOrder' | 'AllOpenOrders' | 'AlgoOpenOrders'}`
  | `fapiPrivatePost${'Leverage' | 'MarginType'}`
  | `fapiPrivateV3Get${'PositionRisk' | 'Balance'}`
  | `fapiPrivateGet${'UserTrades' | 'SymbolConfig' | 'PositionSideDual' | 'Income' | 'ForceOrders'}`
  | 'fapiPrivateGetLeverageBracket';
type OfMarket = (
  ...query: readonly [
    symbol: string,
    since: number | undefined,
    limit: number,
    params: Readonly<Record<string, string>>,
  ]
) => Promise<unknown>;
type ByClientId = (
  id: undefined,
  symbol: string,
  params: { readonly clientOrderId: string },
) => Promise<unknown>;

/** A connection of a ccxt.pro client. */
export type CcxtSocket = { log: (...words: readonly unknown[]) => void };

/** A ccxt.pro client as the feed uses it. What is not read-only is put in its place. */
export type StreamClient = CcxtClient & {
  readonly has: Readonly<Record<string, unknown>>;
  /** Where ccxt's handlers put each trade: by symbol, something with `append`. */
  trades: unknown;
  /** Where they put each best bid and ask. */
  bidsasks: unknown;
  handleMessage: (socket: CcxtSocket, message: unknown) => void;
  onConnected: (socket: CcxtSocket) => void;
  onError: (socket: CcxtSocket, error: unknown) => void;
  onClose: (socket: CcxtSocket, event: unknown) => void;
  /** Binance only: the number of the connection that carries a set of subscriptions. */
  stream?: (type: string, subscriptions: string) => string;
  readonly watchTrades: (symbol: string) => Promise<unknown>;
  readonly close: () => Promise<unknown>;
} & Readonly<Record<ManySymbols, (symbols: readonly string[]) => Promise<unknown>>> & {
    readonly unWatchTrades: (symbol: string) => Promise<unknown>;
  };
type ManySymbols =
  'watchTradesForSymbols' | 'unWatchTradesForSymbols' | 'watchBidsAsks' | 'unWatchBidsAsks';

type Query = Readonly<Record<string, string | number>>;

/** A ccxt client as public market data uses it; the last lines are Binance's own calls. */
export type DataClient = CcxtClient & {
  readonly has: Readonly<Record<string, unknown>>;
  readonly precisionMode: unknown;
  readonly fetchTime: () => Promise<unknown>;
  readonly fetchTrades: (symbol: string, since?: number, limit?: number) => Promise<unknown>;
  readonly fetchOHLCV: (
    ...query: readonly [symbol: string, timeframe: string, since: number, limit: number]
  ) => Promise<unknown>;
  readonly fetchTicker: (symbol: string) => Promise<unknown>;
  readonly fetchTickers: (symbols: readonly string[]) => Promise<unknown>;
  sign: (path: string, ...rest: readonly unknown[]) => { readonly url: string };
} & Readonly<Record<BinanceCall, (query: Query) => Promise<unknown>>>;
type BinanceCall = `${'publicGet' | 'fapiPublicGet'}${
  | 'Time'
  | 'Trades'
  | 'HistoricalTrades'
  | 'AggTrades'
  | 'Klines'
  | 'TickerPrice'
  | 'TickerBookTicker'}`;

type Config = Readonly<Record<string, unknown>>;

// The casts narrow ccxt's types to what is used, and widen numbers to decimal text: ccxt takes
// both, its types say only `number`, and a float would lose digits.

/** ccxt's REST client of Binance. */
export const openBinance = (config: Config): RestClient =>
  new binance(config) as unknown as RestClient;

/** ccxt's REST client of Binance's USD-M futures. */
export const openBinanceFutures = (config: Config): RestClient =>
  new binanceusdm(config) as unknown as RestClient;

const make = (found: unknown, config: Config): unknown =>
  found === undefined ? undefined : new (found as new (config: Config) => unknown)(config);

/** ccxt.pro's streaming client of `venue`; `undefined` when it has none, or a bundle left it out. */
export const openStream = async (
  venue: string,
  config: Config,
): Promise<StreamClient | undefined> =>
  make(await streamClass(venue), config) as StreamClient | undefined;

/** ccxt's REST client of `venue` for public data; `undefined` when it has none. */
export const openData = async (venue: string, config: Config): Promise<DataClient | undefined> =>
  make(await restClass(venue), config) as DataClient | undefined;
