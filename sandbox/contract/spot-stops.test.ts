import { price, qty } from '@tradewind/core/lib/units';
import type { Venue, VenueOrder } from '@tradewind/adapters/venue/venue';
import { createVenue } from '@tradewind/adapters/venue/create-venue';
import { epochMs } from '@tradewind/core/lib/time';
import { KEY, SECRET, startSandbox } from './start.ts';

let desk: Awaited<ReturnType<typeof startSandbox>>;
let venue: Venue;

beforeEach(async () => {
  desk = await startSandbox();
  await desk.trade(['BTC-USDT', '50000'], ['ETH-USDT', '3000']);
  venue = createVenue({
    venue: 'binance',
    apiKey: KEY,
    apiSecret: SECRET,
    sandboxPort: desk.sandbox.port,
    clock: { wallNow: () => epochMs(Date.now()) },
    deadlineMs: 10_000,
  });
  await venue.submit({ ...buy, clientOrderId: 'tw-entry' });
});
afterEach(async () => {
  await venue.close();
  await desk.sandbox.close();
});

const buy: VenueOrder = {
  clientOrderId: '',
  symbol: 'BTC-USDT',
  side: 'BUY',
  type: 'MARKET',
  quantity: qty('0.02'),
  limitPrice: null,
  timeInForce: 'GTC',
};
const stop: VenueOrder = {
  ...buy,
  clientOrderId: 'tw-stop',
  side: 'SELL',
  type: 'STOP',
  quantity: qty('0.01'),
  triggerPrice: price('48000'),
  reduceOnly: true,
};
const statusOf = async (id: string) => {
  const found = await venue.lookup('BTC-USDT', id);
  return found.kind === 'found' ? found.report.status : found.kind;
};

test('a stop rests at the venue, is told apart in the listing, and sells when the market falls to it (EXE-12)', async () => {
  expect(await venue.submit(stop)).toMatchObject({
    kind: 'accepted',
    report: { status: 'ACKNOWLEDGED' },
  });
  const listed = await venue.openOrders();
  expect(listed.ok && listed.value).toMatchObject([
    {
      clientOrderId: 'tw-stop',
      symbol: 'BTC-USDT',
      side: 'SELL',
      type: 'STOP',
      quantity: qty('0.01'),
      limitPrice: null,
      triggerPrice: price('48000'),
    },
  ]);
  await desk.trade(['BTC-USDT', '48000.01']);
  expect(await statusOf('tw-stop')).toBe('ACKNOWLEDGED');
  await desk.trade(['BTC-USDT', '47900']);
  expect(await statusOf('tw-stop')).toBe('FILLED');
  const fills = await venue.fillsSince('BTC-USDT', epochMs(Date.now() - 60_000));
  expect(fills.ok && fills.value.map(({ side }) => side)).toEqual(['BUY', 'SELL']);
});

test('a stop with a limit and a target rest, are cancelled, and give their funds back', async () => {
  const limited = { ...stop, clientOrderId: 'tw-limit', limitPrice: price('47900') };
  const target: VenueOrder = {
    ...stop,
    clientOrderId: 'tw-target',
    type: 'TAKE_PROFIT',
    quantity: qty('0.005'),
    triggerPrice: price('55000'),
  };
  expect((await venue.submit(limited)).kind).toBe('accepted');
  expect((await venue.submit(target)).kind).toBe('accepted');
  const listed = await venue.openOrders();
  expect(listed.ok && listed.value.map(({ type, limitPrice }) => [type, limitPrice])).toEqual([
    ['STOP', price('47900')],
    ['TAKE_PROFIT', null],
  ]);
  expect(await venue.cancel('BTC-USDT', 'tw-limit')).toMatchObject({
    kind: 'found',
    report: { status: 'CANCELLED' },
  });
  expect(await venue.cancelAll('BTC-USDT')).toMatchObject({
    value: [{ clientOrderId: 'tw-target', status: 'CANCELLED' }],
  });
  const balances = await venue.balances();
  expect(balances.ok && balances.value['BTC']?.used).toBe(qty('0'));
});

test('a stop that the market has passed is rejected for good', async () => {
  expect(await venue.submit({ ...stop, triggerPrice: price('50000') })).toMatchObject({
    kind: 'rejected',
    error: { code: 'WouldTrigger', retryable: false },
  });
});

test('orders since a time tell everything that was placed, whoever placed it', async () => {
  await venue.submit(stop);
  const orders = await venue.ordersSince('BTC-USDT', epochMs(Date.now() - 60_000));
  expect(
    orders.ok && orders.value.map(({ clientOrderId, status }) => [clientOrderId, status]),
  ).toEqual([
    ['tw-entry', 'FILLED'],
    ['tw-stop', 'ACKNOWLEDGED'],
  ]);
});

test('a spot account says that it has no positions and no leverage (VEN-06)', async () => {
  expect(venue.capabilities).toMatchObject({ market: 'spot', positions: 'balances' });
  expect(await venue.positions()).toMatchObject({ error: { code: 'NotSupported' } });
});
