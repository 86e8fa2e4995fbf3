import { sign } from '../src/rest/auth.ts';
import { call, signed, type Spoilt } from './raw-client.ts';
import { KEY, SECRET, startSandbox } from './start.ts';

let desk: Awaited<ReturnType<typeof startSandbox>>;
let port: number;

beforeEach(async () => {
  desk = await startSandbox();
  ({ port } = desk.sandbox);
  await desk.trade(['BTC-USDT', '50000'], ['ETH-USDT', '3000']);
});
afterEach(() => desk.sandbox.close());

const ORDER = ['POST', '/api/v3/order'] as const;
const market = { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.01' };
const limit = {
  symbol: 'BTCUSDT',
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: '0.01',
  price: '40000.00',
};

describe('who calls', () => {
  test.each<[string, Spoilt, number, number]>([
    ['a key that looks like none', { key: 'x' }, 401, -2014],
    ['a key of somebody else', { key: 'somebody-else-0123' }, 401, -2015],
    ['a wrong secret', { secret: 'wrong' }, 400, -1022],
    ['a time long ago', { timestamp: String(Date.now() - 20_000) }, 400, -1021],
    ['a time in the future', { timestamp: String(Date.now() + 5_000) }, 400, -1021],
    ['no time', { timestamp: '' }, 400, -1102],
  ])('%s is refused', async (_what, over, status, code) => {
    const reply = await signed(port, ['GET', '/api/v3/account', over]);
    expect(reply).toMatchObject({ status, body: { code } });
  });

  test('a key alone opens what needs no signature, and none opens market data', async () => {
    const ping = await call(port, { method: 'GET', path: '/api/v3/ping' });
    expect(ping).toEqual({ status: 200, body: {} });
    const pairs = { method: 'GET', path: '/sapi/v1/margin/allPairs' } as const;
    expect(await call(port, pairs)).toMatchObject({ status: 401 });
  });

  test('another host than the venue is refused, and admin is not reachable under its name', async () => {
    const evil = await call(port, { method: 'GET', path: '/api/v3/ping', host: 'api.kraken.com' });
    expect(evil).toMatchObject({ status: 421 });
    const admin = await call(port, { method: 'GET', path: '/admin/state' });
    expect(admin).toMatchObject({ status: 421 });
  });

  test('a path that is not played says so', async () => {
    const reply = await call(port, { method: 'GET', path: '/api/v3/nothing' });
    expect(reply).toEqual({
      status: 404,
      body: { code: -5000, msg: 'Path /api/v3/nothing, Method GET is invalid' },
    });
  });
});

test.each<[string, Record<string, string>, number, string]>([
  ['unknown symbol', { ...market, symbol: 'XXXUSDT' }, -1121, 'Invalid symbol.'],
  ['no symbol', { side: 'BUY', type: 'MARKET', quantity: '1' }, -1102, "'symbol'"],
  ['wrong side', { ...market, side: 'HOLD' }, -1117, 'Invalid side.'],
  ['unknown type', { ...market, type: 'TRAILING' }, -1116, 'Invalid orderType.'],
  ['a stop without its price', { ...market, type: 'STOP_LOSS' }, -1102, "'stopPrice'"],
  ['a stop price without a stop', { ...market, stopPrice: '1' }, -1106, "'stopPrice'"],
  [
    'a stop that the market has passed',
    { ...market, type: 'STOP_LOSS', stopPrice: '49000' },
    -2010,
    'trigger immediately',
  ],
  ['wrong time in force', { ...limit, timeInForce: 'DAY' }, -1115, 'Invalid timeInForce.'],
  ['market order with a price', { ...market, price: '1' }, -1106, "'price'"],
  [
    'market order without size',
    { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET' },
    -1102,
    "'quantity'",
  ],
  ['letters for a number', { ...market, quantity: 'much' }, -1100, "'quantity'"],
  ['too many decimals', { ...market, quantity: '0.0000000012' }, -1111, "'quantity'"],
  ['a bad client id', { ...market, newClientOrderId: 'über id' }, -1100, "'newClientOrderId'"],
  ['a price off the tick', { ...limit, price: '40000.001' }, -1013, 'PRICE_FILTER'],
  ['a quantity off the lot', { ...limit, quantity: '0.000001' }, -1013, 'LOT_SIZE'],
  ['too small a value', { ...limit, quantity: '0.0001' }, -1013, 'NOTIONAL'],
  ['more than there is', { ...market, quantity: '1' }, -2010, 'insufficient balance'],
])('placing: %s', async (_what, params, code, words) => {
  const reply = await signed(port, ORDER, params);
  expect(reply).toMatchObject({ status: 400, body: { code } });
  expect(JSON.stringify(reply.body)).toContain(words);
});

test('an order that is not there: -2013 on look-up, -2011 on cancel', async () => {
  const named = { symbol: 'BTCUSDT', origClientOrderId: 'never' };
  expect(await signed(port, ['GET', '/api/v3/order'], named)).toMatchObject({
    body: { code: -2013, msg: 'Order does not exist.' },
  });
  expect(await signed(port, ['DELETE', '/api/v3/order'], named)).toMatchObject({
    body: { code: -2011, msg: 'Unknown order sent.' },
  });
  expect(await signed(port, ['DELETE', '/api/v3/openOrders'], { symbol: 'BTCUSDT' })).toMatchObject(
    { body: { code: -2011 } },
  );
});

test('ADR-0003 a client order id is refused while its order is open and taken again after the fill', async () => {
  const id = { newClientOrderId: 'tw1' };
  expect(await signed(port, ORDER, { ...limit, ...id })).toMatchObject({ status: 200 });
  expect(await signed(port, ORDER, { ...limit, ...id })).toMatchObject({
    status: 400,
    body: { code: -2010, msg: 'Duplicate order sent.' },
  });
  const filled = { ...market, newClientOrderId: 'tw2' };
  expect(await signed(port, ORDER, filled)).toMatchObject({
    body: { status: 'FILLED', orderId: 2 },
  });
  expect(await signed(port, ORDER, filled)).toMatchObject({
    body: { status: 'FILLED', orderId: 3 },
  });
});

test('FULL tells the fills with price, quantity and commission', async () => {
  // 50000 x (1 + 0.01 % + 0.1 % + 0.05 % x 0.01 / 0.5) = 50055.5
  expect(await signed(port, ORDER, market)).toMatchObject({
    body: {
      status: 'FILLED',
      executedQty: '0.01000000',
      cummulativeQuoteQty: '500.55500000',
      fills: [
        {
          price: '50055.50000000',
          qty: '0.01000000',
          commission: '0.00001000',
          commissionAsset: 'BTC',
          tradeId: 1,
        },
      ],
    },
  });
});

test('an order above 10 % of the last minute is filled in part, and on by the next trade', async () => {
  const big = { ...market, quantity: '0.08', newClientOrderId: 'big' };
  expect(await signed(port, ORDER, big)).toMatchObject({
    body: { status: 'PARTIALLY_FILLED', executedQty: '0.05000000' },
  });
  await desk.trade(['BTC-USDT', '50000']);
  const asked = { symbol: 'BTCUSDT', origClientOrderId: 'big' };
  expect(await signed(port, ['GET', '/api/v3/order'], asked)).toMatchObject({
    body: { status: 'FILLED', executedQty: '0.08000000' },
  });
  const trades = await signed(port, ['GET', '/api/v3/myTrades'], {
    symbol: 'BTCUSDT',
    orderId: '1',
  });
  expect(trades.body).toHaveLength(2);
});

test('a signature covers the query and the body of a POST, one after the other', async () => {
  const query = `timestamp=${Date.now()}&recvWindow=5000`;
  const form = new URLSearchParams(market).toString();
  const sent = { method: 'POST', path: '/api/v3/order/test', key: KEY, query } as const;
  const signature = sign(query + form, SECRET);
  const good = await call(port, { ...sent, form: `${form}&signature=${signature}` });
  expect(good).toEqual({ status: 200, body: {} });
  const changed = form.replace('0.01', '0.02');
  const bad = await call(port, { ...sent, form: `${changed}&signature=${signature}` });
  expect(bad).toMatchObject({ status: 400, body: { code: -1022 } });
});

test('klines of five minutes are made of five of one, and start where they are asked to', async () => {
  const candles = Array.from({ length: 60 }, (_, i) => ({
    openAt: Math.floor(Date.now() / 3_600_000) * 3_600_000 - (60 - i) * 60_000,
    open: '100',
    high: String(110 + i),
    low: '90',
    close: '105',
    volume: '2',
    buyVolume: '1.5',
  }));
  await desk.admin('POST', 'history', { symbol: 'ETH-USDT', candles });
  const startTime = candles[10]?.openAt ?? 0;
  const query = `symbol=ETHUSDT&interval=5m&limit=2&startTime=${startTime}`;
  const { body } = await call(port, { method: 'GET', path: '/api/v3/klines', query });
  expect(body).toEqual([
    expect.arrayContaining([startTime, '100.00000000', '124.00000000', '90.00000000']),
    expect.arrayContaining([startTime + 300_000, '129.00000000', '10.00000000', '7.50000000']),
  ]);
  const wrong = 'symbol=ETHUSDT&interval=7m';
  const refused = await call(port, { method: 'GET', path: '/api/v3/klines', query: wrong });
  expect(refused).toMatchObject({ status: 400, body: { code: -1120 } });
});

test('the account report is exact: what was paid and the fee, at the last price', async () => {
  await signed(port, ORDER, market);
  const { body } = await call(port, { method: 'GET', path: '/admin/account', host: 'localhost' });
  // 10000 - 500.555 + 0.00999 x 50000 = 9998.945
  expect(body).toMatchObject({
    quoteValue: '9998.945',
    quoteValueAtStart: '10000',
    pnlQuote: '-1.055',
  });
});

test.each([
  ['trades', { trades: [{ symbol: 'BTC-USDT', at: 1, price: '0', size: '1', side: 'buy' }] }],
  ['trades', { trades: [{ symbol: 'DOGE-USDT', at: 1, price: '1', size: '1', side: 'buy' }] }],
  ['faults', { kind: 'meteor' }],
  ['clock', { origin: 0, startedAt: 0, speed: 0 }],
])('admin/%s says what is wrong with %j', async (path, body) => {
  await expect(desk.admin('POST', path, body)).rejects.toThrow(/: 400 \{"error":"/);
});
