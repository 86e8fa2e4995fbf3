import type { Instrument } from '@tradewind/core/instrument/instrument';
import { err, ok } from '@tradewind/core/lib/result';
import {
  addMoney,
  addQty,
  formatDecimal,
  maxPrice,
  minPrice,
  toNumber,
  ZERO_MONEY,
  ZERO_PRICE,
  ZERO_QTY,
} from '@tradewind/core/lib/units';
import type { Context } from '../context.ts';
import { bookOf, type Level } from '../exchange/book.ts';
import { venueSymbol } from '../symbols.ts';
import { listed, publicGet, readInstrument, type Answer, type Endpoint } from './endpoint.ts';
import { errors } from './errors.ts';
import { INTERVALS, klines } from './klines.ts';
import { readerOf, type Params } from './params.ts';
import { fixed8, renderCandle } from './render.ts';

/** The markets of a list such as `["BTCUSDT","ETHUSDT"]`; one that is not listed spoils it all. */
function readMarkets(text: string, context: Context): Instrument[] | undefined {
  if (!/^\["[A-Z0-9]+"(,"[A-Z0-9]+")*\]$/.test(text)) return undefined;
  const found = text
    .slice(2, -2)
    .split('","')
    .map((name) => listed(context, name));
  return found.every((instrument) => instrument !== undefined) ? found : undefined;
}

/** Answers for one market, for those of a list, or for every one when none is named. */
const perMarket =
  (render: (context: Context, instrument: Instrument) => unknown) =>
  (context: Context, params: Params): Answer => {
    if (params['symbols'] !== undefined) {
      const wanted = readMarkets(params['symbols'], context);
      if (wanted === undefined) return err(errors.symbol);
      return ok(wanted.map((instrument) => render(context, instrument)));
    }
    if (params['symbol'] === undefined) {
      const all = [...context.exchange.instruments.values()];
      return ok(all.map((instrument) => render(context, instrument)));
    }
    const read = readerOf(params);
    const instrument = readInstrument(read, context);
    const error = read.error();
    if (instrument === undefined || error !== undefined) return err(error ?? errors.symbol);
    return ok(render(context, instrument));
  };

/** The last 24 hours of one market. */
function ticker24h({ exchange, marketNow }: Context, { symbol }: Instrument) {
  const now = marketNow();
  const tape = exchange.tape(symbol);
  const day = tape.candles().filter(({ openAt }) => openAt > now - 86_400_000);
  const first = day[0];
  const last = tape.newest(1).at(-1);
  const close = exchange.lastPrice(symbol) ?? day.at(-1)?.close;
  const book = bookOf(exchange, symbol, now);
  const [bid, ask] = [book?.bids[0], book?.asks[0]];
  if (first === undefined || close === undefined)
    return { symbol: venueSymbol(symbol), lastPrice: null, count: 0, closeTime: now };
  const high = day.reduce((most, candle) => maxPrice(most, candle.high), first.high);
  const low = day.reduce((least, candle) => minPrice(least, candle.low), first.low);
  const volume = day.reduce((sum, candle) => addQty(sum, candle.volume), ZERO_QTY);
  const quoteVolume = day.reduce((sum, candle) => addMoney(sum, candle.quoteVolume), ZERO_MONEY);
  const change = toNumber(close) - toNumber(first.open);
  const average = volume > 0n ? toNumber(quoteVolume) / toNumber(volume) : toNumber(close);
  return {
    symbol: venueSymbol(symbol),
    priceChange: change.toFixed(8),
    priceChangePercent: ((change / toNumber(first.open)) * 100).toFixed(3),
    weightedAvgPrice: average.toFixed(8),
    prevClosePrice: fixed8(first.open),
    lastPrice: fixed8(close),
    lastQty: fixed8(last?.size ?? ZERO_QTY),
    bidPrice: fixed8(bid?.price ?? close),
    bidQty: fixed8(bid?.size ?? ZERO_QTY),
    askPrice: fixed8(ask?.price ?? close),
    askQty: fixed8(ask?.size ?? ZERO_QTY),
    openPrice: fixed8(first.open),
    highPrice: fixed8(high),
    lowPrice: fixed8(low),
    volume: fixed8(volume),
    quoteVolume: fixed8(quoteVolume),
    openTime: now - 86_400_000,
    closeTime: now,
    firstId: Math.max(1, tape.oldestId()),
    lastId: tape.count(),
    count: day.reduce((sum, candle) => sum + candle.trades, 0),
  };
}

function bookTicker({ exchange, marketNow }: Context, { symbol }: Instrument) {
  const book = bookOf(exchange, symbol, marketNow());
  const [bid, ask] = [book?.bids[0], book?.asks[0]];
  return {
    symbol: venueSymbol(symbol),
    bidPrice: fixed8(bid?.price ?? ZERO_PRICE),
    bidQty: fixed8(bid?.size ?? ZERO_QTY),
    askPrice: fixed8(ask?.price ?? ZERO_PRICE),
    askQty: fixed8(ask?.size ?? ZERO_QTY),
  };
}

function candles(context: Context, params: Params): Answer {
  const read = readerOf(params);
  const instrument = readInstrument(read, context);
  const interval = read.required('interval');
  const sizeMs = INTERVALS[interval];
  if (interval !== '' && sizeMs === undefined) read.fail(errors.interval);
  const [startTime, endTime] = [read.time('startTime'), read.time('endTime')];
  const limit = read.limit(500, 1_000);
  const error = read.error();
  if (error !== undefined || instrument === undefined || sizeMs === undefined)
    return err(error ?? errors.symbol);
  const now = context.marketNow();
  const found = klines(context.exchange.tape(instrument.symbol).candles(), {
    now,
    sizeMs,
    startTime,
    endTime,
    limit,
  });
  return ok(found.map((candle) => renderCandle(candle, sizeMs)));
}

function depth(context: Context, params: Params): Answer {
  const read = readerOf(params);
  const instrument = readInstrument(read, context);
  const limit = Math.min(5, read.limit(100, 5_000));
  const error = read.error();
  if (error !== undefined || instrument === undefined) return err(error ?? errors.symbol);
  const book = bookOf(context.exchange, instrument.symbol, context.marketNow());
  const render = (levels: readonly Level[] = []) =>
    levels.slice(0, limit).map(({ price, size }) => [fixed8(price), fixed8(size)]);
  const lastUpdateId = context.exchange.tape(instrument.symbol).count();
  return ok({ lastUpdateId, bids: render(book?.bids), asks: render(book?.asks) });
}

/** Market data: no key needed. */
export const marketEndpoints: readonly Endpoint[] = [
  publicGet('/api/v3/klines', candles),
  publicGet('/api/v3/uiKlines', candles),
  publicGet('/api/v3/depth', depth),
  publicGet('/api/v3/ticker/24hr', perMarket(ticker24h)),
  publicGet('/api/v3/ticker/bookTicker', perMarket(bookTicker)),
  publicGet(
    '/api/v3/ticker/price',
    perMarket(({ exchange }, { symbol }) => {
      const last = exchange.lastPrice(symbol);
      return {
        symbol: venueSymbol(symbol),
        price: last === undefined ? null : formatDecimal(last),
      };
    }),
  ),
];
