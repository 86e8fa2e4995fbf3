import { executeIntent } from '@tradewind/adapters/execution/execute-intent';
import { createAccountGuard } from '@tradewind/adapters/execution/guard-account';
import { protectPosition } from '@tradewind/adapters/execution/protect-position';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { settleOrder } from '@tradewind/adapters/execution/settle-order';
import { syncOrders } from '@tradewind/adapters/execution/sync-orders';
import { forgetIds } from '@tradewind/adapters/venue/testing/forget-ids';
import type { Venue, VenueOrder } from '@tradewind/adapters/venue/venue';
import { epochMs } from '@tradewind/core/lib/time';
import { qty } from '@tradewind/core/lib/units';
import { openDesk, type Desk } from './execution-desk.ts';

const SYMBOL = 'BTC-USDT';

let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`name-orders-${projects}`, { memory: true, stops: true });
  await desk.ledger.clear();
});
afterEach(() => desk.ledger.close());

/** The desk on an account that takes no ids of ours, as composition opens it. */
function nameless(change: (venue: Venue) => Venue = (venue) => venue): Desk['ports'] {
  const parts = { ...desk.ports, breakerOpenMs: 5_000 };
  const open = createAccountGuard(parts, { name: 'binance', process: 'worker' });
  const venue = open(change(forgetIds(desk.venue, () => epochMs(0))), 'normal');
  return { ...desk.ports, venueOf: () => Promise.resolve(venue) };
}

/** Runs every task that is due. */
async function drain(ports: Desk['ports']): Promise<void> {
  for (;;) {
    const due = [...desk.tasks].find(([, { dueAt }]) => dueAt <= desk.ledger.clock.wallNow());
    if (due === undefined) return;
    desk.tasks.delete(due[0]);
    await executeIntent(ports, due[1]);
  }
}
async function enter(ports: Desk['ports']): Promise<void> {
  await desk.seed();
  await desk.signal();
  await runGate(ports, 'paper');
  await drain(ports);
}
const entries = () => desk.venue.taken.filter(({ side }) => side === 'BUY');
const entry = async () => {
  const order = (await desk.orders()).find(({ side }) => side === 'BUY');
  if (order === undefined) throw new Error('there is no entry');
  return order;
};
/** The quantity that the entry will have, bought by somebody else on the account. */
const alike = { symbol: SYMBOL, side: 'BUY', quantity: qty('1') } as const;

