import { marketKeyOf, type Instrument } from '@tradewind/core/instrument/instrument';
import { err, ok } from '@tradewind/core/lib/result';
import { epochMs } from '@tradewind/core/lib/time';
import {
  moneyOf,
  notional,
  priceFromFloat,
  qtyFromFloat,
  type Price,
  type Qty,
} from '@tradewind/core/lib/units';
import type { Candle, Trade } from '@tradewind/core/market/market';
import * as z from 'zod';
import type { CcxtMarket, DataClient } from './ccxt-clients.ts';
import { unsupported, type DataCalls, type DataParts } from './data-calls.ts';
import { MalformedReply, readReply } from './replies.ts';
import { createNamer, isRecord, isTime, readQuote, readTrade } from './trade-reader.ts';
import { findMarket, plainSymbol } from './venue-markets.ts';
import type { LastPrice } from './venue.ts';

/** ccxt's mark of a table of precisions that gives steps; others give digits. */
const TICK_SIZE = 4;

const positive = z.number().positive();
const price = positive.transform((x): Price => priceFromFloat(x, 'floor'));
const size = z
  .number()
  .nonnegative()
  .transform((x): Qty => qtyFromFloat(x, 'floor'));

/** A row of ccxt: time, open, high, low, close, base volume. */
const candleRow = z
  .tuple([z.int().nonnegative().transform(epochMs), price, price, price, price, size])
  .rest(z.unknown())
  .transform(([openAt, open, high, low, close, volume]): Candle => ({
    openAt,
    open,
    high,
    low,
    close,
    volume,
    buyVolume: null,
    // Not told: what the volume is worth at the close.
    quoteVolume: notional(close, volume, 'floor'),
    // Not told either; one stands for those that there were.
    trades: volume > 0n ? 1 : 0,
    buyTrades: null,
    gapFilled: false,
    incomplete: false,
    revision: 0,
    source: 'venue',
  }));

const rules = z.object({
  base: z.string().min(1),
  quote: z.string().min(1),
  precision: z.object({ price: positive, amount: positive }),
  limits: z
    .object({
      amount: z.object({ min: z.number().nonnegative().nullish() }).nullish(),
      cost: z.object({ min: z.number().nonnegative().nullish() }).nullish(),
    })
    .nullish(),
});

/** The rules of a market as ccxt unifies them. @throws MalformedReply where its steps are missing. */
function instrumentOf(
  { source }: DataParts,
  client: DataClient,
  { symbol, market }: { readonly symbol: string; readonly market: CcxtMarket },
): Instrument {
  const read = readReply(`the rules of ${symbol}`, rules, market);
  const step = (precision: number): number =>
    client.precisionMode === TICK_SIZE ? precision : 10 ** -precision;
  const lotSize = qtyFromFloat(step(read.precision.amount), 'floor');
  const minQty = qtyFromFloat(read.limits?.amount?.min ?? 0, 'ceil');
  return {
    marketKey: marketKeyOf(source.venue, source.market, symbol),
    venue: source.venue,
    market: source.market,
    symbol,
    base: read.base,
    quote: read.quote,
    tickSize: priceFromFloat(step(read.precision.price), 'floor'),
    lotSize,
    minQty: minQty > lotSize ? minQty : lotSize,
    minNotional: moneyOf(qtyFromFloat(read.limits?.cost?.min ?? 0, 'ceil')),
  };
}

const list = z.array(z.unknown());

function priceOf({ marketNow }: DataParts, ticker: unknown): LastPrice | undefined {
  if (!isRecord(ticker) || typeof ticker['last'] !== 'number' || !(ticker['last'] > 0))
    return undefined;
  const { last, timestamp } = ticker;
  const at = isTime(timestamp) ? epochMs(timestamp) : marketNow();
  return { price: priceFromFloat(last, 'floor'), at };
}

/** In one call where the venue can, else one by one. */
async function lastPrices(parts: DataParts, client: DataClient, symbols: readonly string[]) {
  const names = symbols
    .map((symbol) => findMarket(client, parts.source.market, symbol)?.symbol)
    .filter((name) => name !== undefined);
  const found = new Map<string, LastPrice>();
  if (names.length === 0) return found;
  const each = async (name: string) => [name, await client.fetchTicker(name)] as const;
  const reply =
    client.has['fetchTickers'] === true
      ? await client.fetchTickers(names)
      : Object.fromEntries(await Promise.all(names.map(each)));
  for (const [name, ticker] of Object.entries(isRecord(reply) ? reply : {})) {
    const last = names.includes(name) ? priceOf(parts, ticker) : undefined;
    if (last !== undefined) found.set(plainSymbol(name), last);
  }
  return found;
}

/** Trades since a time, or the newest; those that ccxt could not make whole are left out. */
async function readTrades(
  client: DataClient,
  name: string,
  wanted: {
    readonly marketKey: string;
    readonly since: number | undefined;
    readonly limit: number;
  },
): Promise<Trade[]> {
  const { marketKey, since, limit } = wanted;
  const namer = createNamer();
  return readReply(`trades of ${name}`, list, await client.fetchTrades(name, since, limit))
    .map((raw) => readTrade(marketKey, raw, namer))
    .filter((trade) => trade !== undefined)
    .filter(({ at }) => at >= (since ?? 0))
    .sort((a, b) => a.at - b.at);
}

/** Any venue through ccxt's unified calls: floats with their shortest decimals, ids where it has any. */
export function unifiedData(parts: DataParts): DataCalls {
  const { session, source, wallNow, marketNow } = parts;
  const { venue, market } = source;
  const keyOf = (symbol: string): string => marketKeyOf(venue, market, symbol);
  return {
    capabilities: {
      tradesById: false,
      tradesByTime: true,
      manyPrices: true,
      quotes: true,
      serverTime: true,
    },
    instruments: async (symbols) => {
      const found: Instrument[] = [];
      for (const symbol of symbols) {
        const read = await session.readMarket(symbol, (client, of) =>
          Promise.resolve(instrumentOf(parts, client, { symbol, market: of })),
        );
        if (!read.ok) return read;
        found.push(read.value);
      }
      return ok(found);
    },
    candles: (symbol, { since, limit, timeframe = '1m' }) =>
      session.readMarket(symbol, async (client, { symbol: name }) => {
        const reply = await client.fetchOHLCV(name, timeframe, since, Math.min(limit, 1_000));
        return readReply(`candles of ${symbol}`, z.array(candleRow), reply);
      }),
    trades: async (symbol, query) => {
      if ('sinceId' in query) return err(unsupported(source, 'trades from an id on'));
      const since = 'since' in query ? query.since : undefined;
      const wanted = { marketKey: keyOf(symbol), since, limit: query.limit };
      return session.readMarket(symbol, (client, { symbol: name }) =>
        readTrades(client, name, wanted),
      );
    },
    lastPrices: (symbols) => session.read((client) => lastPrices(parts, client, symbols)),
    quote: (symbol) =>
      session.readMarket(symbol, async (client, { symbol: name }) => {
        const reply = await client.fetchTicker(name);
        const times = { at: marketNow(), receivedAt: wallNow() };
        const quote = readQuote(keyOf(symbol), reply, times);
        if (quote !== undefined) return quote;
        throw new MalformedReply(`the quote of ${symbol}`, 'no bid and ask');
      }),
    serverTime: async (client) =>
      readReply('the time', z.int().nonnegative(), await client.fetchTime()),
  };
}
