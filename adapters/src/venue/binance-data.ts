import { marketKeyOf } from '@tradewind/core/instrument/instrument';
import type { Trade } from '@tradewind/core/market/market';
import * as z from 'zod';
import type { CcxtMarket, DataClient } from './ccxt-clients.ts';
import type { DataCalls, DataParts } from './data-calls.ts';
import {
  lastPricesReply,
  publicAggregateReply,
  publicTradeReply,
  quoteReply,
  timeReply,
} from './public-replies.ts';
import { candleReply, marketReply, readReply } from './replies.ts';
import { findMarket } from './venue-markets.ts';
import type { LastPrice, StreamedMarket, TradeQuery } from './venue.ts';

/** Up to this many symbols are named; for more the whole list costs the venue less. */
const NAMED_PRICES = 100;

type Call = 'Time' | 'Trades' | 'HistoricalTrades' | 'AggTrades' | 'Klines';
type Tickers = 'TickerPrice' | 'TickerBookTicker';
type Query = Readonly<Record<string, string | number>>;

/** The id after one that counts up; the stream's ids and REST's are the same. */
const following = (id: string): string => String(BigInt(id) + 1n);

/** Calls of the kind of market, in the client's own names. */
const askOf =
  (market: StreamedMarket['market']) =>
  (client: DataClient, call: Call | Tickers, query: Query): Promise<unknown> =>
    market === 'spot' ? client[`publicGet${call}`](query) : client[`fapiPublicGet${call}`](query);
type Ask = ReturnType<typeof askOf>;
type Wanted = { readonly client: DataClient; readonly id: string; readonly query: TradeQuery };

const readAggregates = (reply: unknown) =>
  readReply('aggregated trades', z.array(publicAggregateReply), reply);

/** Spot: trades one by one, by the stream's ids. */
async function spotTrades(ask: Ask, { client, id: symbol, query }: Wanted) {
  const { limit } = query;
  const read = (reply: unknown) => readReply('trades', z.array(publicTradeReply), reply);
  const from = async (fromId: string) =>
    read(await ask(client, 'HistoricalTrades', { symbol, fromId, limit }));
  if ('sinceId' in query) return from(following(query.sinceId));
  if (!('since' in query)) return read(await ask(client, 'Trades', { symbol, limit }));
  // Only aggregates can be asked for by time; the first of them says with which trade it begins.
  const reply = await ask(client, 'AggTrades', { symbol, startTime: query.since, limit: 1 });
  const [first] = readAggregates(reply);
  return first === undefined ? [] : from(first.firstTradeId);
}

/** Futures: aggregates, which is what their stream sends too. */
async function futuresTrades(ask: Ask, { client, id: symbol, query }: Wanted) {
  const { limit } = query;
  if ('sinceId' in query) {
    const fromId = following(query.sinceId);
    return readAggregates(await ask(client, 'AggTrades', { symbol, fromId, limit }));
  }
  const where: Query = 'since' in query ? { startTime: query.since } : {};
  return readAggregates(await ask(client, 'AggTrades', { symbol, ...where, limit }));
}

/** Last prices of those symbols that the venue lists; one that never traded has none (MD-05). */
async function lastPrices(
  { source: { market }, marketNow }: DataParts,
  client: DataClient,
  symbols: readonly string[],
) {
  const wanted = new Map<string, string>();
  for (const symbol of symbols) {
    const id = findMarket(client, market, symbol)?.id;
    if (id !== undefined) wanted.set(id, symbol);
  }
  const found = new Map<string, LastPrice>();
  if (wanted.size === 0) return found;
  const named = market === 'spot' && wanted.size <= NAMED_PRICES;
  const query: Query = named ? { symbols: JSON.stringify([...wanted.keys()]) } : {};
  const reply = await askOf(market)(client, 'TickerPrice', query);
  const at = marketNow();
  for (const { symbol: id, price, time } of readReply('last prices', lastPricesReply, reply)) {
    const symbol = wanted.get(id);
    if (symbol !== undefined && price !== null) found.set(symbol, { price, at: time ?? at });
  }
  return found;
}

/** Binance's own words: exact decimals, and trades by the stream's ids. */
export function binanceData(parts: DataParts): DataCalls {
  const { session, source, wallNow, marketNow } = parts;
  const { venue, market } = source;
  const ask = askOf(market);
  const tradesOf = market === 'spot' ? spotTrades : futuresTrades;
  return {
    capabilities: {
      tradesById: true,
      tradesByTime: true,
      manyPrices: true,
      quotes: true,
      serverTime: true,
    },
    instruments: (symbols) => readInstruments(parts, symbols),
    candles: (symbol, { since, limit, timeframe = '1m' }) =>
      session.readMarket(symbol, async (client, { id }) => {
        const query = { symbol: id, interval: timeframe, startTime: since };
        const reply = await ask(client, 'Klines', { ...query, limit: Math.min(limit, 1_000) });
        return readReply(`candles of ${symbol}`, z.array(candleReply), reply);
      }),
    trades: (symbol, query) =>
      session.readMarket(symbol, async (client, { id }) => {
        const marketKey = marketKeyOf(venue, market, symbol);
        const since = 'since' in query ? query.since : 0;
        const found = await tradesOf(ask, { client, id, query });
        return found
          .filter(({ at }) => at >= since)
          .map(({ id: tradeId, price, size, side, at }): Trade => ({
            marketKey,
            tradeId,
            price,
            size,
            side,
            at,
          }));
      }),
    lastPrices: (symbols) => session.read((client) => lastPrices(parts, client, symbols)),
    quote: (symbol) =>
      session.readMarket(symbol, async (client, { id }) => {
        const reply = await ask(client, 'TickerBookTicker', { symbol: id });
        const { time, ...quote } = readReply(`the quote of ${symbol}`, quoteReply, reply);
        const marketKey = marketKeyOf(venue, market, symbol);
        return { marketKey, ...quote, at: time ?? marketNow(), receivedAt: wallNow() };
      }),
    serverTime: async (client) => readReply('the time', timeReply, await ask(client, 'Time', {})),
  };
}

async function readInstruments(
  { session, source }: DataParts,
  symbols: readonly string[],
): ReturnType<DataCalls['instruments']> {
  const { venue, market } = source;
  const found = [];
  for (const symbol of symbols) {
    const read = await session.readMarket(symbol, (_, { info }: CcxtMarket) =>
      Promise.resolve(
        readReply(`the rules of ${symbol}`, marketReply, info)(venue, symbol, market),
      ),
    );
    if (!read.ok) return read;
    found.push(read.value);
  }
  return { ok: true, value: found };
}
