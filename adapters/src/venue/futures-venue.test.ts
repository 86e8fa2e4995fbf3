import { price, qty } from '@tradewind/core/lib/units';
import { FUTURES_SHAPES } from './futures-shapes.ts';
import { startFakeExchange, type Answer, type FakeExchange } from './testing/fake-exchange.ts';
import { code, KEY, playFutures, venueAt } from './testing/fixtures.ts';
import type { Venue, VenueOrder } from './venue.ts';

let exchange: FakeExchange;
let venue: Venue;
beforeEach(async () => {
  exchange = await startFakeExchange();
  playFutures(exchange);
  venue = venueAt(exchange.port, 'futures');
});
afterEach(async () => {
  await venue.close();
  await exchange.close();
});

const market: VenueOrder = {
  clientOrderId: 'twabcdefghijklmnopqrstuvwxyz',
  symbol: 'BTC-USDT',
  side: 'SELL',
  type: 'MARKET',
  quantity: qty('0.012'),
  limitPrice: null,
  timeInForce: 'GTC',
};
const limit: VenueOrder = { ...market, type: 'LIMIT', limitPrice: price('50000.1') };
const stop: VenueOrder = { ...market, type: 'STOP', triggerPrice: price('48000.5') };
const target: VenueOrder = { ...stop, type: 'TAKE_PROFIT' };
const [reduceOnly, positionSide] = [true, 'LONG' as const];

type Shape = (typeof FUTURES_SHAPES)[number];
type Golden = readonly [order: VenueOrder, sent: Readonly<Record<string, string>>];

const plain = { newClientOrderId: market.clientOrderId, newOrderRespType: 'RESULT' };
const asLimit = { ...plain, type: 'LIMIT', price: '50000.1' };
const waits = {
  clientAlgoId: market.clientOrderId,
  newOrderRespType: 'RESULT',
  algoType: 'CONDITIONAL',
  triggerPrice: '48000.5',
  workingType: 'CONTRACT_PRICE',
};
/** Each shape that may leave, and all that it is on the wire beside symbol, side and quantity. */
const GOLDEN: Readonly<Record<Shape, Golden>> = {
  MARKET: [market, { ...plain, type: 'MARKET' }],
  'LIMIT GTC': [limit, { ...asLimit, timeInForce: 'GTC' }],
  'LIMIT IOC': [
    { ...limit, timeInForce: 'IOC' },
    { ...asLimit, timeInForce: 'IOC' },
  ],
  'LIMIT FOK': [
    { ...limit, timeInForce: 'FOK' },
    { ...asLimit, timeInForce: 'FOK' },
  ],
  'MARKET REDUCE': [
    { ...market, reduceOnly },
    { ...plain, type: 'MARKET', reduceOnly: 'true' },
  ],
  'LIMIT GTC REDUCE': [
    { ...limit, reduceOnly },
    { ...asLimit, timeInForce: 'GTC', reduceOnly: 'true' },
  ],
  'LIMIT IOC REDUCE': [
    { ...limit, timeInForce: 'IOC', reduceOnly },
    { ...asLimit, timeInForce: 'IOC', reduceOnly: 'true' },
  ],
  'LIMIT FOK REDUCE': [
    { ...limit, timeInForce: 'FOK', reduceOnly },
    { ...asLimit, timeInForce: 'FOK', reduceOnly: 'true' },
  ],
  'STOP REDUCE': [
    { ...stop, reduceOnly },
    { ...waits, type: 'STOP_MARKET', reduceOnly: 'true' },
  ],
  'TAKE_PROFIT REDUCE': [
    { ...target, reduceOnly },
    { ...waits, type: 'TAKE_PROFIT_MARKET', reduceOnly: 'true' },
  ],
  'MARKET HEDGE': [
    { ...market, positionSide, reduceOnly },
    { ...plain, type: 'MARKET', positionSide },
  ],
  'LIMIT GTC HEDGE': [
    { ...limit, positionSide },
    { ...asLimit, timeInForce: 'GTC', positionSide },
  ],
  'LIMIT IOC HEDGE': [
    { ...limit, timeInForce: 'IOC', positionSide },
    { ...asLimit, timeInForce: 'IOC', positionSide },
  ],
  'LIMIT FOK HEDGE': [
    { ...limit, timeInForce: 'FOK', positionSide },
    { ...asLimit, timeInForce: 'FOK', positionSide },
  ],
  'STOP HEDGE': [
    { ...stop, positionSide, reduceOnly },
    { ...waits, type: 'STOP_MARKET', positionSide },
  ],
  'TAKE_PROFIT HEDGE': [
    { ...target, positionSide },
    { ...waits, type: 'TAKE_PROFIT_MARKET', positionSide },
  ],
};

