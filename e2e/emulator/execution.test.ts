import { executeIntent } from '@tradewind/adapters/execution/execute-intent';
import { requestExit } from '@tradewind/adapters/execution/request-exit';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { syncOrders } from '@tradewind/adapters/execution/sync-orders';
import { price, qty } from '@tradewind/core/lib/units';
import { openDesk, type Desk } from './execution-desk.ts';

let desk: Desk;
beforeAll(() => {
  desk = openDesk('execution');
});
beforeEach(async () => {
  await desk.ledger.clear();
  desk = await renewed();
});
afterAll(() => desk.ledger.close());

let projects = 0;
/** A venue and a queue that know nothing, on an empty ledger. */
async function renewed(): Promise<Desk> {
  await desk.ledger.close();
  projects += 1;
  const next = openDesk(`execution-${projects}`);
  await next.ledger.clear();
  return next;
}

const enter = async (): Promise<void> => {
  await desk.seed();
  await desk.signal();
  await runGate(desk.ports, 'paper');
};
const onlyIntent = async () => {
  const [intent, ...others] = await desk.intents();
  if (intent === undefined || others.length > 0) throw new Error('expected one intent');
  return intent;
};
const target = async () => ({ bookId: 'paper', intentId: (await onlyIntent()).intentId });

test('EXE-T01 a signal becomes an order, a fill and a protected position', async () => {
  await enter();
  await desk.drain();
  const [order] = await desk.orders();
  expect(order).toMatchObject({ status: 'FILLED', venueOrderId: 'v1' });
  expect(order?.marks.ackAt).not.toBeNull();
  expect((await onlyIntent()).status).toBe('DONE');
  const [position] = await desk.positions();
  expect(position).toMatchObject({ status: 'OPEN', entrySignalId: 's-BTC-USDT-trend-ENTER' });
  expect(position?.protection.stopLoss).toEqual(price('95'));
  expect((await desk.riskNow()).tradesToday).toBe(1);
  await desk.expectAgreement();
});
