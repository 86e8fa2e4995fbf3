import { executeIntent } from '@tradewind/adapters/execution/execute-intent';
import { settleOrder, type OrderDecision } from '@tradewind/adapters/execution/settle-order';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { syncOrders } from '@tradewind/adapters/execution/sync-orders';
import type { VenueError } from '@tradewind/adapters/venue/venue';
import type { OrderDoc } from '@tradewind/contracts/documents/execution';
import { qty } from '@tradewind/core/lib/units';
import { riskState } from './documents.ts';
import { openDesk, type Desk } from './execution-desk.ts';

let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`settle-${projects}`, { stops: true, memory: true });
  await desk.ledger.clear();
  await desk.seed();
});
afterEach(() => desk.ledger.close());

const error: VenueError = {
  ...{ code: 'SchemaMismatch', severity: 'HIGH', retryable: false, retryAfterMs: null },
  message: 'unreadable',
};
/** The venue as it is while it does not answer for single orders, which is when people have to decide. */
const blind = () => ({ ...desk.venue, lookup: async () => ({ kind: 'failed', error }) as const });
const ports = () => ({ ...desk.ports, venueOf: async () => blind() });

/** An entry whose answer was lost; it `arrived` and was filled, or it did not. */
async function unclearEntry(arrived: boolean): Promise<OrderDoc> {
  await desk.signal();
  desk.venue.script.push(
    arrived ? { kind: 'lostAfter', then: { kind: 'fill' } } : { kind: 'lostBefore' },
  );
  await runGate(desk.ports, 'paper');
  desk.venue.setOffline(true);
  await desk.drain();
  desk.venue.setOffline(false);
  const [order] = await desk.orders();
  if (order?.status !== 'UNKNOWN') throw new Error('it is clear what became of it');
  return order;
}
const settle = (order: OrderDoc, decision: OrderDecision) =>
  settleOrder(ports(), {
    ...{ bookId: 'paper', orderId: order.orderId, decision },
    evidence: 'seen on the web page of the venue',
  });

describe('EXE-23 a person decides what became of an order that stays unclear', () => {
  test('not before it has been unclear for a minute', async () => {
    const order = await unclearEntry(false);
    expect(await settle(order, { kind: 'notSent' })).toMatchObject({ code: 'too_early' });
  });

  test('it was never sent: it ends, its strategy may enter again, and the alert is settled', async () => {
    const order = await unclearEntry(false);
    desk.ledger.pass(61_000);
    await expect(syncOrders(ports())).rejects.toThrow('unreadable');
    expect(await unclear()).toMatchObject([{ state: 'ACTIVE' }]);
    expect(await settle(order, { kind: 'notSent' })).toMatchObject({ ok: true, code: 'not_sent' });
    expect(await desk.orders()).toMatchObject([
      { status: 'NOT_SENT', rejectionReason: 'seen on the web page of the venue' },
    ]);
    expect(await desk.intents()).toMatchObject([{ status: 'FAILED' }]);
    expect(await unclear()).toMatchObject([{ state: 'RESOLVED' }]);
    expect(await settle(order, { kind: 'notSent' })).toMatchObject({ code: 'not_unknown' });
    await desk.expectAgreement();
  });

  test('it was filled: the fills of the order that the person names are booked, and protected', async () => {
    const order = await unclearEntry(true);
    desk.ledger.pass(61_000);
    expect(await settle(order, { kind: 'filled', venueOrderId: 'v99' })).toMatchObject({
      ok: false,
      code: 'no_such_fills',
    });
    desk.ledger.pass(31_000);
    expect(await settle(order, { kind: 'filled', venueOrderId: 'v1' })).toMatchObject({
      ok: true,
      code: 'filled',
    });
    expect(await desk.positions()).toMatchObject([{ status: 'OPEN', quantity: qty('0.999') }]);
    const open = await desk.venue.openOrders();
    expect(open).toMatchObject({ ok: true, value: [{ type: 'STOP', quantity: qty('0.999') }] });
    await desk.expectAgreement();
  });

  test('the venue is believed before the person is', async () => {
    const order = await unclearEntry(true);
    desk.ledger.pass(61_000);
    const { bookId, orderId } = order;
    const decision = { kind: 'notSent' } as const;
    const evidence = 'I do not see it anywhere';
    expect(await settleOrder(desk.ports, { bookId, orderId, decision, evidence })).toMatchObject({
      ok: true,
      code: 'filled',
    });
    await desk.expectAgreement();
  });
});

const unclear = async () => (await desk.alerts()).filter(({ rule }) => rule === 'order_unknown');

test('EXE-31 a venue that answers slowly is told once, when one in twenty takes more than a second', async () => {
  const slow = {
    ...desk.venue,
    submit: async (order: Parameters<typeof desk.venue.submit>[0]) => {
      desk.ledger.pass(1_500);
      return desk.venue.submit(order);
    },
  };
  const risk = riskState({ submitMs: Array.from({ length: 9 }, () => 1_200) });
  await desk.seed({ risk });
  await desk.signal();
  await runGate(desk.ports, 'paper');
  const [task] = [...desk.tasks.values()];
  if (task === undefined) throw new Error('nothing to send');
  await executeIntent({ ...desk.ports, venueOf: async () => slow }, task);
  expect((await desk.riskNow()).submitMs).toHaveLength(10);
  expect(await desk.alerts()).toMatchObject([
    { rule: 'submit_slow', severity: 'WARNING', count: 1 },
  ]);
});
