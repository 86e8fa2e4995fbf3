import { createVenue } from '@tradewind/adapters/venue/create-venue';
import type { Venue, VenueOrder } from '@tradewind/adapters/venue/venue';
import { epochMs } from '@tradewind/core/lib/time';
import { money, price, qty } from '@tradewind/core/lib/units';
import { signed } from './raw-client.ts';
import { KEY, SECRET, startSandbox } from './start.ts';

let desk: Awaited<ReturnType<typeof startSandbox>>;
let venue: Venue;

beforeEach(async () => {
  desk = await startSandbox();
  await desk.trade(['BTC-USDT', '50000'], ['ETH-USDT', '3000']);
  venue = createVenue({
    venue: 'binance',
    market: 'futures',
    apiKey: KEY,
    apiSecret: SECRET,
    sandboxPort: desk.sandbox.port,
    clock: { wallNow: () => epochMs(Date.now()) },
    deadlineMs: 10_000,
  });
});
afterEach(async () => {
  await venue.close();
  await desk.sandbox.close();
});

const enter: VenueOrder = {
  clientOrderId: 'tw-entry',
  symbol: 'BTC-USDT',
  side: 'BUY',
  type: 'MARKET',
  quantity: qty('0.02'),
  limitPrice: null,
  timeInForce: 'GTC',
};
const stop: VenueOrder = {
  ...enter,
  clientOrderId: 'tw-stop',
  side: 'SELL',
  type: 'STOP',
  triggerPrice: price('48000'),
  reduceOnly: true,
};
const since = () => epochMs(Date.now() - 60_000);
const valueOf = <T>(
  result:
    | { readonly ok: true; readonly value: T }
    | { readonly ok: false; readonly error: { readonly message: string } },
): T => {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

test('a position is told with side, entry, margin and liquidation price, and rows of nothing are not (EXE-52)', async () => {
  expect(await venue.positions()).toEqual({ ok: true, value: [] });
  await venue.submit(enter);
  const [position, ...others] = valueOf(await venue.positions());
  expect(others).toEqual([]);
  expect(position).toMatchObject({
    symbol: 'BTC-USDT',
    side: 'LONG',
    hedged: false,
    quantity: qty('0.02'),
    markPrice: price('50000'),
  });
  expect(position !== undefined && position.entryPrice > price('50000')).toBe(true);
  await venue.submit({ ...enter, clientOrderId: 'tw-exit', side: 'SELL', reduceOnly: true });
  expect(await venue.positions()).toEqual({ ok: true, value: [] });
});

test('a stop rests among the waiting orders, fires, and stays one order under one id throughout', async () => {
  await venue.submit(enter);
  const placed = await venue.submit(stop);
  if (placed.kind !== 'accepted') throw new Error(placed.error.message);
  expect(valueOf(await venue.openOrders())).toMatchObject([
    { clientOrderId: 'tw-stop', type: 'STOP', triggerPrice: price('48000'), reduceOnly: true },
  ]);
  await desk.trade(['BTC-USDT', '47900']);
  const found = await venue.lookup('BTC-USDT', 'tw-stop');
  if (found.kind !== 'found') throw new Error(found.kind);
  const { venueOrderId, status, filledQuantity } = found.report;
  expect([venueOrderId, status, filledQuantity]).toEqual([
    placed.report.venueOrderId,
    'FILLED',
    qty('0.02'),
  ]);
  const named = { symbol: 'BTC-USDT', clientOrderId: 'tw-stop', venueOrderId };
  expect(valueOf(await venue.fills(named))).toMatchObject([{ orderId: 'tw-stop', side: 'SELL' }]);
  const fills = valueOf(await venue.fillsSince('BTC-USDT', since()));
  expect(fills.map((fill) => fill.venueOrderId === venueOrderId)).toEqual([false, true]);
  const orders = valueOf(await venue.ordersSince('BTC-USDT', since()));
  expect(orders.map(({ clientOrderId, status: is }) => [clientOrderId, is])).toEqual([
    ['tw-entry', 'FILLED'],
    ['tw-stop', 'FILLED'],
  ]);
  expect(await venue.positions()).toEqual({ ok: true, value: [] });
});

test('a waiting order is cancelled by our id, and cancelling all takes those of both kinds (RSK-91)', async () => {
  await venue.submit(enter);
  await venue.submit(stop);
  expect(await venue.cancel('BTC-USDT', 'tw-stop')).toMatchObject({
    kind: 'found',
    report: { status: 'CANCELLED' },
  });
  await venue.submit({ ...stop, clientOrderId: 'tw-stop-2' });
  await venue.submit({
    ...enter,
    clientOrderId: 'tw-limit',
    type: 'LIMIT',
    limitPrice: price('40000'),
  });
  const cancelled = valueOf(await venue.cancelAll('BTC-USDT'));
  expect(cancelled.map(({ clientOrderId, status }) => [clientOrderId, status])).toEqual([
    ['tw-limit', 'CANCELLED'],
    ['tw-stop-2', 'CANCELLED'],
  ]);
  expect(await venue.openOrders()).toEqual({ ok: true, value: [] });
});

test('orders that cannot be are rejected for what they are', async () => {
  const nothing = { ...enter, clientOrderId: 'tw-none', side: 'SELL', reduceOnly: true } as const;
  expect(await venue.submit(nothing)).toMatchObject({
    kind: 'rejected',
    error: { code: 'NothingToReduce', retryable: false },
  });
  await venue.submit(enter);
  expect(await venue.submit({ ...stop, triggerPrice: price('50000') })).toMatchObject({
    kind: 'rejected',
    error: { code: 'WouldTrigger', retryable: false },
  });
  expect(await venue.submit({ ...stop, clientOrderId: 'tw-twice' })).toMatchObject({
    kind: 'accepted',
  });
  expect(await venue.submit({ ...stop, clientOrderId: 'tw-twice' })).toMatchObject({
    kind: 'unknown',
    error: { code: 'DuplicateClientId' },
  });
});

describe('leverage and margin mode (EXE-40, EXE-41, EXE-T13)', () => {
  const wanted = { leverage: 5, marginMode: 'isolated' } as const;
  const changes = async () => {
    const { sandbox } = desk;
    return sandbox.exchange.engine().futures.setups;
  };

  test('are set when they differ, and asked for once in ten minutes when they do not', async () => {
    expect(await venue.setLeverage('BTC-USDT', wanted)).toEqual({ ok: true, value: wanted });
    expect(await changes()).toEqual({ 'binance_futures_BTC-USDT': wanted });
    await desk.admin('POST', 'faults', {
      match: { path: '/fapi/v1/*' },
      kind: '5xx',
      count: null,
    });
    expect(await venue.setLeverage('BTC-USDT', wanted)).toEqual({ ok: true, value: wanted });
  });

  test('a refusal is read back: what holds all the same is right, what does not refuses the entry', async () => {
    await desk.admin('POST', 'faults', {
      match: { method: 'POST', path: '/fapi/v1/leverage' },
      kind: '5xxAfter',
    });
    expect(await venue.setLeverage('BTC-USDT', wanted)).toEqual({ ok: true, value: wanted });
    expect(await venue.setLeverage('BTC-USDT', { ...wanted, leverage: 500 })).toMatchObject({
      ok: false,
      error: { code: 'InvalidLeverage', retryable: false },
    });
    expect(await venue.leverage('BTC-USDT')).toEqual({ ok: true, value: wanted });
  });

  test('leverage of an open position is never raised, and its margin mode never changed', async () => {
    await venue.setLeverage('BTC-USDT', { leverage: 5, marginMode: 'cross' });
    await venue.submit(enter);
    for (const forbidden of [{ leverage: 6, marginMode: 'cross' }, wanted] as const)
      expect(await venue.setLeverage('BTC-USDT', forbidden)).toMatchObject({
        error: { code: 'InvalidLeverage' },
      });
    const lower = { leverage: 3, marginMode: 'cross' } as const;
    expect(await venue.setLeverage('BTC-USDT', lower)).toEqual({ ok: true, value: lower });
  });
});

test('a hedged account holds both sides, and orders name the one that they change (EXE-08)', async () => {
  expect(await venue.positionMode()).toEqual({ ok: true, value: 'oneWay' });
  const dual = ['POST', '/fapi/v1/positionSide/dual'] as const;
  await signed(desk.sandbox.port, dual, { dualSidePosition: 'true' });
  expect(await venue.positionMode()).toEqual({ ok: true, value: 'hedge' });
  await venue.submit({ ...enter, positionSide: 'LONG' });
  await venue.submit({ ...enter, clientOrderId: 'tw-short', side: 'SELL', positionSide: 'SHORT' });
  const held = valueOf(await venue.positions());
  expect(held.map(({ side, hedged }) => [side, hedged])).toEqual([
    ['LONG', true],
    ['SHORT', true],
  ]);
  expect(await venue.submit({ ...stop, positionSide: 'LONG', reduceOnly: true })).toMatchObject({
    kind: 'accepted',
  });
  // Without a side the venue cannot know which is meant.
  expect(await venue.submit({ ...enter, clientOrderId: 'tw-which' })).toMatchObject({
    kind: 'rejected',
  });
});

test('a liquidation is told as one, and the wallet says where the money went (D4)', async () => {
  await venue.setLeverage('BTC-USDT', { leverage: 20, marginMode: 'isolated' });
  await venue.submit(enter);
  await desk.trade(['BTC-USDT', '40000']);
  expect(await venue.positions()).toEqual({ ok: true, value: [] });
  expect(valueOf(await venue.liquidations('BTC-USDT', since()))).toMatchObject([
    { symbol: 'BTC-USDT', side: 'SELL', quantity: qty('0.02'), cause: 'liquidation' },
  ]);
  const flows = valueOf(await venue.cashFlows(since()));
  expect(flows.map(({ kind, symbol }) => [kind, symbol])).toEqual([['insurance', 'BTC-USDT']]);
  // 0.02 bought near 50,000 with a twentieth of it as margin: no more than that is lost, and fees.
  const { free = 0n } = valueOf(await venue.balances())['USDT'] ?? {};
  expect(free > money('9948')).toBe(true);
});

test('the dialect refuses waiting orders where the venue does', async () => {
  const sent = { symbol: 'BTCUSDT', side: 'SELL', type: 'STOP_MARKET', quantity: '0.01' };
  const order = ['POST', '/fapi/v1/order'] as const;
  expect(await signed(desk.sandbox.port, order, { ...sent, triggerPrice: '1' })).toMatchObject({
    body: { code: -4120 },
  });
});
