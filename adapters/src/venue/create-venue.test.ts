import { price, qty } from '@tradewind/core/lib/units';
import {
  exchangeMarket,
  startFakeExchange,
  type Answer,
  type FakeExchange,
} from './testing/fake-exchange.ts';
import {
  code,
  filledReply,
  KEY,
  limit,
  market,
  openReply,
  SECRET,
  venueAt,
} from './testing/fixtures.ts';
import { SPOT_SHAPES } from './order-shapes.ts';
import type { Venue, VenueOrder } from './venue.ts';

let exchange: FakeExchange;
let venue: Venue;
beforeEach(async () => {
  exchange = await startFakeExchange();
  venue = venueAt(exchange.port);
});
afterEach(async () => {
  await venue.close();
  await exchange.close();
});

describe('golden requests', () => {
  const sell = { ...market, side: 'SELL' } as const;
  const sellLimit = { ...limit, side: 'SELL' } as const;
  const stop: VenueOrder = { ...sell, type: 'STOP', triggerPrice: price('48000.5') };
  const target: VenueOrder = { ...stop, type: 'TAKE_PROFIT' };
  const stopLimit = { ...stop, limitPrice: price('47999.5') };
  const asLimit = { type: 'LIMIT', price: '50000.1' };
  const waits = { side: 'SELL', stopPrice: '48000.5' };
  const waitsLimit = { ...waits, price: '47999.5', timeInForce: 'GTC' };
  type Golden = readonly [VenueOrder, Record<string, string>];
  /** Each shape that may leave, and what sets it apart on the wire. */
  const golden: Record<(typeof SPOT_SHAPES)[number], Golden> = {
    'BUY MARKET': [market, { type: 'MARKET' }],
    'BUY LIMIT GTC': [limit, { ...asLimit, timeInForce: 'GTC' }],
    'BUY LIMIT IOC': [
      { ...limit, timeInForce: 'IOC' },
      { ...asLimit, timeInForce: 'IOC' },
    ],
    'BUY LIMIT FOK': [
      { ...limit, timeInForce: 'FOK' },
      { ...asLimit, timeInForce: 'FOK' },
    ],
    'SELL MARKET': [
      { ...sell, reduceOnly: true },
      { type: 'MARKET', side: 'SELL' },
    ],
    'SELL LIMIT GTC': [sellLimit, { ...asLimit, side: 'SELL', timeInForce: 'GTC' }],
    'SELL LIMIT IOC': [
      { ...sellLimit, timeInForce: 'IOC' },
      { ...asLimit, side: 'SELL', timeInForce: 'IOC' },
    ],
    'SELL LIMIT FOK': [
      { ...sellLimit, timeInForce: 'FOK' },
      { ...asLimit, side: 'SELL', timeInForce: 'FOK' },
    ],
    'SELL STOP': [stop, { ...waits, type: 'STOP_LOSS' }],
    'SELL STOP LIMIT GTC': [stopLimit, { ...waitsLimit, type: 'STOP_LOSS_LIMIT' }],
    'SELL TAKE_PROFIT': [target, { ...waits, type: 'TAKE_PROFIT' }],
    'SELL TAKE_PROFIT LIMIT GTC': [
      { ...stopLimit, type: 'TAKE_PROFIT' },
      { ...waitsLimit, type: 'TAKE_PROFIT_LIMIT' },
    ],
  };
  test.each(SPOT_SHAPES)('%s is exactly this request (EXE-08, VEN-07)', async (shape) => {
    const [order, expected] = golden[shape];
    exchange.on('POST /api/v3/order', { json: openReply });
    await venue.submit(order);
    const [sent] = exchange.requests('POST /api/v3/order');
    const { timestamp, signature, ...params } = sent?.params ?? {};
    expect(sent).toMatchObject({ host: 'api.binance.com', key: KEY });
    expect(Number(timestamp)).toBeGreaterThan(0);
    expect(signature).toMatch(/^[0-9a-f]{64}$/);
    expect(params).toEqual({
      symbol: 'BTCUSDT',
      side: 'BUY',
      quantity: '0.01234',
      newClientOrderId: order.clientOrderId,
      newOrderRespType: 'FULL',
      recvWindow: '5000',
      ...expected,
    });
  });

  test('loading asks for the spot markets and the time, and for nothing else', async () => {
    exchange.on('POST /api/v3/order', { json: openReply });
    await venue.submit(limit);
    await venue.submit(limit);
    const calls = exchange.seen.map(({ method, path }) => `${method} ${path}`);
    expect(calls.sort()).toEqual([
      'GET /api/v3/exchangeInfo',
      'GET /api/v3/time',
      'POST /api/v3/order',
      'POST /api/v3/order',
    ]);
  });

  const refused: [string, VenueOrder, string][] = [
    ['a stop that buys', { ...stop, side: 'BUY' }, 'not among the orders'],
    ['a stop that may be killed', { ...stopLimit, timeInForce: 'FOK' }, 'not among the orders'],
    ['a stop without its price', { ...stop, triggerPrice: null }, 'trigger price'],
    ['a market order with one', { ...sell, triggerPrice: price('1') }, 'trigger price'],
    ['a purchase that only reduces', { ...market, reduceOnly: true }, 'reduce-only'],
    ['a side of a position', { ...sell, positionSide: 'LONG' }, 'no position side'],
    ['a market order with a price', { ...market, limitPrice: price('1') }, 'no limit price'],
    ['a limit order without one', { ...limit, limitPrice: null }, 'has a price'],
    ['a price off the grid', { ...limit, limitPrice: price('50000.125') }, 'tick grid'],
    ['a quantity off the grid', { ...market, quantity: qty('0.123456') }, 'lot grid'],
    ['a quantity below a lot', { ...market, quantity: qty('0.000001') }, ''],
    ['no quantity', { ...market, quantity: qty('0') }, 'above 0'],
    ['an id that Binance refuses', { ...market, clientOrderId: 'a/b' }, 'client order id'],
    ['an unknown market', { ...market, symbol: 'NO-SUCH' }, ''],
  ];
  test.each(refused)('%s never leaves (VEN-06)', async (_, order, message) => {
    const outcome = await venue.submit(order);
    expect(outcome.kind).toBe('rejected');
    expect(outcome.kind === 'rejected' ? outcome.error.message : '').toContain(message);
    expect(exchange.requests('POST /api/v3/order')).toEqual([]);
  });
});

