import type { Instrument } from '@tradewind/core/instrument/instrument';
import { bucketStart, durationMs, type EpochMs } from '@tradewind/core/lib/time';
import type { Context } from '../context.ts';
import { bookOf } from '../exchange/book.ts';
import { type TapeCandle, type TapeTrade } from '../exchange/tape.ts';
import { INTERVALS, klines } from '../rest/klines.ts';
import { fixed8, renderAggregate } from '../rest/render.ts';
import { fromVenueSymbol, venueSymbol } from '../symbols.ts';

/** One public stream, such as `btcusdt@trade`. */
export type StreamName = { readonly instrument: Instrument; readonly topic: string };

/** `undefined` when the market is not listed or the topic is not played. */
export function parseStream(context: Context, name: string): StreamName | undefined {
  const [market = '', topic = ''] = name.split('@');
  const symbol = fromVenueSymbol(market);
  const instrument = symbol === undefined ? undefined : context.exchange.instruments.get(symbol);
  const interval = /^kline_(.+)$/.exec(topic)?.[1];
  const played =
    ['trade', 'aggTrade', 'bookTicker'].includes(topic) ||
    (interval !== undefined && INTERVALS[interval] !== undefined);
  return instrument !== undefined && played ? { instrument, topic } : undefined;
}

/** A trade as it goes over the wire: written by hand, as a load of thousands a second needs. */
export const tradeFrame = (symbol: string, trade: TapeTrade, now: EpochMs): string =>
  `{"e":"trade","E":${now},"s":"${venueSymbol(symbol)}","t":${trade.id},"p":"${fixed8(trade.price)}",` +
  `"q":"${fixed8(trade.size)}","T":${trade.at},"m":${trade.side === 'sell'},"M":true}`;

export const aggregateEvent = (symbol: string, trade: TapeTrade, now: EpochMs) => ({
  e: 'aggTrade',
  E: now,
  s: venueSymbol(symbol),
  ...renderAggregate(trade),
});

function klineEvent(
  symbol: string,
  candle: TapeCandle,
  { interval, sizeMs, now }: { interval: string; sizeMs: number; now: EpochMs },
) {
  return {
    e: 'kline',
    E: now,
    s: venueSymbol(symbol),
    k: {
      t: candle.openAt,
      T: candle.openAt + sizeMs - 1,
      s: venueSymbol(symbol),
      i: interval,
      f: -1,
      L: -1,
      o: fixed8(candle.open),
      c: fixed8(candle.close),
      h: fixed8(candle.high),
      l: fixed8(candle.low),
      v: fixed8(candle.volume),
      n: candle.trades,
      x: now >= candle.openAt + sizeMs,
      q: fixed8(candle.quoteVolume),
      V: fixed8(candle.buyVolume),
      Q: fixed8(candle.buyQuoteVolume),
      B: '0',
    },
  };
}

/** The forming kline, and before it the ones that closed since `since`. */
export function klineEvents(
  context: Context,
  { instrument, topic }: StreamName,
  since: EpochMs | undefined,
) {
  const interval = topic.slice('kline_'.length);
  const sizeMs = INTERVALS[interval];
  if (sizeMs === undefined) return [];
  const now = context.marketNow();
  const startTime = since === undefined ? undefined : bucketStart(since, durationMs(sizeMs));
  const found = klines(context.exchange.tape(instrument.symbol).candles().slice(-1_500), {
    now,
    sizeMs,
    startTime,
    endTime: undefined,
    limit: startTime === undefined ? 1 : 1_000,
  });
  return found.map((candle) => klineEvent(instrument.symbol, candle, { interval, sizeMs, now }));
}

/** Best bid and ask; `undefined` before the first trade. */
export function bookEvent({ exchange, marketNow }: Context, symbol: string) {
  const book = bookOf(exchange, symbol, marketNow());
  const [bid, ask] = [book?.bids[0], book?.asks[0]];
  if (bid === undefined || ask === undefined) return undefined;
  return {
    u: exchange.tape(symbol).count(),
    s: venueSymbol(symbol),
    b: fixed8(bid.price),
    B: fixed8(bid.size),
    a: fixed8(ask.price),
    A: fixed8(ask.size),
  };
}
