import { pro } from 'ccxt';
import { confine, hostsOf } from '@tradewind/adapters/venue/redirect';
import type { CcxtClient } from '@tradewind/adapters/venue/ccxt-clients';
import { qty } from '@tradewind/core/lib/units';
import { createSandbox, type Sandbox } from '../src/create-sandbox.ts';
import { KEY, SECRET } from './start.ts';

// The client has its production addresses and default options: only its sockets lead here.
let sandbox: Sandbox;
let exchange: InstanceType<typeof pro.binance>;

beforeAll(async () => {
  sandbox = await createSandbox({
    port: 0,
    symbols: ['BTC-USDT', 'ETH-USDT', 'SOL-USDT'],
    feed: 'sandbox',
    seed: 7,
    apiKey: KEY,
    apiSecret: SECRET,
    initial: { USDT: qty('10000') },
  });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  exchange = new pro.binance({ apiKey: KEY, secret: SECRET });
  const client = exchange as unknown as CcxtClient;
  await confine(client, { hosts: hostsOf(client), port: sandbox.port, deadlineMs: 5_000 });
});
afterEach(() => exchange.close());

const admin = (path: string, body: object) =>
  fetch(`http://127.0.0.1:${sandbox.port}/admin/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

test('markets, with default options and keys, have the tick, lot and minimum of the venue', async () => {
  const markets = await exchange.loadMarkets();
  const spot = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT'];
  expect(Object.keys(markets).sort()).toEqual(
    [...spot, ...spot.map((symbol) => `${symbol}:USDT`)].sort(),
  );
  expect(exchange.market('BTC/USDT')).toMatchObject({
    spot: true,
    active: true,
    precision: { price: 0.01, amount: 0.00001 },
    limits: { cost: { min: 5 } },
  });
});

test('time is wall time, and a day of minutes is there from the first moment', async () => {
  const before = Date.now();
  expect(await exchange.fetchTime()).toBeGreaterThanOrEqual(before);
  const since = Date.now() - 24 * 3_600_000 + 60_000;
  const first = await exchange.fetchOHLCV('BTC/USDT', '1m', since, 1_000);
  const second = await exchange.fetchOHLCV('BTC/USDT', '1m', Number(first.at(-1)?.[0]) + 1, 1_000);
  const all = [...first, ...second];
  expect(all.length).toBeGreaterThanOrEqual(1_438);
  all.forEach((candle, i) => {
    if (i > 0) expect(Number(candle[0]) - Number(all[i - 1]?.[0])).toBe(60_000);
    expect(Number(candle[3])).toBeLessThanOrEqual(Number(candle[2]));
    expect(Number(candle[5])).toBeGreaterThan(0);
  });
});

test('ticker, trades and book agree on where the market is', async () => {
  const ticker = await exchange.fetchTicker('BTC/USDT');
  const trades = await exchange.fetchTrades('BTC/USDT', undefined, 50);
  const book = await exchange.fetchOrderBook('BTC/USDT', 5);
  const last = trades.at(-1)?.price ?? 0;
  expect(Math.abs((ticker.last ?? 0) / last - 1)).toBeLessThan(0.01);
  expect(Number(book.bids[0]?.[0])).toBeLessThan(Number(book.asks[0]?.[0]));
});

test('a market order is filled, found by our id, and its trades carry the fee', async () => {
  const order = await exchange.createOrder('BTC/USDT', 'market', 'buy', 0.01, undefined, {
    clientOrderId: 'twBuy',
  });
  expect(order).toMatchObject({ status: 'closed', filled: 0.01, clientOrderId: 'twBuy' });
  const found = await exchange.fetchOrder('', 'BTC/USDT', { clientOrderId: 'twBuy' });
  expect(found).toMatchObject({ id: order.id, status: 'closed', filled: 0.01 });
  const [trade] = await exchange.fetchMyTrades('BTC/USDT', undefined, undefined, {
    orderId: order.id,
  });
  expect(trade).toMatchObject({ amount: 0.01, fee: { cost: 0.00001, currency: 'BTC' } });
  const balance = await exchange.fetchBalance();
  expect(balance['BTC']).toMatchObject({ free: 0.00999, used: 0 });
  expect(balance['USDT']?.free).toBeCloseTo(10_000 - Number(order.cost), 6);
});

test('a limit order rests, is listed, cancelled by our id, and cancel all takes the rest', async () => {
  const place = (clientOrderId: string) =>
    exchange.createOrder('BTC/USDT', 'limit', 'buy', 0.001, 10_000, { clientOrderId });
  await place('tw1');
  await place('tw2');
  await place('tw3');
  const open = await exchange.fetchOpenOrders('BTC/USDT');
  expect(open.map((order) => order.clientOrderId)).toEqual(['tw1', 'tw2', 'tw3']);
  await exchange.cancelOrder('', 'BTC/USDT', { clientOrderId: 'tw1' });
  const cancelled = await exchange.fetchOrder('', 'BTC/USDT', { clientOrderId: 'tw1' });
  expect(cancelled.status).toBe('canceled');
  await exchange.cancelAllOrders('BTC/USDT');
  expect(await exchange.fetchOpenOrders('BTC/USDT')).toEqual([]);
  await expect(exchange.cancelAllOrders('BTC/USDT')).rejects.toThrow('-2011');
});

test('spending a quote amount buys what it affords', async () => {
  const order = await exchange.createMarketBuyOrderWithCost('ETH/USDT', 100);
  expect(order.status).toBe('closed');
  expect(order.cost).toBeLessThanOrEqual(100);
  expect(order.cost).toBeGreaterThan(95);
});

test('the venue refuses in ccxt classes that say why', async () => {
  await expect(exchange.createOrder('BTC/USDT', 'market', 'buy', 5)).rejects.toMatchObject({
    name: 'InsufficientFunds',
  });
  await expect(
    exchange.fetchOrder('', 'BTC/USDT', { clientOrderId: 'never' }),
  ).rejects.toMatchObject({ name: 'OrderNotFound' });
  exchange.secret = 'wrong';
  await expect(exchange.fetchBalance()).rejects.toMatchObject({ name: 'AuthenticationError' });
});

test('trades, orders and balances stream', async () => {
  const [trade] = await exchange.watchTrades('BTC/USDT');
  expect(trade?.symbol).toBe('BTC/USDT');
  expect(trade?.price).toBeGreaterThan(1_000);
  const orders = exchange.watchOrders('BTC/USDT');
  const balances = exchange.watchBalance();
  await exchange.loadMarkets();
  // The stream subscribes in its own time: orders follow each other until one was seen.
  const progress = { seen: false };
  void orders.then(() => {
    progress.seen = true;
  });
  for (let i = 0; !progress.seen; i++)
    await exchange.createOrder('BTC/USDT', 'market', 'buy', 0.001, undefined, {
      clientOrderId: `tw${i}`,
    });
  const [order] = await orders;
  expect(order?.clientOrderId).toMatch(/^tw\d+$/);
  const balance = await balances;
  expect(balance['USDT']?.free).toBeGreaterThan(0);
});

test('klines stream while they form', async () => {
  const [candle] = await exchange.watchOHLCV('ETH/USDT', '1m');
  expect(Number(candle?.[0]) % 60_000).toBe(0);
});

test('a stream that is cut rejects, and comes back when it is watched again', async () => {
  await exchange.watchTrades('BTC/USDT');
  const lost = (async () => {
    for (;;) await exchange.watchTrades('BTC/USDT');
  })();
  void admin('stream', { disconnect: true });
  await expect(lost).rejects.toMatchObject({ name: 'NetworkError' });
  expect(await exchange.watchTrades('BTC/USDT')).not.toEqual([]);
});

test('a muted stream keeps its connection and says nothing until it is told to speak', async () => {
  await exchange.watchTrades('BTC/USDT');
  await admin('stream', { mute: true });
  const next = exchange.watchTrades('BTC/USDT');
  const before = sandbox.exchange.tape('BTC-USDT').count();
  while (sandbox.exchange.tape('BTC-USDT').count() < before + 3) await exchange.fetchTime();
  const silent = Symbol('silent');
  expect(await Promise.race([next, Promise.resolve(silent)])).toBe(silent);
  await admin('stream', { mute: false });
  expect(await next).not.toEqual([]);
});