test.each(FUTURES_SHAPES)('%s is exactly this request (EXE-08, VEN-07)', async (shape) => {
  const [order, expected] = GOLDEN[shape];
  const path = 'triggerPrice' in expected ? '/fapi/v1/algoOrder' : '/fapi/v1/order';
  exchange.on(`POST ${path}`, { json: {} });
  await venue.submit(order);
  const sent = exchange.seen.filter(({ method }) => method === 'POST');
  expect(sent).toMatchObject([{ host: 'fapi.binance.com', path, key: KEY }]);
  const { timestamp, signature, ...params } = sent[0]?.params ?? {};
  expect(Number(timestamp)).toBeGreaterThan(0);
  expect(signature).toMatch(/^[0-9a-f]{64}$/);
  expect(params).toEqual({
    symbol: 'BTCUSDT',
    side: 'SELL',
    quantity: '0.012',
    recvWindow: '5000',
    ...expected,
  });
});

const refused: readonly (readonly [string, VenueOrder, string])[] = [
  ['a stop that could open', stop, 'not among the orders'],
  ['a stop with a limit', { ...stop, reduceOnly, limitPrice: price('1') }, 'not among the orders'],
  ['a stop without a trigger', { ...stop, triggerPrice: null, reduceOnly }, 'trigger price'],
  ['a market order with one', { ...market, triggerPrice: price('1') }, 'trigger price'],
  ['a stop of a hedged side that would add', { ...stop, positionSide: 'SHORT' }, 'larger'],
  [
    'an exit of a hedged side that would add',
    { ...market, reduceOnly, positionSide: 'SHORT' },
    'larger',
  ],
  ['a market order with a price', { ...market, limitPrice: price('1') }, 'no limit price'],
  ['a trigger off the grid', { ...stop, reduceOnly, triggerPrice: price('1.001') }, 'tick grid'],
  ['a quantity off the grid', { ...market, quantity: qty('0.0000001') }, ''],
  ['an id of the venue’s own making', { ...market, clientOrderId: '' }, 'client order id'],
  ['a market that is not listed', { ...market, symbol: 'NO-SUCH' }, ''],
];
test.each(refused)('%s never leaves (VEN-06)', async (_, order, message) => {
  const outcome = await venue.submit(order);
  expect(outcome.kind).toBe('rejected');
  expect(outcome.kind === 'rejected' ? outcome.error.message : '').toContain(message);
  expect(exchange.seen.filter(({ method }) => method === 'POST')).toEqual([]);
});

test('loading asks for the futures markets and the time, and for nothing else', async () => {
  exchange.on('POST /fapi/v1/order', { json: {} });
  await venue.submit(market);
  await venue.submit(market);
  expect(exchange.seen.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
    'GET /fapi/v1/exchangeInfo',
    'GET /fapi/v1/time',
    'POST /fapi/v1/order',
    'POST /fapi/v1/order',
  ]);
});

