import { syncOrders } from '@tradewind/adapters/execution/sync-orders';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { beginRecovery } from '@tradewind/adapters/reconcile/health';
import { reconcileAccounts } from '@tradewind/adapters/reconcile/reconcile-account';
import type { Store } from '@tradewind/adapters/ledger/store';
import { positionDoc } from '@tradewind/contracts/documents/book';
import { orderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { money, qty, subMoney, ZERO_MONEY } from '@tradewind/core/lib/units';
import { EXTERNAL } from '@tradewind/core/portfolio/external';
import { openDesk, type Desk } from './execution-desk.ts';
import { reconciling, SYMBOL, type Reconciling } from './reconciling.ts';

let desk: Desk;
let store: Store;
let on: Reconciling;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`reconcile-${projects}`);
  store = desk.ledger.store;
  on = reconciling(desk);
  await desk.ledger.clear();
  await desk.seed();
}, 30_000);
afterEach(() => desk.ledger.close());

describe('a book that agrees', () => {
  test('nothing is recorded, and the risk state says when it was compared (EXE-54)', async () => {
    await on.holding();
    expect(await on.pass()).toMatchObject({ clean: true, mismatches: 0, failures: [] });
    expect(await on.records()).toEqual([]);
    expect((await desk.riskNow()).reconciliation).toMatchObject({ failures: 0, criticals: 0 });
    await on.expectBalanced();
  });
});

