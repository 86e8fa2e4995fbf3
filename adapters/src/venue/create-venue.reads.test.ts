import { epochMs } from '@tradewind/core/lib/time';
import { price, qty } from '@tradewind/core/lib/units';
import { startFakeExchange, type Answer, type FakeExchange } from './testing/fake-exchange.ts';
import { filledReply, limit, market, openReply, venueAt } from './testing/fixtures.ts';
import type { Venue } from './venue.ts';

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

describe('look-up', () => {
  test('finds an order by our id', async () => {
    exchange.on('GET /api/v3/order', { json: { ...openReply, updateTime: 5 } });
    expect(await venue.lookup('BTC-USDT', limit.clientOrderId)).toMatchObject({
      kind: 'found',
      report: { venueOrderId: '4711', status: 'ACKNOWLEDGED', updatedAt: 5 },
    });
    expect(exchange.requests('GET /api/v3/order')[0]?.params).toMatchObject({
      symbol: 'BTCUSDT',
      origClientOrderId: limit.clientOrderId,
    });
  });

  test('tells an absent order from a failed call', async () => {
    exchange.on(
      'GET /api/v3/order',
      { status: 400, json: { code: -2_013, msg: 'Order does not exist.' } },
      { status: 503, text: '' },
      { json: {} },
    );
    const ask = () => venue.lookup('BTC-USDT', limit.clientOrderId);
    expect(await ask()).toEqual({ kind: 'absent' });
    expect(await ask()).toMatchObject({ kind: 'failed', error: { retryable: true } });
    expect(await ask()).toMatchObject({ kind: 'failed', error: { code: 'SchemaMismatch' } });
  });
});

describe('cancel', () => {
  const cancelled = {
    ...openReply,
    clientOrderId: 'the-cancel-itself',
    origClientOrderId: limit.clientOrderId,
    status: 'CANCELED',
  };
  const unknownOrder: Answer = { status: 400, json: { code: -2_011, msg: 'Unknown order sent.' } };
  const ask = () => venue.cancel('BTC-USDT', limit.clientOrderId);

  test('reports the order, not the cancel', async () => {
    exchange.on('DELETE /api/v3/order', { json: cancelled });
    expect(await ask()).toMatchObject({
      kind: 'found',
      report: { clientOrderId: limit.clientOrderId, status: 'CANCELLED' },
    });
  });

  test.each<[string, Answer]>([
    ['that came too late', unknownOrder],
    ['whose answer was lost', 'silence'],
    ['whose answer cannot be read', { json: {} }],
  ])('%s learns from a look-up what became of the order', async (_, answer) => {
    exchange.on('DELETE /api/v3/order', answer);
    exchange.on('GET /api/v3/order', { json: filledReply });
    expect(await ask()).toMatchObject({ kind: 'found', report: { status: 'FILLED' } });
  });

  test('of an order that never existed says so', async () => {
    exchange.on('DELETE /api/v3/order', unknownOrder);
    exchange.on('GET /api/v3/order', { status: 400, json: { code: -2_013, msg: 'no' } });
    expect(await ask()).toEqual({ kind: 'absent' });
  });

  test('of all orders reports each, and nothing when none was open', async () => {
    exchange.on('DELETE /api/v3/openOrders', { json: [cancelled] }, unknownOrder);
    expect(await venue.cancelAll('BTC-USDT')).toMatchObject({
      ok: true,
      value: [{ clientOrderId: limit.clientOrderId, status: 'CANCELLED' }],
    });
    expect(await venue.cancelAll('BTC-USDT')).toEqual({ ok: true, value: [] });
  });
});