describe('EXE-17 at a venue without client ids', () => {
  test('an order is entered, protected and closed by what the ledger has of it', async () => {
    const ports = nameless();
    await enter(ports);
    expect(await entry()).toMatchObject({ status: 'FILLED', venueOrderId: 'v1' });
    const { orderId } = await entry();
    expect(desk.venue.taken.map(({ clientOrderId }) => clientOrderId)).not.toContain(orderId);
    desk.ledger.pass(31_000);
    await syncOrders(ports);
    await desk.signal({ action: 'EXIT' });
    await runGate(ports, 'paper');
    await drain(ports);
    expect(await desk.positions()).toMatchObject([{ status: 'CLOSED' }]);
    expect(await desk.venue.openOrders()).toEqual({ ok: true, value: [] });
    await desk.expectAgreement();
  });

  test('EXE-20 an answer that was lost: the order is found by its terms, and sent no second time', async () => {
    desk.venue.script.push({ kind: 'lostAfter', then: { kind: 'fill', parts: 3 } });
    await enter(nameless());
    expect(await entry()).toMatchObject({ status: 'FILLED', venueOrderId: 'v1' });
    expect(entries()).toHaveLength(1);
    await desk.expectAgreement();
  });

  test('EXE-21 an order that never arrived is sent again once the search has proven its absence', async () => {
    desk.venue.script.push({ kind: 'lostBefore' });
    await enter(nameless());
    expect(await entry()).toMatchObject({ status: 'FILLED' });
    expect(entries()).toHaveLength(1);
    expect(desk.venue.submissions()).toBe(3); // the lost one, the one that arrived, and the stop
    await desk.expectAgreement();
  });

  test('a search that fails proves nothing: nothing is sent', async () => {
    desk.venue.script.push({ kind: 'lostBefore' });
    desk.venue.setOffline(true);
    await enter(nameless());
    expect(await entry()).toMatchObject({ status: 'UNKNOWN' });
    expect(desk.venue.submissions()).toBe(1);
  });

  test('two orders that may be it: it is never sent again, and a person says which it is', async () => {
    const ports = nameless();
    desk.venue.script.push({ kind: 'lostAfter', then: { kind: 'fill' } });
    await desk.seed();
    desk.venue.foreignTrade(alike);
    await desk.signal();
    await runGate(ports, 'paper');
    await drain(ports);
    desk.ledger.pass(61_000);
    await expect(syncOrders(ports)).rejects.toThrow('a person has to say which');
    await drain(ports);
    const order = await entry();
    expect(order).toMatchObject({ status: 'UNKNOWN', venueOrderId: null });
    expect(entries()).toHaveLength(2);
    expect((await desk.alerts()).map(({ rule }) => rule)).toContain('order_unknown');

    desk.ledger.pass(31_000);
    const decision = { kind: 'filled', venueOrderId: 'v2' } as const;
    const evidence = 'the other one was mine, by hand';
    const { orderId } = order;
    expect(
      await settleOrder(ports, { bookId: 'paper', orderId, decision, evidence }),
    ).toMatchObject({ ok: true, code: 'filled' });
    expect(await entry()).toMatchObject({ status: 'FILLED', venueOrderId: 'v2' });
  });

  test.each([
    ['was placed before it can have been sent', -10_001],
    ['was placed after it can have arrived', 20_001],
  ])('an order that %s is not taken for it', async (_, offsetMs) => {
    let sentAt = 0;
    const ports = nameless((venue) => ({
      ...venue,
      submit: async (order, withinMs) => {
        sentAt ||= desk.ledger.clock.wallNow();
        return venue.submit(order, withinMs);
      },
    }));
    await desk.seed();
    if (offsetMs < 0) {
      desk.venue.foreignTrade(alike);
      desk.ledger.pass(-offsetMs);
    }
    desk.venue.script.push({ kind: 'lostBefore' });
    desk.venue.setOffline(offsetMs > 0);
    await desk.signal();
    await runGate(ports, 'paper');
    await drain(ports);
    if (offsetMs > 0) {
      desk.ledger.pass(sentAt + offsetMs - desk.ledger.clock.wallNow());
      desk.venue.setOffline(false);
      desk.venue.foreignTrade(alike);
      desk.ledger.pass(31_000);
      await syncOrders(ports);
      await drain(ports);
    }
    expect(await entry()).toMatchObject({ status: 'FILLED', venueOrderId: 'v2' });
    expect(entries()).toHaveLength(2);
  });

  test('an order that is known to be another one of ours is not taken for it', async () => {
    const ports = nameless();
    await desk.seed({ bots: ['other'] });
    await desk.signal();
    await desk.signal({ strategyId: 'other' });
    await runGate(ports, 'paper');
    const [first, second] = [...desk.tasks.values()];
    if (first === undefined || second === undefined) throw new Error('two entries were asked for');
    desk.tasks.clear();
    await executeIntent(ports, first);
    desk.venue.script.push({ kind: 'lostBefore' });
    await executeIntent(ports, second);
    const names = (await desk.orders()).filter(({ side }) => side === 'BUY');
    expect(new Set(names.map(({ venueOrderId }) => venueOrderId)).size).toBe(2);
    expect(entries()).toHaveLength(2);
    await desk.expectAgreement();
  });
});

describe('EXE-17 a stop whose sender died at a venue without client ids', () => {
  /** The process dies when it sends its stop, before or after the venue has it. */
  const dying = (arrives: boolean) =>
    nameless((venue) => ({
      ...venue,
      submit: async (order: VenueOrder, withinMs) => {
        if (order.type !== 'STOP') return venue.submit(order, withinMs);
        if (arrives) await venue.submit(order, withinMs);
        throw new Error('the process is gone');
      },
    }));
  const stops = () => desk.venue.taken.filter(({ type }) => type === 'STOP');

  test.each([
    ['it arrived: it is found, and stays the only one', true],
    ['it did not: none is sent blindly, and the position is closed', false],
  ])('%s', async (_, arrives) => {
    await expect(enter(dying(arrives))).rejects.toThrow('the process is gone');
    desk.ledger.pass(31_000);
    const [held] = await desk.positions();
    if (held === undefined) throw new Error('nothing is held');
    await protectPosition(nameless(), { bookId: 'paper', positionId: held.positionId });
    expect(stops()).toHaveLength(arrives ? 1 : 0);
    expect(await desk.positions()).toMatchObject([{ status: arrives ? 'OPEN' : 'CLOSED' }]);
    await desk.expectAgreement();
  });
});
