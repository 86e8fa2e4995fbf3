import { emergencyCancel } from '@tradewind/adapters/execution/emergency-cancel';
import { executeIntent } from '@tradewind/adapters/execution/execute-intent';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { syncOrders } from '@tradewind/adapters/execution/sync-orders';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { breakerDoc, breakerName } from '@tradewind/contracts/documents/breaker';
import { queuedOrderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { price, qty } from '@tradewind/core/lib/units';
import { closedBreaker } from '@tradewind/core/risk/breaker';
import { epochMs } from '@tradewind/core/lib/time';
import { bot } from './documents.ts';
import { openDesk, type Desk } from './execution-desk.ts';
import { putPrice } from './put-price.ts';

// A pass of order sync is many round trips, and a busy machine makes each of them long.
import.meta.jest.setTimeout(60_000);

let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`order-queue-${projects}`);
  await desk.ledger.clear();
  await desk.seed();
}, 30_000);
afterEach(() => desk.ledger.close());

const queued = () =>
  desk.ledger.store.query(
    desk.ledger.store.firestore.collection(paths.orderQueue('paper')),
    queuedOrderDoc,
  );
const intent = async () => (await desk.intents())[0];
/** What the venue does while it takes nothing: every attempt is definitely not sent. */
const refuse = (attempts: number) => {
  for (let n = 0; n < attempts; n += 1) desk.venue.script.push({ kind: 'notSent' });
};
/** An approved entry whose four attempts came to nothing. */
const enqueueEntry = async (): Promise<void> => {
  await desk.signal();
  refuse(4);
  await runGate(desk.ports, 'paper');
  await desk.drain();
};
const setBreaker = (status: 'OPEN' | 'CLOSED') => {
  const now = desk.ledger.clock.wallNow();
  const name = breakerName('binance', 'trading');
  return desk.ledger.store.set(paths.breaker(name), breakerDoc, {
    ...closedBreaker(now),
    status,
    probeAt: status === 'OPEN' ? epochMs(now + 3_600_000) : null,
    openedAt: status === 'OPEN' ? now : null,
    name,
    venue: 'binance',
    group: 'trading',
    recoveringSince: null,
    alertedAt: null,
  });
};
const hold = async (): Promise<void> => {
  await desk.signal();
  await runGate(desk.ports, 'paper');
  await desk.drain();
};

test('what the venue did not take waits once, with its first time, however often it is queued (EXE-25)', async () => {
  await enqueueEntry();
  const [first] = await queued();
  expect(first).toMatchObject({ status: 'PENDING', retryCount: 0, processedAt: null });
  expect((await intent())?.status).toBe('QUEUED');
  desk.ledger.pass(6_000);
  refuse(4);
  await desk.drain();
  const again = await queued();
  expect(again).toHaveLength(1);
  expect(again[0]).toMatchObject({ status: 'PENDING', retryCount: 1, queuedAt: first?.queuedAt });
  desk.ledger.pass(6_000);
  await desk.drain();
  expect(await queued()).toMatchObject([{ status: 'PROCESSED', retryCount: 1 }]);
  expect(desk.venue.taken).toHaveLength(1);
  await desk.expectAgreement();
});

test('while the breaker is open nothing leaves the queue, and a closed one drains it (EXE-24, EXE-28)', async () => {
  await enqueueEntry();
  await setBreaker('OPEN');
  desk.ledger.pass(11_000);
  await syncOrders(desk.ports);
  await desk.drain();
  expect(desk.venue.taken).toHaveLength(0);
  expect((await intent())?.status).toBe('QUEUED');
  await setBreaker('CLOSED');
  desk.ledger.pass(11_000);
  // The market went on: on an old price the gate would let nothing in.
  await desk.quote('BTC-USDT');
  await syncOrders(desk.ports);
  await desk.drain();
  expect(desk.venue.taken).toHaveLength(1);
});