describe('EXE-50 differences that change money are put right and recorded', () => {
  test('D1: purchases of a stranger become a position of EXTERNAL with their cost and cash', async () => {
    desk.venue.foreignTrade({ symbol: SYMBOL, side: 'BUY', quantity: qty('0.4') });
    expect(await on.pass()).toMatchObject({ mismatches: 1, opened: 1 });
    const [position] = await desk.positions();
    expect(position).toMatchObject({ strategyId: EXTERNAL, quantity: qty('0.3996') });
    expect(await on.only()).toMatchObject({
      type: 'D1',
      status: 'RESOLVED',
      before: { quantity: '0' },
    });
    await desk.expectAgreement();
    await on.expectBalanced();
    expect(await on.pass()).toMatchObject({ clean: true });
  });

  test('D1: what came with no fill is taken over at the price, once two reads show it', async () => {
    desk.venue.setHeld(SYMBOL, qty('0.4'));
    await on.pass();
    expect(await desk.positions()).toEqual([]);
    expect(await on.only()).toMatchObject({ type: 'D1', status: 'OPEN', seen: 1 });
    await on.pass();
    const [position] = await desk.positions();
    expect(position).toMatchObject({ strategyId: EXTERNAL, cost: money('40') });
    const book = await desk.bookNow();
    expect(book).toMatchObject({ cash: money('10000'), netDeposits: money('40') });
    // What came from outside is no profit of the day (PF-38).
    expect((await desk.riskNow()).openingEquity).toEqual(money('10040'));
    await desk.expectAgreement();
    await on.expectBalanced();
  });

  test('D2: an order that was given up and filled after all is booked from its fills (EXE-10)', async () => {
    await on.holding();
    const [order] = await desk.orders();
    const [position] = await desk.positions();
    if (order === undefined || position === undefined) throw new Error('nothing was bought');
    await forget(order.orderId, position.positionId);
    expect(await on.pass()).toMatchObject({ mismatches: 1, opened: 1 });
    expect(await on.only()).toMatchObject({ type: 'D2', status: 'RESOLVED' });
    expect((await desk.orders())[0]).toMatchObject({ status: 'FILLED' });
    await desk.expectAgreement();
    await on.expectBalanced();
  });

  test('D5: a sale by somebody else closes the position at its price, with its trade', async () => {
    const { positionId, quantity } = await on.holding();
    desk.venue.foreignTrade({ symbol: SYMBOL, side: 'SELL', quantity });
    expect(await on.pass()).toMatchObject({ mismatches: 1, closed: 1 });
    const [position] = await desk.positions();
    expect(position).toMatchObject({ positionId, status: 'CLOSED', closeReason: 'external_close' });
    expect(await on.only()).toMatchObject({ type: 'D5', severity: 'WARNING', status: 'RESOLVED' });
    expect(await desk.bookNow()).toMatchObject({ roundTrips: 1 });
    await desk.expectAgreement();
    await on.expectBalanced();
    expect(await on.pass()).toMatchObject({ clean: true });
  });

  test('D6: absent without a record is unconfirmed, keeps entries off, and is closed by the next read', async () => {
    const { positionId } = await on.holding();
    desk.venue.setHeld(SYMBOL, qty('0'));
    await on.pass();
    expect((await desk.positions())[0]).toMatchObject({ status: 'CLOSING_UNCONFIRMED' });
    expect((await desk.riskNow()).reconciliation).toMatchObject({ criticals: 1 });
    await on.pass();
    expect((await desk.positions())[0]).toMatchObject({
      positionId,
      status: 'CLOSED',
      closeReason: 'unknown_close',
    });
    expect(await on.only()).toMatchObject({ type: 'D6', severity: 'CRITICAL', status: 'RESOLVED' });
    expect(await desk.alerts()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ rule: 'reconciliation_D6', severity: 'CRITICAL' }),
      ]),
    );
    expect((await desk.riskNow()).reconciliation).toMatchObject({ criticals: 0 });
    await desk.expectAgreement();
    await on.expectBalanced();
  });

  test('D6: what the venue shows again was never gone', async () => {
    const { quantity } = await on.holding();
    desk.venue.setHeld(SYMBOL, qty('0'));
    await on.pass();
    desk.venue.setHeld(SYMBOL, quantity);
    await on.pass();
    expect((await desk.positions())[0]).toMatchObject({ status: 'OPEN', quantity });
    expect(await on.only()).toMatchObject({ type: 'D6', status: 'RESOLVED' });
    expect(await on.pass()).toMatchObject({ clean: true });
    await on.expectBalanced();
  });

  test('D7: another quantity is taken over, once two reads show it', async () => {
    await on.holding();
    desk.venue.setHeld(SYMBOL, qty('0.5'));
    await on.pass();
    await on.pass();
    expect((await desk.positions())[0]).toMatchObject({ status: 'OPEN', quantity: qty('0.5') });
    expect(await on.only()).toMatchObject({ type: 'D7', severity: 'WARNING', status: 'RESOLVED' });
    await desk.expectAgreement();
    await on.expectBalanced();
  });

  test('D11: two documents of one position become one, and nothing is lost', async () => {
    const position = await on.holding();
    const half = { ...position, quantity: qty('0.4'), cost: money('40'), entryFees: money('0.04') };
    const rest = {
      ...position,
      quantity: qty((Number('0.999') - 0.4).toFixed(3)),
      cost: subMoney(position.cost, half.cost),
      entryFees: subMoney(position.entryFees, half.entryFees),
    };
    await store.set(paths.position('paper', position.positionId), positionDoc, half);
    await store.set(paths.position('paper', 'twin'), positionDoc, { ...rest, positionId: 'twin' });
    desk.ledger.pass(10_000);
    await reconcileAccounts(desk.ports, { full: true });
    const open = (await desk.positions()).filter(({ status }) => status !== 'CLOSED');
    expect(open).toHaveLength(1);
    expect(open[0]).toMatchObject({ quantity: qty('0.999'), cost: position.cost });
    expect(await on.only()).toMatchObject({
      type: 'D11',
      severity: 'CRITICAL',
      status: 'RESOLVED',
    });
    await on.expectBalanced();
  });
});

