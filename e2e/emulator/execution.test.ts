import { executeIntent } from '@tradewind/adapters/execution/execute-intent';
import { recordReport } from '@tradewind/adapters/execution/record-report';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { syncOrders } from '@tradewind/adapters/execution/sync-orders';
import { price, qty } from '@tradewind/core/lib/units';
import { openDesk, type Desk } from './execution-desk.ts';

let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`execution-${projects}`);
  await desk.ledger.clear();
});
afterEach(() => desk.ledger.close());

const enter = async (ttlMs = 3_600_000): Promise<void> => {
  await desk.seed();
  await desk.signal({ ttlMs });
  await runGate(desk.ports, 'paper');
};
const only = <T>(items: readonly T[]): T => {
  const [item] = items;
  if (item === undefined || items.length > 1)
    throw new Error(`expected one item, got ${items.length}`);
  return item;
};
const intent = async () => only(await desk.intents());
const order = async () => only(await desk.orders());
const position = async () => only(await desk.positions());
const target = async () => ({ bookId: 'paper', intentId: (await intent()).intentId });

describe('the way of an order', () => {
  test('EXE-T01 a signal becomes an order, a fill and a protected position', async () => {
    await enter();
    await desk.drain();
    expect(await order()).toMatchObject({ status: 'FILLED', venueOrderId: 'v1' });
    expect((await order()).marks.ackAt).not.toBeNull();
    expect((await intent()).status).toBe('DONE');
    expect(await position()).toMatchObject({
      status: 'OPEN',
      entrySignalId: 's-BTC-USDT-trend-ENTER',
    });
    expect((await position()).protection.stopLoss).toEqual(price('95'));
    expect((await desk.riskNow()).tradesToday).toBe(1);
    await desk.expectAgreement();
  });

  test('an exit signal closes the position and books the round trip', async () => {
    await enter();
    await desk.drain();
    desk.venue.setPrice(price('110'));
    await desk.signal({ action: 'EXIT' });
    await runGate(desk.ports, 'paper');
    expect((await position()).closeIntentId).not.toBeNull();
    await desk.drain();
    expect(await position()).toMatchObject({ status: 'CLOSED', closeReason: 'ZE1' });
    const book = await desk.bookNow();
    expect(book).toMatchObject({ roundTrips: 1, winningTrades: 1 });
    expect(book.realizedPnl > 0n).toBe(true);
    await desk.expectAgreement();
  });

  test('EXE-T02 tasks and triggers delivered twice, in parallel, make one order', async () => {
    await desk.seed();
    await desk.signal();
    await Promise.all([
      runGate(desk.ports, 'paper'),
      runGate(desk.ports, 'paper'),
      runGate(desk.ports, 'paper'),
    ]);
    const delivery = await target();
    await Promise.all([
      executeIntent(desk.ports, delivery),
      executeIntent(desk.ports, delivery),
      executeIntent(desk.ports, delivery),
    ]);
    await executeIntent(desk.ports, delivery);
    expect(desk.venue.taken).toHaveLength(1);
    await desk.expectAgreement();
  });

  test('EXE-T03 fail, fail, succeed makes three calls and one order', async () => {
    await enter();
    desk.venue.script.push({ kind: 'notSent' }, { kind: 'notSent' });
    await desk.drain();
    expect(desk.venue.submissions()).toBe(3);
    expect(desk.venue.taken).toHaveLength(1);
    expect((await order()).status).toBe('FILLED');
  });

  test('an order that could not be sent waits and is sent later, under its id', async () => {
    await enter();
    desk.venue.script.push(...Array.from({ length: 4 }, () => ({ kind: 'notSent' }) as const));
    await desk.drain();
    expect(await intent()).toMatchObject({ status: 'QUEUED', claimedBy: null });
    desk.ledger.pass(6_000);
    await desk.drain();
    expect((await order()).status).toBe('FILLED');
    expect(desk.venue.taken).toHaveLength(1);
    await desk.expectAgreement();
  });

  test('a refused order ends its intent, raises an alert and frees the slot', async () => {
    await enter();
    desk.venue.script.push({ kind: 'reject' });
    await desk.drain();
    expect(await order()).toMatchObject({ status: 'REJECTED', errorCode: 'InsufficientBalance' });
    expect((await intent()).status).toBe('FAILED');
    expect((await desk.alerts()).map(({ rule }) => rule)).toContain('order_rejected');
    expect(await desk.positions()).toEqual([]);
  });
});

