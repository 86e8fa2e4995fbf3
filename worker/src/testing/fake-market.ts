import type {
  FeedBatch,
  FeedTrade,
  MarketData,
  TradeFeed,
  TradeQuery,
  VenueError,
} from '@tradewind/adapters/venue/venue';
import { marketKeyOf, type Instrument } from '@tradewind/core/instrument/instrument';
import { err, ok, type Result } from '@tradewind/core/lib/result';
import { epochMs } from '@tradewind/core/lib/time';
import { money, price, priceFromFloat, qty, toNumber } from '@tradewind/core/lib/units';
import { TIMEFRAMES, type Candle, type Trade } from '@tradewind/core/market/market';

/** A market on a grid of cents and thousandths. */
export const instrument = (symbol: string): Instrument => ({
  marketKey: marketKeyOf('binance', 'spot', symbol),
  venue: 'binance',
  market: 'spot',
  symbol,
  base: symbol.split('-')[0] ?? '',
  quote: symbol.split('-')[1] ?? '',
  tickSize: price('0.01'),
  lotSize: qty('0.001'),
  minQty: qty('0.001'),
  minNotional: money('5'),
});

/** One trade: `id` counts up, `text` is its price. */
export const tradeOf = (
  symbol: string,
  id: number,
  { at, text = '100' }: { readonly at: number; readonly text?: string },
): Trade => ({
  marketKey: marketKeyOf('binance', 'spot', symbol),
  tradeId: String(id),
  price: price(text),
  size: qty('1'),
  side: id % 2 === 0 ? 'buy' : 'sell',
  at: epochMs(at),
});

const failure = (code: string) =>
  err({ code, severity: 'LOW' as const, retryable: true, message: 'down', retryAfterMs: null });