test('an entry expires five minutes after it was queued first (EXE-T06)', async () => {
  await enqueueEntry();
  desk.ledger.pass(300_001);
  await desk.quote('BTC-USDT');
  await syncOrders(desk.ports);
  await desk.drain();
  expect(desk.venue.taken).toHaveLength(0);
  expect(await intent()).toMatchObject({ status: 'EXPIRED' });
  expect(await queued()).toMatchObject([{ status: 'EXPIRED' }]);
});

test('a queued entry whose price has run away expires with that reason (EXE-26, EXE-T08)', async () => {
  await enqueueEntry();
  desk.ledger.pass(11_000);
  await putPrice(desk.ledger, {
    marketKey: 'binance_spot_BTC-USDT',
    symbol: 'BTC-USDT',
    price: price('102'),
  });
  await syncOrders(desk.ports);
  await desk.drain();
  expect(desk.venue.taken).toHaveLength(0);
  const ended = await intent();
  expect(ended?.status).toBe('EXPIRED');
  expect(ended?.failure).toContain('slippage');
});

test('a queued exit survives an hour, and sells what the venue still holds (EXE-27, EXE-T08)', async () => {
  await hold();
  desk.ledger.pass(60_000);
  await desk.signal({ action: 'EXIT' });
  refuse(8);
  await runGate(desk.ports, 'paper');
  await desk.drain();
  desk.ledger.pass(3_600_000);
  await desk.quote('BTC-USDT');
  await syncOrders(desk.ports);
  await desk.drain();
  desk.ledger.pass(60_000);
  await syncOrders(desk.ports);
  await desk.drain();
  const [position] = await desk.positions();
  expect(position?.status).toBe('CLOSED');
  expect(desk.venue.held('BTC-USDT')).toBeLessThan(qty('0.01'));
});

test('the emergency stop empties the queue (EXE-29)', async () => {
  await enqueueEntry();
  await emergencyCancel(desk.ports, { flatten: false, by: 'a trader' });
  expect(await queued()).toMatchObject([{ status: 'CANCELLED' }]);
  expect(await intent()).toMatchObject({ status: 'EXPIRED', failure: 'emergency_stop' });
  desk.ledger.pass(60_000);
  await desk.drain();
  expect(desk.venue.taken).toHaveLength(0);
});

test('a full queue refuses the order and says so with its size (EXE-T07)', async () => {
  await enqueueEntry();
  const ports = { ...desk.ports, settings: { ...desk.ports.settings, orderQueueMax: 1 } };
  await desk.ledger.store.set(paths.bot('other'), botDoc, bot({ botId: 'other' }));
  await desk.signal({ signalId: 'second', strategyId: 'other' });
  await runGate(ports, 'paper');
  refuse(4);
  const waiting = (await desk.intents()).find(({ status }) => status === 'APPROVED');
  if (waiting === undefined) throw new Error('nothing was approved');
  await executeIntent(ports, waiting);
  const ended = (await desk.intents()).find(({ intentId }) => intentId === waiting.intentId);
  expect(ended).toMatchObject({ status: 'FAILED' });
  const told = (await desk.alerts()).find(({ rule }) => rule === 'order_queue_full');
  expect(told).toMatchObject({ severity: 'CRITICAL', details: { size: '1' } });
});

test('an id that the venue knows already means that the order is there: it is fetched (EXE-16)', async () => {
  await desk.signal();
  await runGate(desk.ports, 'paper');
  const approved = await intent();
  if (approved === undefined) throw new Error('nothing was approved');
  desk.venue.script.push({ kind: 'rest' });
  await desk.venue.submit({
    clientOrderId: approved.orderId,
    symbol: approved.symbol,
    side: approved.side,
    type: 'MARKET',
    quantity: approved.quantity,
    limitPrice: null,
    timeInForce: 'GTC',
  });
  await desk.drain();
  expect(desk.venue.taken).toHaveLength(1);
  expect(await desk.orders()).toMatchObject([{ status: 'ACKNOWLEDGED', venueOrderId: 'v1' }]);
});