describe('unclear answers', () => {
  test('EXE-T04 a time-out after the venue accepted finds the order and sends no second one', async () => {
    await enter();
    desk.venue.script.push({ kind: 'lostAfter', then: { kind: 'fill', parts: 3 } });
    await desk.drain();
    expect(desk.venue.submissions()).toBe(1);
    expect(await order()).toMatchObject({ status: 'FILLED', venueOrderId: 'v1' });
    expect((await intent()).status).toBe('DONE');
    await desk.expectAgreement();
  });

  test('EXE-T05 EXE-21 an order that never arrived is not sent when its time is over', async () => {
    await enter(5_000);
    desk.venue.script.push({ kind: 'lostBefore' });
    await desk.drain();
    expect(desk.venue.taken).toHaveLength(0);
    expect((await order()).status).toBe('NOT_SENT');
    expect((await intent()).status).toBe('FAILED');
    // Proof takes until the venue's receive window is over, and two listings 5 s apart.
    const { marks } = await order();
    expect((marks.doneAt ?? 0) - (marks.sentAt ?? 0)).toBeGreaterThanOrEqual(12_000);
    await desk.signal({ signalId: 'again' });
    await runGate(desk.ports, 'paper');
    await desk.drain();
    expect(desk.venue.taken).toHaveLength(1);
    await desk.expectAgreement();
  });

  test('EXE-21 an order that never arrived and is still wanted is sent again under its id', async () => {
    await enter();
    desk.venue.script.push({ kind: 'lostBefore' });
    await desk.drain();
    expect(desk.venue.submissions()).toBe(2);
    expect(only(desk.venue.taken).clientOrderId).toBe((await intent()).orderId);
    expect((await order()).status).toBe('FILLED');
    await desk.expectAgreement();
  });

  test('EXE-21 nothing is sent again while the venue cannot be asked', async () => {
    await enter();
    desk.venue.script.push({ kind: 'lostAfter', then: { kind: 'fill' } });
    desk.venue.setOffline(true);
    await desk.drain();
    expect(await order()).toMatchObject({ status: 'UNKNOWN' });
    expect(desk.venue.submissions()).toBe(1);
    desk.venue.setOffline(false);
    await desk.recover();
    expect(desk.venue.submissions()).toBe(1);
    expect((await order()).status).toBe('FILLED');
    await desk.expectAgreement();
  });

  test('EXE-11 fills that cannot be read yet are not invented; sync books them later', async () => {
    await enter();
    desk.venue.script.push({ kind: 'hidden' });
    await desk.drain();
    expect(await order()).toMatchObject({ status: 'ACKNOWLEDGED', filledQuantity: qty('0') });
    expect(await desk.positions()).toEqual([]);
    desk.venue.reveal();
    await syncOrders(desk.ports);
    expect((await order()).status).toBe('FILLED');
    await desk.expectAgreement();
  });
});

describe('reports', () => {
  test('EXE-18 the same reports in any order, any number of times, end the same', async () => {
    await enter();
    desk.venue.script.push({ kind: 'rest', quantity: qty('0.3') });
    await desk.drain();
    const { orderId, symbol } = await order();
    const report = async () => {
      const found = await desk.venue.lookup(symbol, orderId);
      if (found.kind !== 'found') throw new Error('not found');
      return found.report;
    };
    const early = await report();
    desk.venue.fill(orderId, qty('0.2'));
    const late = await report();
    const input = { bookId: 'paper', orderId, fills: [], venue: desk.venue, at: early.updatedAt };
    for (const told of [late, early, late, early])
      expect((await recordReport(desk.ports, { ...input, report: told })).ok).toBe(true);
    expect((await order()).filledQuantity).toEqual(qty('0.5'));
    await desk.expectAgreement();
    const before = await order();
    await recordReport(desk.ports, { ...input, report: late });
    expect(await order()).toEqual(before);
  });

  test('EXE-T14 partly filled and then cancelled leaves the filled part as position', async () => {
    await enter();
    desk.venue.script.push({ kind: 'rest', quantity: qty('0.4') });
    await desk.drain();
    expect((await order()).status).toBe('PARTIAL');
    expect((await position()).status).toBe('BUILDING');
    const { symbol, orderId } = await order();
    await desk.venue.cancel(symbol, orderId);
    await syncOrders(desk.ports);
    expect(await order()).toMatchObject({ status: 'CANCELLED', filledQuantity: qty('0.4') });
    expect(await position()).toMatchObject({ status: 'OPEN', quantity: qty('0.3996') });
    expect((await intent()).status).toBe('DONE');
    await desk.expectAgreement();
  });

  test('EXE-13 an entry that rests longer than 30 s is cancelled by sync', async () => {
    await enter();
    desk.venue.script.push({ kind: 'rest' });
    await desk.drain();
    desk.ledger.pass(31_000);
    await syncOrders(desk.ports);
    expect((await order()).status).toBe('CANCELLED');
    expect((await intent()).status).toBe('DONE');
  });

  test('EXE-47 an order that was filled without our knowing is booked within one pass', async () => {
    await enter();
    desk.venue.script.push({ kind: 'rest' });
    await desk.drain();
    desk.venue.fill((await order()).orderId);
    await syncOrders(desk.ports);
    expect((await order()).status).toBe('FILLED');
    await desk.expectAgreement();
  });

  test('a report that overfills the order is refused with an alert and books nothing', async () => {
    await enter();
    await desk.drain();
    const before = await desk.bookNow();
    const { orderId, symbol } = await order();
    const found = await desk.venue.lookup(symbol, orderId);
    const fills = await desk.venue.fills({ symbol, clientOrderId: orderId, venueOrderId: 'v1' });
    if (found.kind !== 'found' || !fills.ok) throw new Error('not found');
    const [fill] = fills.value;
    if (fill === undefined) throw new Error('no fill');
    const recorded = await recordReport(desk.ports, {
      bookId: 'paper',
      orderId,
      report: found.report,
      fills: [fill, { ...fill, fillId: '999' }],
      venue: desk.venue,
      at: fill.at,
    });
    expect(recorded).toMatchObject({ ok: false, error: { kind: 'overfill' } });
    expect(await desk.bookNow()).toEqual(before);
    expect((await desk.alerts()).map(({ rule }) => rule)).toEqual(['report_refused']);
  });
});
