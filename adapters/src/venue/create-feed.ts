import { marketKeyOf } from '@tradewind/core/instrument/instrument';
import type { Trade } from '@tradewind/core/market/market';
import { BINANCE_HOSTS, BINANCE_OPTIONS, loadMarkets, retryableOnce } from './binance-client.ts';
import { openStream, type StreamClient } from './ccxt-clients.ts';
import { confine, hostsOf } from './redirect.ts';
import { ccxtSymbol } from './session.ts';
import { readTrade, recentIds } from './trade-reader.ts';
import type { TradeFeed } from './venue.ts';

export type FeedConfig = {
  /** ccxt's name of the venue; its public spot trades need no key. */
  readonly venue: string;
  /** Port of the local sandbox, which then answers for the venue; only for `binance`. */
  readonly sandboxPort?: number;
  /** Hears of what was left out: a trade that cannot be read, a symbol that the venue has not. */
  readonly onFault?: (symbol: string, what: string) => void;
};

const DEADLINE_MS = 10_000;
/** Trades of one symbol that may wait to be taken; ccxt drops older ones. */
const BACKLOG = 5_000;

/** A connection that stays silent is found dead within 20 s (MD-22): two pings without a pong. */
const PING = { keepAlive: 10_000, maxPingPongMisses: 2 };

async function connect(config: FeedConfig): Promise<StreamClient> {
  const { venue, sandboxPort } = config;
  if (sandboxPort !== undefined && venue !== 'binance')
    throw new Error(`The sandbox speaks Binance's dialect: it cannot stand in for ${venue}`);
  const client = openStream(venue, {
    timeout: DEADLINE_MS,
    newUpdates: true,
    options: {
      ...(venue === 'binance' ? BINANCE_OPTIONS : {}),
      defaultType: 'spot',
      tradesLimit: BACKLOG,
      // When to reconnect is decided by who reads the feed.
      ws: { ...PING, backoff: { base: 0 } },
    },
  });
  if (client === undefined) throw new Error(`"${venue}" is not a venue that streams trades`);
  await confine(client, {
    hosts: venue === 'binance' ? BINANCE_HOSTS : hostsOf(client),
    port: sandboxPort,
    deadlineMs: DEADLINE_MS,
  });
  await loadMarkets(client, 3 * DEADLINE_MS);
  return client;
}

/** Closes the connections; whoever waits on them is told, and so is this call, which expects it. */
const disconnect = (client: StreamClient): Promise<unknown> =>
  client.close().catch((error: unknown) => error);

/** Waits for news of any of `symbols`, in ccxt's spelling; returns the trades that woke it. */
async function news(client: StreamClient, symbols: readonly string[]): Promise<readonly unknown[]> {
  if (symbols.length === 0) throw new Error('the venue has none of the symbols');
  if (client.has['watchTradesForSymbols'] === true)
    return asList(await client.watchTradesForSymbols(symbols));
  const waits = symbols.map((symbol) => client.watchTrades(symbol));
  // Only the first is awaited: the others must not fail unheard.
  for (const wait of waits) wait.catch(() => undefined);
  return asList(await Promise.race(waits));
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/**
 * Trades of `symbol` that arrived while another symbol's woke us. Several symbols' trades can come
 * in one packet, and ccxt answers for one of them: the rest would wait for that symbol's next.
 */
function waiting(client: StreamClient, symbol: string): readonly unknown[] {
  const cache = client.trades?.[symbol];
  const count = cache?.getLimit(symbol, undefined) ?? 0;
  return cache === undefined || count === 0 ? [] : cache.slice(-count);
}

/** What one connection delivers: each trade once, what cannot be read left out. */
function createReader(config: FeedConfig, symbols: readonly string[]) {
  const markets = new Map(
    symbols.map((symbol) => [
      ccxtSymbol(symbol),
      {
        symbol,
        marketKey: marketKeyOf(config.venue, 'spot', symbol),
        ids: recentIds(2 * BACKLOG),
      },
    ]),
  );
  const readOne = (raw: unknown): Trade | undefined => {
    const named =
      typeof raw === 'object' && raw !== null && 'symbol' in raw ? String(raw.symbol) : '';
    const market = markets.get(named);
    if (market === undefined) return undefined;
    const trade = readTrade(market.marketKey, raw);
    if (trade === undefined) config.onFault?.(market.symbol, 'a trade that cannot be read');
    return trade !== undefined && market.ids.isNew(trade.tradeId) ? trade : undefined;
  };
  return (client: StreamClient, woke: readonly unknown[]): Trade[] =>
    [...woke, ...[...markets.keys()].flatMap((symbol) => waiting(client, symbol))]
      .map(readOne)
      .filter((trade) => trade !== undefined)
      .sort((a, b) => a.at - b.at);
}

/** Public trades of a venue through ccxt.pro; connects when first asked, and anew after a failure. */
export function createFeed(config: FeedConfig): TradeFeed {
  let listening:
    { readonly key: string; readonly read: ReturnType<typeof createReader> } | undefined;
  let current: StreamClient | undefined;
  const opened = retryableOnce(async () => (current = await connect(config)));
  const known = (client: StreamClient, symbols: readonly string[]): string[] =>
    symbols.map(ccxtSymbol).filter((symbol) => Object.hasOwn(client.markets ?? {}, symbol));

  const next = async (symbols: readonly string[]): Promise<readonly Trade[]> => {
    const client = await opened();
    const key = symbols.join();
    if (listening?.key !== key) {
      for (const symbol of symbols)
        if (known(client, [symbol]).length === 0)
          config.onFault?.(symbol, `${config.venue} does not list it`);
      // Another set of symbols is another connection: what the old one still sends is not awaited.
      if (listening !== undefined) await disconnect(client);
      listening = { key, read: createReader(config, symbols) };
    }
    // What came while nobody was waiting wakes no later wait.
    const missed = listening.read(client, []);
    if (missed.length > 0) return missed;
    return listening.read(client, await news(client, known(client, symbols)));
  };
  return {
    next,
    close: async () => {
      if (current !== undefined) await disconnect(current);
      await current?.fetchDispatcher?.destroy();
    },
  };
}