/** How many of `trades`, oldest first, come before `at`. */
function countBefore(trades: readonly Trade[], at: number): number {
  let [low, high] = [0, trades.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((trades[middle]?.at ?? Infinity) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The venue's own candle: what traded in `[openAt, openAt + length)`. */
function venueCandle(trades: readonly Trade[], openAt: number, length: number): Candle {
  const first = countBefore(trades, openAt);
  const inside = trades.slice(first, countBefore(trades, openAt + length));
  const before = trades[first - 1]?.price ?? price('100');
  const prices = inside.map((trade) => trade.price).sort((a, b) => (a < b ? -1 : 1));
  return {
    openAt: epochMs(openAt),
    open: inside[0]?.price ?? before,
    high: prices.at(-1) ?? before,
    low: prices[0] ?? before,
    close: inside.at(-1)?.price ?? before,
    volume: qty(String(inside.length)),
    buyVolume: qty(String(inside.filter(({ side }) => side === 'buy').length)),
    quoteVolume: money(inside.reduce((sum, trade) => sum + toNumber(trade.price), 0).toFixed(2)),
    trades: inside.length,
    buyTrades: null,
    gapFilled: false,
    incomplete: false,
    revision: 0,
    source: 'venue',
  };
}

type Answer<T> = Promise<Result<T, VenueError>>;

/** What `query` asks for, of `trades`, oldest first. */
function answer(trades: readonly Trade[], query: TradeQuery): readonly Trade[] {
  const { limit } = query;
  if ('sinceId' in query)
    return trades.filter(({ tradeId }) => Number(tradeId) > Number(query.sinceId)).slice(0, limit);
  if ('since' in query) return trades.slice(countBefore(trades, query.since)).slice(0, limit);
  return trades.slice(-limit);
}

/** A venue with everything that was ever printed; the test prints, moves the clock and lets it fail. */
export function fakeMarket(now: () => number) {
  const printed = new Map<string, Trade[]>();
  const state = { down: false, tradesById: true, skewMs: 0, factor: 1, calls: [] as string[] };
  const of = (symbol: string): Trade[] => {
    const known = printed.get(symbol) ?? [];
    printed.set(symbol, known);
    return known;
  };
  const heard = (symbol: string): readonly Trade[] => {
    const all = of(symbol);
    return all.slice(0, countBefore(all, now() + 1));
  };
  const reply = <T>(call: string, body: () => Result<T, VenueError>): Answer<T> => {
    state.calls.push(call);
    return Promise.resolve(state.down ? failure('NetworkTimeout') : body());
  };
  const data: MarketData = {
    capabilities: {
      get tradesById() {
        return state.tradesById;
      },
      ...{ tradesByTime: true, manyPrices: true, quotes: true, serverTime: true },
    },
    instruments: (symbols) => reply('instruments', () => ok(symbols.map(instrument))),
    listed: () => reply('listed', () => ok([...printed.keys()])),
    candles: (symbol, { since, limit, timeframe = '1m' }) =>
      reply(`candles ${symbol} ${timeframe}`, () => {
        const length = TIMEFRAMES[timeframe];
        const all = heard(symbol);
        const first = Math.ceil(since / length) * length;
        const count = Math.min(limit, Math.floor(now() / length) - first / length + 1);
        const opens = Array.from({ length: Math.max(0, count) }, (_, n) => first + n * length);
        return ok(opens.map((openAt) => venueCandle(all, openAt, length)));
      }),
    trades: (symbol, query) =>
      reply(`trades ${symbol}`, () =>
        'sinceId' in query && !state.tradesById
          ? failure('UnsupportedCall')
          : ok([...answer(heard(symbol), query)]),
      ),
    lastPrices: (symbols) =>
      reply(`prices ${symbols.join(' ')}`, () => {
        const told = symbols.flatMap((symbol) => {
          const last = heard(symbol).at(-1);
          if (last === undefined) return [];
          return [
            [
              symbol,
              { price: priceFromFloat(toNumber(last.price) * state.factor, 'floor'), at: last.at },
            ] as const,
          ];
        });
        return ok(new Map(told));
      }),
    quote: () => reply('quote', () => failure('UnsupportedCall')),
    clock: () => reply('clock', () => ok({ skewMs: state.skewMs, roundTripMs: 1 })),
    close: () => Promise.resolve(),
  };
  return { data, state, of };
}

/** A stream that the test feeds: batches in, failures too. */
export function fakeFeed() {
  const subscribed = new Map<string, number>();
  const waiting: (FeedBatch | Error)[] = [];
  let wake: (() => void) | null = null;
  let lastFrameAt: number | null = null;
  const put = (item: FeedBatch | Error): void => {
    waiting.push(item);
    wake?.();
  };
  const feed: TradeFeed = {
    subscribe: (symbol, channel) => {
      const name = `${symbol} ${channel}`;
      subscribed.set(name, (subscribed.get(name) ?? 0) + 1);
      return () => void subscribed.set(name, (subscribed.get(name) ?? 1) - 1);
    },
    next: async (signal) => {
      while (waiting.length === 0) {
        if (signal.aborted) throw new Error('aborted');
        await new Promise<void>((done) => {
          wake = done;
          signal.addEventListener('abort', () => {
            done();
          });
        });
      }
      const item = waiting.shift();
      if (item === undefined || item instanceof Error) throw item ?? new Error('none');
      return item;
    },
    lastFrameAt: () => (lastFrameAt === null ? null : epochMs(lastFrameAt)),
    close: () => Promise.resolve(),
  };
  return {
    feed,
    subscribed: () => [...subscribed].filter(([, count]) => count > 0).map(([name]) => name),
    send: (trades: readonly Trade[], receivedAt: number): void => {
      lastFrameAt = receivedAt;
      const arrived = trades.map((trade): FeedTrade => ({
        ...trade,
        receivedAt: epochMs(receivedAt),
      }));
      put({ trades: arrived, quotes: [], receivedAt: epochMs(receivedAt), faults: [] });
    },
    fail: (message: string): void => {
      put(new Error(message));
    },
  };
}