describe('EXE-51 EXE-T10 a read that failed changes nothing', () => {
  test('an account that does not answer, or answers with nothing at all, closes nothing', async () => {
    const { quantity } = await on.holding();
    desk.venue.setEmpty(true);
    for (let round = 0; round < 3; round += 1) await on.pass();
    expect((await desk.riskNow()).reconciliation).toMatchObject({ failures: 3 });
    desk.venue.setEmpty(false);
    desk.venue.setOffline(true);
    for (let round = 0; round < 2; round += 1) await on.pass();
    expect((await desk.positions())[0]).toMatchObject({ status: 'OPEN', quantity });
    expect(await on.records()).toEqual([]);
    // EXE-53: five in a row are for people.
    expect(await desk.alerts()).toEqual([
      expect.objectContaining({ rule: 'reconciliation_failed', severity: 'CRITICAL' }),
    ]);
    desk.venue.setOffline(false);
    await on.pass();
    expect((await desk.riskNow()).reconciliation).toMatchObject({ failures: 0 });
    expect(await desk.alerts()).toEqual([expect.objectContaining({ state: 'RESOLVED' })]);
  });

  test('an order under way is not judged, whatever the venue shows', async () => {
    await desk.signal();
    await runGate(desk.ports, 'paper');
    desk.venue.script.push({ kind: 'hidden' });
    await desk.drain();
    await on.pass();
    await on.pass();
    expect(await on.records()).toEqual([]);
    desk.venue.reveal();
    await syncOrders(desk.ports);
    await desk.expectAgreement();
    expect(await on.pass()).toMatchObject({ clean: true });
  });
});

/** The ledger as it is when an order was taken to have never arrived: no fill of it is booked. */
async function forget(orderId: string, positionId: string) {
  const order = (await desk.orders())[0];
  if (order === undefined) throw new Error('there is no order');
  const never = { filledQuantity: qty('0'), filledQuote: ZERO_MONEY, averagePrice: null };
  await store.set(paths.order('paper', orderId), orderDoc, {
    ...order,
    ...never,
    status: 'NOT_SENT',
    venueOrderId: null,
    fees: ZERO_MONEY,
  });
  const fills = await store.firestore.collection(paths.fills('paper', orderId)).get();
  const entries = await store.firestore.collection(paths.ledger('paper')).get();
  await Promise.all([...fills.docs, ...entries.docs].map(({ ref }) => ref.delete()));
  await store.firestore.doc(paths.position('paper', positionId)).delete();
  await store.firestore.doc(paths.book('paper')).delete();
  await desk.seed();
}

describe('EXE-60 a worker that starts', () => {
  test('keeps entries off until everything was compared, and forgets no position (EXE-61)', async () => {
    const { positionId } = await on.holding();
    await beginRecovery(desk.ports, 'paper');
    expect((await desk.riskNow()).reconciliation).toMatchObject({ recovering: true });
    desk.venue.setOffline(true);
    await on.pass();
    expect((await desk.riskNow()).reconciliation).toMatchObject({ recovering: true, failures: 1 });
    desk.venue.setOffline(false);
    await on.pass();
    expect((await desk.riskNow()).reconciliation).toMatchObject({ recovering: false, failures: 0 });
    expect((await desk.positions())[0]).toMatchObject({ positionId, status: 'OPEN' });
  });
});

test('D13: a position whose stop somebody took away gets another one', async () => {
  const other = openDesk(`reconcile-stops-${projects}`, { stops: true });
  try {
    await other.ledger.clear();
    await other.seed();
    const there = reconciling(other);
    const position = await there.holding();
    const orderId = position.stop.venueStopOrderId ?? 'none';
    await other.venue.cancel(SYMBOL, orderId);
    const order = (await other.orders()).find((each) => each.orderId === orderId);
    if (order === undefined) throw new Error('there is no stop');
    // It is known to be gone, and whoever should have placed another one died.
    const { store: books } = other.ledger;
    await books.set(paths.order('paper', orderId), orderDoc, { ...order, status: 'CANCELLED' });
    await books.set(paths.position('paper', position.positionId), positionDoc, {
      ...position,
      stop: { ...position.stop, venueStopOrderId: null },
    });
    other.ledger.pass(11_000);
    await reconcileAccounts(other.ports, { full: true });
    expect((await other.positions())[0]?.stop.venueStopOrderId).not.toBe(orderId);
    const records = await there.records();
    expect(records).toEqual([
      expect.objectContaining({ type: 'D13', status: 'RESOLVED', outcome: 'a stop was placed' }),
    ]);
  } finally {
    await other.ledger.close();
  }
});