/** What an answer to a new order means: its fate, and the code of the taxonomy (05, section 15). */
const fates: readonly (readonly [string, Answer, string, string])[] = [
  ['no answer', 'silence', 'unknown', 'NetworkTimeout'],
  ['a connection cut before the answer', 'disconnect', 'unknown', 'ConnectionLost'],
  ['a body that stalls', 'stall', 'unknown', 'NetworkTimeout'],
  ['a body that is cut', 'cut', 'unknown', 'UnexpectedError'],
  ['502 HTML', { status: 502, text: '<html>' }, 'unknown', 'VenueUnavailable'],
  ['504', { status: 504, text: '' }, 'unknown', 'NetworkTimeout'],
  ['403 HTML', { status: 403, text: '<html>WAF' }, 'unknown', 'VenueRefused'],
  ['200 HTML', { text: '<html>' }, 'unknown', 'UnexpectedError'],
  ['200 {}, a success without an id', { json: {} }, 'unknown', 'SchemaMismatch'],
  ['-1000', code(400, -1_000, 'unknown'), 'unknown', 'VenueUnavailable'],
  ['-1001', code(500, -1_001, 'disconnected'), 'unknown', 'VenueUnavailable'],
  ['-1007', code(408, -1_007, 'timeout'), 'unknown', 'NetworkTimeout'],
  ['-1008 overload', code(503, -1_008, 'overloaded'), 'unknown', 'VenueUnavailable'],
  ['a code nobody knows', code(400, -9_999, 'odd'), 'unknown', 'VenueError'],
  ['-4116', code(400, -4_116, 'ClientOrderId is duplicated.'), 'unknown', 'DuplicateClientId'],
  ['429', { status: 429, json: { code: -1_003, msg: 'slow' } }, 'notSent', 'RateLimited'],
  ['418', { status: 418, json: { code: -1_003, msg: 'banned' } }, 'notSent', 'RateBanned'],
  ['-1021 and again', code(400, -1_021, 'outside of recvWindow'), 'notSent', 'ClockSkew'],
  ['-5028', code(400, -5_028, 'outside of the ME recvWindow.'), 'notSent', 'ClockSkew'],
  ['-2014', code(401, -2_014, 'key'), 'notSent', 'AuthFailed'],
  ['-2015', code(401, -2_015, 'Invalid API-key, IP, or permissions'), 'notSent', 'AuthFailed'],
  ['-2019', code(400, -2_019, 'Margin is insufficient.'), 'rejected', 'InsufficientBalance'],
  ['-2021', code(400, -2_021, 'Order would immediately trigger.'), 'rejected', 'WouldTrigger'],
  ['-2022', code(400, -2_022, 'ReduceOnly Order is rejected.'), 'rejected', 'NothingToReduce'],
  ['-2027', code(400, -2_027, 'Exceeded the maximum position'), 'rejected', 'InvalidLeverage'],
  ['-4164', code(400, -4_164, "Order's notional must be no smaller"), 'rejected', 'OrderTooSmall'],
  ['-4141', code(400, -4_141, 'Symbol is closed.'), 'rejected', 'SymbolSuspended'],
  ['-1111', code(400, -1_111, 'Precision is over the maximum'), 'rejected', 'BadPrecision'],
  ['-1121', code(400, -1_121, 'Invalid symbol.'), 'rejected', 'BadSymbol'],
  [
    '-4061',
    code(400, -4_061, "position side does not match user's setting."),
    'rejected',
    'InvalidOrder',
  ],
];
test.each(fates)(
  'after %s is known for what it is (EXE-85, EXE-T19)',
  async (_, answer, kind, expected) => {
    exchange.on('POST /fapi/v1/order', answer);
    expect(await venue.submit(market)).toMatchObject({ kind, error: { code: expected } });
  },
);

test('a key that was revoked after it worked is no rate limit', async () => {
  exchange.on('GET /fapi/v3/balance', { json: [] });
  expect(await venue.balances()).toEqual({ ok: true, value: {} });
  exchange.on('POST /fapi/v1/order', code(401, -2_015, 'Invalid API-key, IP, or permissions'));
  expect(await venue.submit(market)).toMatchObject({
    kind: 'notSent',
    error: { code: 'AuthFailed', severity: 'CRITICAL', retryable: false },
  });
});