describe('reads', () => {
  test('PF-20 fills of an order are read page by page, only its own; the value beside a size proves it, one without is assumed', async () => {
    const trade = (id: number, orderId = 4_711) => ({
      symbol: 'BTCUSDT',
      id,
      orderId,
      price: '50000.00000000',
      qty: '0.00001000',
      quoteQty: '0.50000000',
      commission: '0.00000001',
      commissionAsset: 'BTC',
      time: 1_795_000_000_000 + id,
      isBuyer: true,
      isMaker: false,
    });
    const all = Array.from({ length: 1_500 }, (_, index) => trade(index + 1));
    exchange.on('GET /api/v3/myTrades', ({ params }) => {
      const from = Number(params['fromId'] ?? 0);
      return { json: all.filter(({ id }) => id >= from).slice(0, Number(params['limit'])) };
    });
    const order = {
      symbol: 'BTC-USDT',
      clientOrderId: market.clientOrderId,
      venueOrderId: '4711',
    };
    const read = await venue.fills(order);
    const fills = read.ok ? read.value : [];
    expect(fills.map(({ fillId }) => fillId)).toEqual(all.map(({ id }) => String(id)));
    expect(fills[0]).toEqual({
      fillId: '1',
      orderId: market.clientOrderId,
      side: 'BUY',
      price: price('50000'),
      quantity: qty('0.00001'),
      fee: qty('0.00000001'),
      feeCurrency: 'BTC',
      at: 1_795_000_000_001,
    });
    exchange.on('GET /api/v3/myTrades', { json: [trade(1, 1)] });
    expect(await venue.fills(order)).toEqual({ ok: true, value: [] });

    exchange.on('GET /api/v3/myTrades', { json: [{ ...trade(1), quoteQty: undefined }] });
    expect(await venue.fills(order)).toMatchObject({ value: [{ sizeAssumed: true }] });
    exchange.on('GET /api/v3/myTrades', { json: [{ ...trade(1), quoteQty: '7.00000000' }] });
    expect(await venue.fills(order)).toMatchObject({
      ok: false,
      error: { code: 'SchemaMismatch' },
    });
  });

  test('open orders of all markets come in one call', async () => {
    exchange.on('GET /api/v3/openOrders', { json: [{ ...openReply, time: 1, updateTime: 2 }] });
    expect(await venue.openOrders()).toMatchObject({
      ok: true,
      value: [{ clientOrderId: limit.clientOrderId, status: 'ACKNOWLEDGED' }],
    });
    expect(exchange.requests('GET /api/v3/openOrders')[0]?.params).not.toHaveProperty('symbol');
  });

  test('balances are exact, and empty ones left out', async () => {
    exchange.on('GET /api/v3/account', {
      json: {
        balances: [
          { asset: 'USDT', free: '9999.12345678', locked: '0.00000001' },
          { asset: 'DOGE', free: '0.00000000', locked: '0.00000000' },
        ],
      },
    });
    expect(await venue.balances()).toEqual({
      ok: true,
      value: { USDT: { free: qty('9999.12345678'), used: qty('0.00000001') } },
    });
  });

  test('candles keep every digit and the volume that buyers took', async () => {
    const row = [
      '7.5',
      '7.6',
      '7.4',
      '7.55',
      '12.34567891',
      119_999,
      '93.1',
      17,
      '6.1',
      '46.0',
      '0',
    ];
    exchange.on('GET /api/v3/klines', { json: [[60_000, ...row]] });
    const since = epochMs(60_000);
    expect(await venue.candles('BTC-USDT', { since, limit: 600 })).toEqual({
      ok: true,
      value: [
        {
          openAt: 60_000,
          open: price('7.5'),
          high: price('7.6'),
          low: price('7.4'),
          close: price('7.55'),
          volume: qty('12.34567891'),
          buyVolume: qty('6.1'),
          quoteVolume: price('93.1'),
          trades: 17,
          buyTrades: null,
          gapFilled: false,
          incomplete: false,
          revision: 0,
          source: 'venue',
        },
      ],
    });
    expect(exchange.requests('GET /api/v3/klines')[0]?.params).toEqual({
      symbol: 'BTCUSDT',
      interval: '1m',
      startTime: '60000',
      limit: '600',
    });
  });

  test('instruments carry the rules of the venue', async () => {
    expect(await venue.instruments(['ETH-USDT'])).toEqual({
      ok: true,
      value: [
        {
          marketKey: 'binance_spot_ETH-USDT',
          venue: 'binance',
          market: 'spot',
          symbol: 'ETH-USDT',
          base: 'ETH',
          quote: 'USDT',
          tickSize: price('0.01'),
          lotSize: qty('0.00001'),
          minQty: qty('0.00001'),
          minNotional: price('5'),
        },
      ],
    });
    expect(await venue.instruments(['NO-SUCH'])).toMatchObject({
      ok: false,
      error: { code: 'BadSymbol', message: expect.stringContaining('NO-SUCH') as string },
    });
  });

  test.each<[string, Answer]>([
    ['HTML', { text: '<html>' }],
    ['an object', { json: { symbol: 1 } }],
    ['a list of rubbish', { json: [1, 'x', null] }],
    ['a number for a price', { json: [[60_000, 7.5]] }],
  ])('rubbish for candles (%s) is a clear error', async (_, answer) => {
    exchange.on('GET /api/v3/klines', answer);
    const since = epochMs(60_000);
    const read = await venue.candles('BTC-USDT', { since, limit: 1 });
    expect(read).toMatchObject({ ok: false });
  });
});
