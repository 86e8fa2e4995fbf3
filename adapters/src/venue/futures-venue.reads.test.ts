import { epochMs } from '@tradewind/core/lib/time';
import { price, qty } from '@tradewind/core/lib/units';
import { startFakeExchange, type Answer, type FakeExchange } from './testing/fake-exchange.ts';
import { code, market, playFutures, venueAt } from './testing/fixtures.ts';
import type { Venue } from './venue.ts';

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

describe('positions', () => {
  const row = {
    symbol: 'BTCUSDT',
    positionSide: 'BOTH',
    positionAmt: '-0.5',
    entryPrice: '50000.0',
    markPrice: '49000.0',
    unRealizedProfit: '500.0',
    liquidationPrice: '0',
    isolatedWallet: '0',
    initialMargin: '1225.0',
    maintMargin: '98.0',
    updateTime: 5,
  };
  const answered = (...rows: readonly object[]) => {
    exchange.on('GET /fapi/v3/positionRisk', { json: rows });
    return venue.positions();
  };

  test('come with exact numbers, and rows of nothing are left out (EXE-52)', async () => {
    const empty = { symbol: 'BTCUSDT', positionSide: 'BOTH', positionAmt: '0.0' };
    expect(await answered(row, empty)).toEqual({
      ok: true,
      value: [
        {
          symbol: 'BTC-USDT',
          side: 'SHORT',
          hedged: false,
          quantity: qty('0.5'),
          entryPrice: price('50000'),
          markPrice: price('49000'),
          liquidationPrice: null,
          unrealizedPnl: price('500'),
          margin: price('1225'),
          initialMargin: price('1225'),
          maintenanceMargin: price('98'),
          updatedAt: 5,
        },
      ],
    });
  });

  test.each<[string, object]>([
    ['without an entry price', { ...row, entryPrice: undefined }],
    ['with an entry price of 0', { ...row, entryPrice: '0.0' }],
    ['without a mark price', { ...row, markPrice: undefined }],
    ['without a maintenance margin', { ...row, maintMargin: undefined }],
  ])('%s fail closed: nothing is told at all (EXE-51, VEN-T08)', async (_, spoilt) => {
    expect(await answered(row, spoilt)).toMatchObject({
      ok: false,
      error: { code: 'SchemaMismatch' },
    });
  });

  test.each<[string, Answer]>([
    ['an error', { status: 500, text: '' }],
    ['an object instead of a list', { json: {} }],
    ['HTML', { text: '<html>' }],
  ])('that are answered with %s are not known, never none (EXE-51, EXE-T10)', async (_, answer) => {
    exchange.on('GET /fapi/v3/positionRisk', answer);
    expect((await venue.positions()).ok).toBe(false);
  });
});

test('a waiting order that is finished and does not say what came of it is not understood', async () => {
  const algo = {
    algoId: 7,
    clientAlgoId: market.clientOrderId,
    symbol: 'BTCUSDT',
    orderType: 'STOP_MARKET',
    side: 'SELL',
    positionSide: 'BOTH',
    quantity: '0.012',
    actualOrderId: '',
    triggerPrice: '48000',
    price: '0',
    reduceOnly: true,
    updateTime: 5,
  };
  exchange.on('GET /fapi/v1/order', code(400, -2_013, 'Order does not exist.'));
  exchange.on(
    'GET /fapi/v1/algoOrder',
    { json: { ...algo, algoStatus: 'NEW' } },
    { json: { ...algo, algoStatus: 'FINISHED' } },
    code(400, -2_013, 'Order does not exist.'),
  );
  const ask = () => venue.lookup('BTC-USDT', market.clientOrderId);
  expect(await ask()).toMatchObject({
    kind: 'found',
    report: { status: 'ACKNOWLEDGED', venueOrderId: 'algo-7' },
  });
  expect(await ask()).toMatchObject({ kind: 'failed', error: { code: 'SchemaMismatch' } });
  expect(await ask()).toEqual({ kind: 'absent' });
});

test('a history is told a week at a time, and all or nothing (EXE-51, EXE-63)', async () => {
  const trade = (id: number, time: number) => ({
    ...{ id, time, orderId: 1, side: 'BUY', price: '1', qty: '1' },
    ...{ commission: '0', commissionAsset: 'USDT' },
  });
  const since = epochMs(Date.now() - 20 * 86_400_000);
  const all = [trade(1, since + 1), trade(2, since + 15 * 86_400_000)];
  exchange.on('GET /fapi/v1/allAlgoOrders', { json: [] });
  exchange.on('GET /fapi/v1/userTrades', ({ params }) => {
    const [from, to] = [Number(params['startTime']), Number(params['endTime'])];
    if (to - from > 604_800_000) return code(400, -4_165, 'Invalid time interval.');
    return { json: all.filter(({ time }) => time >= from && time <= to) };
  });
  const read = await venue.fillsSince('BTC-USDT', since);
  expect(read.ok && read.value.map(({ fillId }) => fillId)).toEqual(['1', '2']);
  expect(exchange.requests('GET /fapi/v1/userTrades')).toHaveLength(3);
  exchange.on('GET /fapi/v1/userTrades', { json: [] }, { status: 503, text: '' });
  expect((await venue.fillsSince('BTC-USDT', since)).ok).toBe(false);
});