test('an accepted order is reported with the exact decimals of the wire', async () => {
  exchange.on('POST /api/v3/order', { json: filledReply });
  expect(await venue.submit(market)).toEqual({
    kind: 'accepted',
    report: {
      clientOrderId: market.clientOrderId,
      venueOrderId: '4711',
      status: 'FILLED',
      filledQuantity: qty('0.01234'),
      filledQuote: price('617.00000001'),
      averagePrice: price('50000.000000810372771474'),
      updatedAt: 1_795_000_000_123,
    },
    fills: [
      {
        fillId: '99',
        orderId: market.clientOrderId,
        side: 'BUY',
        price: price('50000'),
        quantity: qty('0.01234'),
        fee: qty('0.00001234'),
        feeCurrency: 'BTC',
        at: 1_795_000_000_123,
      },
    ],
  });
});

describe('fate of a submission', () => {
  const fates: [string, Answer, string, string][] = [
    ['no answer', 'silence', 'unknown', 'NetworkTimeout'],
    ['a connection cut before the answer', 'disconnect', 'unknown', 'ConnectionLost'],
    ['a body that stalls', 'stall', 'unknown', 'NetworkTimeout'],
    ['a body that is cut', 'cut', 'unknown', 'UnexpectedError'],
    ['502 HTML', { status: 502, text: '<html>' }, 'unknown', 'VenueUnavailable'],
    ['504', { status: 504, text: '' }, 'unknown', 'NetworkTimeout'],
    ['403 HTML', { status: 403, text: '<html>WAF' }, 'unknown', 'VenueRefused'],
    ['451', { status: 451, text: '' }, 'unknown', 'VenueRefused'],
    ['a redirect', { status: 302, headers: { location: '/x' } }, 'unknown', 'ConnectionLost'],
    ['200 HTML', { text: '<html>' }, 'unknown', 'UnexpectedError'],
    ['200 with nothing', { text: '' }, 'unknown', 'UnexpectedError'],
    ['200 {}', { json: {} }, 'unknown', 'SchemaMismatch'],
    ['an unknown status', { json: { ...openReply, status: 'ODD' } }, 'unknown', 'SchemaMismatch'],
    [
      "another order's reply",
      { json: { ...openReply, clientOrderId: 'x' } },
      'unknown',
      'SchemaMismatch',
    ],
    ['-1000', code(400, -1_000, 'unknown error'), 'unknown', 'VenueUnavailable'],
    ['-1001', code(500, -1_001, 'disconnected'), 'unknown', 'VenueUnavailable'],
    ['-1006', code(400, -1_006, 'unexpected response'), 'unknown', 'VenueUnavailable'],
    ['-1007', code(408, -1_007, 'timeout'), 'unknown', 'NetworkTimeout'],
    ['a code nobody knows', code(400, -9_999, 'odd'), 'unknown', 'VenueError'],
    ['a duplicate id', code(400, -2_010, 'Duplicate order sent.'), 'unknown', 'DuplicateClientId'],
    ['429', { status: 429, json: { code: -1_003, msg: 'slow' } }, 'notSent', 'RateLimited'],
    ['418', { status: 418, json: { code: -1_003, msg: 'banned' } }, 'notSent', 'RateBanned'],
    ['-1015 too many orders', code(400, -1_015, 'too many'), 'notSent', 'RateLimited'],
    ['a bad signature', code(400, -1_022, 'signature'), 'notSent', 'AuthFailed'],
    ['a bad key', code(401, -2_014, 'key'), 'notSent', 'AuthFailed'],
    [
      'a revoked key',
      code(401, -2_015, 'Invalid API-key, IP, or permissions'),
      'notSent',
      'AuthFailed',
    ],
    [
      'a stop that the market has passed',
      code(400, -2_010, 'Stop price would trigger immediately.'),
      'rejected',
      'WouldTrigger',
    ],
    [
      'no money',
      code(400, -2_010, 'Account has insufficient balance for requested action.'),
      'rejected',
      'InsufficientBalance',
    ],
    ['too small', code(400, -1_013, 'Filter failure: NOTIONAL'), 'rejected', 'OrderTooSmall'],
    ['off the lot', code(400, -1_013, 'Filter failure: LOT_SIZE'), 'rejected', 'BadPrecision'],
    [
      'out of band',
      code(400, -1_013, 'Filter failure: PERCENT_PRICE_BY_SIDE'),
      'rejected',
      'PriceOutOfBand',
    ],
    ['bad precision', code(400, -1_111, 'precision'), 'rejected', 'BadPrecision'],
    ['a bad symbol', code(400, -1_121, 'Invalid symbol.'), 'rejected', 'BadSymbol'],
  ];
  test.each(fates)(
    'after %s is known for what it is (EXE-85, EXE-T19)',
    async (_, answer, kind, expected) => {
      exchange.on('POST /api/v3/order', answer);
      const outcome = await venue.submit(market);
      expect(outcome).toMatchObject({ kind, error: { code: expected } });
      expect(exchange.requests('POST /api/v3/order')).toHaveLength(1);
    },
  );

  test('a revoked key after a success is no rate limit', async () => {
    exchange.on('GET /api/v3/account', { json: { balances: [] } });
    exchange.on('POST /api/v3/order', code(401, -2_015, 'Invalid API-key, IP, or permissions'));
    await venue.balances();
    expect(await venue.submit(market)).toMatchObject({
      kind: 'notSent',
      error: { code: 'AuthFailed', severity: 'CRITICAL', retryable: false },
    });
  });

  test('an exchange that is not there took no order', async () => {
    exchange.on('POST /api/v3/order', { json: openReply });
    await venue.submit(limit);
    await exchange.close();
    expect(await venue.submit(limit)).toMatchObject({
      kind: 'notSent',
      error: { code: 'VenueUnavailable', retryable: true },
    });
  });

  test('Retry-After is passed on', async () => {
    exchange.on('POST /api/v3/order', {
      status: 429,
      json: { code: -1_003, msg: 'slow' },
      headers: { 'retry-after': '17' },
    });
    expect(await venue.submit(market)).toMatchObject({ error: { retryAfterMs: 17_000 } });
  });

  test('neither key, secret nor signature is in any message', async () => {
    const leak = { code: -1_022, msg: `bad ${KEY} ${SECRET} signature=abcdef0123456789` };
    exchange.on('POST /api/v3/order', { status: 400, json: leak }, 'silence', 'disconnect');
    exchange.on('GET /api/v3/account', { status: 502, text: '<html>' });
    const messages = [
      await venue.submit(market),
      await venue.submit(market),
      await venue.submit(market),
    ].map((outcome) => ('error' in outcome ? outcome.error.message : ''));
    const read = await venue.balances();
    const text = [...messages, read.ok ? '' : read.error.message].join('\n');
    for (const secret of [KEY, SECRET, 'signature=a', 'timestamp='])
      expect(text).not.toContain(secret);
  });
});

