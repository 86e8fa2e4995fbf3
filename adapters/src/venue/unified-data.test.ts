import { ok } from '@tradewind/core/lib/result';
import { epochMs } from '@tradewind/core/lib/time';
import { price, qty } from '@tradewind/core/lib/units';
import type { CcxtMarket, DataClient } from './ccxt-clients.ts';
import { classify } from './errors.ts';
import type { PublicSession } from './public-session.ts';
import { unifiedData } from './unified-data.ts';

const T0 = 1_795_000_000_000;
const TICK_SIZE = 4;
const market = {
  id: 'XXBTZUSD',
  symbol: 'BTC/USDT',
  base: 'BTC',
  quote: 'USDT',
  precision: { price: 0.1, amount: 0.00001 },
  limits: { amount: { min: 0.0001 }, cost: { min: 5 } },
  info: {},
};

/** A venue's calls over a client that a test makes up. */
function callsOver(client: object, of: CcxtMarket = market) {
  const made = { precisionMode: TICK_SIZE, has: {}, markets: { 'BTC/USDT': of }, ...client };
  const read: PublicSession['read'] = async (work) => {
    try {
      return ok(await work(made as unknown as DataClient));
    } catch (thrown) {
      const circumstances = { call: 'repeatable' as const, secrets: [], retryAfterMs: null };
      return { ok: false, error: classify(thrown, circumstances).error };
    }
  };
  return unifiedData({
    source: { venue: 'kraken', market: 'spot', sandboxPort: undefined },
    wallNow: () => epochMs(T0 + 9),
    marketNow: () => epochMs(T0),
    session: {
      read,
      readMarket: (_, work) => read((made_) => work(made_, of)),
      close: () => Promise.resolve(),
    },
  });
}

test('trades since a time come oldest first with ids and exact decimals; broken ones are left out', async () => {
  const raw = (id: string, timestamp: number) => ({
    id,
    timestamp,
    symbol: 'BTC/USDT',
    side: 'buy',
    price: 50_000.1,
    amount: 0.00123,
    info: ['50000.10', '0.00123000'],
  });
  const asked: unknown[] = [];
  const calls = callsOver({
    fetchTrades: (...query: unknown[]) => {
      asked.push(query);
      return Promise.resolve([raw('3', T0 + 2), raw('1', T0 - 1), { id: 5 }, raw('2', T0)]);
    },
  });
  const read = await calls.trades('BTC-USDT', { since: epochMs(T0), limit: 50 });
  expect(asked).toEqual([['BTC/USDT', T0, 50]]);
  expect(read).toMatchObject({
    ok: true,
    value: [
      { tradeId: '2', marketKey: 'kraken_spot_BTC-USDT', price: price('50000.1') },
      { tradeId: '3', size: qty('0.00123') },
    ],
  });
  expect(await calls.trades('BTC-USDT', { sinceId: '7', limit: 1 })).toMatchObject({
    ok: false,
    error: { code: 'UnsupportedCall', message: 'kraken cannot tell trades from an id on' },
  });
});

test('a candle without counts tells that it traded, and not by whom', async () => {
  const calls = callsOver({
    fetchOHLCV: () =>
      Promise.resolve([
        [T0, 1, 3, 0.5, 2, 10],
        [T0 + 60_000, 2, 2, 2, 2, 0],
      ]),
  });
  expect(await calls.candles('BTC-USDT', { since: epochMs(T0), limit: 2 })).toMatchObject({
    ok: true,
    value: [
      { openAt: T0, volume: qty('10'), quoteVolume: price('20'), trades: 1, buyVolume: null },
      { trades: 0, volume: 0n, source: 'venue' },
    ],
  });
});

test('last prices come in one call where the venue can, else one by one; none is never zero (MD-05)', async () => {
  const ticker = { last: 50_000.1, timestamp: T0 - 5 };
  const many = callsOver({
    has: { fetchTickers: true },
    fetchTickers: () => Promise.resolve({ 'BTC/USDT': ticker, 'ETH/USDT': ticker }),
  });
  const one = callsOver({
    fetchTicker: () => Promise.resolve({ ...ticker, timestamp: undefined }),
  });
  const none = callsOver({ fetchTicker: () => Promise.resolve({ last: 0 }) });
  const ask = async (calls: typeof many) => {
    const read = await calls.lastPrices(['BTC-USDT', 'NO-SUCH']);
    return read.ok ? [...read.value] : [];
  };
  expect(await ask(many)).toEqual([['BTC-USDT', { price: price('50000.1'), at: T0 - 5 }]]);
  expect(await ask(one)).toEqual([['BTC-USDT', { price: price('50000.1'), at: T0 }]]);
  expect(await ask(none)).toEqual([]);
});

test('a quote needs both sides', async () => {
  const quoteOf = (ticker: object) =>
    callsOver({ fetchTicker: () => Promise.resolve(ticker) }).quote('BTC-USDT');
  expect(await quoteOf({ bid: 1.5, ask: 1.6, bidVolume: 2 })).toMatchObject({
    ok: true,
    value: { bid: price('1.5'), bidSize: qty('2'), askSize: 0n, at: T0, receivedAt: T0 + 9 },
  });
  expect(await quoteOf({ bid: 1.5 })).toMatchObject({
    ok: false,
    error: { code: 'SchemaMismatch' },
  });
});

test('rules are steps, whether ccxt tells them as steps or as digits', async () => {
  const wanted = {
    marketKey: 'kraken_spot_BTC-USDT',
    tickSize: price('0.1'),
    lotSize: qty('0.00001'),
    minQty: qty('0.0001'),
    minNotional: price('5'),
  };
  expect(await callsOver({}).instruments(['BTC-USDT'])).toMatchObject({ value: [wanted] });
  const digits = { ...market, precision: { price: 1, amount: 5 } };
  expect(await callsOver({ precisionMode: 2 }, digits).instruments(['BTC-USDT'])).toMatchObject({
    value: [wanted],
  });
  const bare = { ...market, precision: { price: undefined, amount: 5 } };
  expect(await callsOver({}, bare).instruments(['BTC-USDT'])).toMatchObject({ ok: false });
});