describe('a clock that drifted', () => {
  const skew: Answer = { status: 400, json: { code: -1_021, msg: 'outside of recvWindow' } };

  test('is measured again, and the same order sent once more', async () => {
    exchange.on('POST /api/v3/order', skew, { json: openReply });
    expect(await venue.submit(limit)).toMatchObject({ kind: 'accepted' });
    const sent = exchange.requests('POST /api/v3/order');
    expect(sent.map(({ params }) => params['newClientOrderId'])).toEqual([
      limit.clientOrderId,
      limit.clientOrderId,
    ]);
    expect(exchange.requests('GET /api/v3/time')).toHaveLength(2);
  });

  test('that stays wrong is an order not sent', async () => {
    exchange.on('POST /api/v3/order', skew);
    expect(await venue.submit(limit)).toMatchObject({
      kind: 'notSent',
      error: { code: 'ClockSkew', retryable: true },
    });
    expect(exchange.requests('POST /api/v3/order')).toHaveLength(2);
  });
});

describe('start', () => {
  test('a failed loading of the markets does not poison the venue', async () => {
    const good = { json: { symbols: [exchangeMarket('BTC', 'USDT')] } };
    exchange.on('GET /api/v3/exchangeInfo', { status: 502, text: '' }, good);
    exchange.on('POST /api/v3/order', { json: openReply });
    expect(await venue.submit(limit)).toMatchObject({
      kind: 'notSent',
      error: { code: 'VenueUnavailable', retryable: true },
    });
    expect(exchange.requests('POST /api/v3/order')).toEqual([]);
    expect(await venue.submit(limit)).toMatchObject({ kind: 'accepted' });
  });
});
