import { cancelOrder } from '@tradewind/adapters/execution/cancel-order';
import { closePosition } from '@tradewind/adapters/execution/close-position';
import { emergencyCancel } from '@tradewind/adapters/execution/emergency-cancel';
import { executeIntent } from '@tradewind/adapters/execution/execute-intent';
import { resetSafety } from '@tradewind/adapters/execution/reset-safety';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import type { Store } from '@tradewind/adapters/ledger/store';
import { riskStateDoc } from '@tradewind/contracts/documents/book';
import { paths } from '@tradewind/contracts/paths';
import { price, qty } from '@tradewind/core/lib/units';
import { riskState } from './documents.ts';
import { openDesk, type Desk } from './execution-desk.ts';

let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`execution-safety-${projects}`);
  await desk.ledger.clear();
});
afterEach(() => desk.ledger.close());

const stop = (flatten = false) => emergencyCancel(desk.ports, { flatten, by: 'a trader' });

const rest = async (): Promise<void> => {
  await desk.seed();
  await desk.signal();
  desk.venue.script.push({ kind: 'rest', quantity: qty('0.4') });
  await runGate(desk.ports, 'paper');
  await desk.drain();
};
const order = async () => {
  const [first] = await desk.orders();
  if (first === undefined) throw new Error('no order');
  return first;
};

describe('emergency cancel', () => {
  test('RSK-90 cancels what works, drops what waits, and reports each', async () => {
    await rest();
    await desk.signal({ signalId: 'undecided', strategyId: 'other' });
    const reply = await stop();
    expect(reply).toMatchObject({ ok: true, code: 'stopped' });
    const results = reply.items?.map(({ result }) => result);
    expect(results).toEqual(['cancelled, 0.4 filled', 'cancelled', 'stopped']);
    expect(await order()).toMatchObject({ status: 'CANCELLED', filledQuantity: qty('0.4') });
    expect(await desk.riskNow()).toMatchObject({
      emergencyStop: true,
      emergencyStopBy: 'a trader',
    });
    await desk.expectAgreement();
  });

  test('an approved entry is not sent after the stop', async () => {
    await desk.seed();
    await desk.signal();
    await runGate(desk.ports, 'paper');
    await stop();
    await desk.drain();
    expect(desk.venue.submissions()).toBe(0);
    expect((await desk.intents()).map(({ status }) => status)).toEqual(['EXPIRED']);
  });

  test('a signal after the stop is refused', async () => {
    await desk.seed();
    await stop();
    await desk.signal();
    await runGate(desk.ports, 'paper');
    expect((await desk.signals())[0]?.rejectionReason).toBe('emergency_stop');
  });

  test('RSK-90 flattens every position when asked', async () => {
    await rest();
    const reply = await stop(true);
    expect(reply.ok).toBe(true);
    const [position] = await desk.positions();
    expect(position).toMatchObject({ status: 'CLOSED', closeReason: 'emergency' });
    await desk.expectAgreement();
  });

  test('RSK-T15 a double click is harmless', async () => {
    await rest();
    const [first, second] = await Promise.all([stop(true), stop(true)]);
    await stop(true);
    expect([first.ok, second.ok]).toEqual([true, true]);
    expect(desk.venue.taken.filter(({ side }) => side === 'SELL')).toHaveLength(1);
    await desk.expectAgreement();
  });

  test('RSK-T15 a stubborn order is listed with a critical alert, and everything else is stopped', async () => {
    await rest();
    desk.venue.setOffline(true);
    const reply = await stop();
    expect(reply).toMatchObject({ ok: false, code: 'stopped_with_leftovers' });
    expect(reply.items?.[0]?.result).toMatch(/could not be cancelled/);
    expect((await desk.riskNow()).emergencyStop).toBe(true);
    const alert = (await desk.alerts()).find(({ rule }) => rule === 'emergency_leftovers');
    expect(alert?.severity).toBe('CRITICAL');
    desk.venue.setOffline(false);
    expect((await stop()).ok).toBe(true);
    expect((await order()).status).toBe('CANCELLED');
  });

  test('RSK-90 an order that no book knows is cancelled too, but not when one book is named', async () => {
    await desk.seed();
    const stranger = { clientOrderId: 'stranger', symbol: 'BTC-USDT', side: 'BUY' } as const;
    desk.venue.script.push({ kind: 'rest' });
    await desk.venue.submit({
      ...stranger,
      type: 'LIMIT',
      quantity: qty('0.1'),
      limitPrice: price('50'),
      timeInForce: 'GTC',
    });
    await emergencyCancel(desk.ports, { bookId: 'paper', flatten: false, by: 'a trader' });
    expect(await desk.venue.openOrders()).toMatchObject({ value: [{ status: 'ACKNOWLEDGED' }] });
    await stop();
    expect(await desk.venue.openOrders()).toMatchObject({ value: [] });
  });

  test('a stop between the look at the flag and the claim keeps the order from being sent', async () => {
    await desk.seed();
    await desk.signal();
    await runGate(desk.ports, 'paper');
    const { store } = desk.ports;
    const path = paths.riskState('paper');
    let isPressed = false;
    const press = async (): Promise<void> => {
      isPressed = true;
      await store.set(path, riskStateDoc, riskState({ emergencyStop: true }));
    };
    const racing: Store = {
      ...store,
      transact: (body) =>
        store.transact((tx) =>
          body({
            ...tx,
            get: async (at, schema) => {
              const found = await tx.get(at, schema);
              if (at === path && !isPressed) await press();
              return found;
            },
          }),
        ),
    };
    const [intent] = await desk.intents();
    const target = { bookId: 'paper', intentId: intent?.intentId ?? '' };
    const executed = await executeIntent({ ...desk.ports, store: racing }, target);
    expect(executed).toEqual({ kind: 'ended', reason: 'emergency_stop' });
    expect(desk.venue.submissions()).toBe(0);
  });

  test('an entry that is on its way while the stop is pressed does not stay at the venue', async () => {
    await desk.seed();
    await desk.signal();
    await runGate(desk.ports, 'paper');
    const [intent] = await desk.intents();
    const { submit } = desk.venue;
    const ports = {
      ...desk.ports,
      venueOf: async () => ({
        ...desk.venue,
        submit: async (sent: Parameters<typeof submit>[0]) => {
          const stopped = await stop();
          expect(stopped.ok).toBe(false);
          desk.venue.script.push({ kind: 'rest' });
          return submit(sent);
        },
      }),
    };
    await executeIntent(ports, { bookId: 'paper', intentId: intent?.intentId ?? '' });
    expect((await order()).status).toBe('CANCELLED');
    await desk.expectAgreement();
  });
});

describe('safety reset', () => {
  const reset = (minMs = 300_000) => resetSafety(desk.ports, { minMs });

  test('RSK-94 waits five minutes, then lets entries through again', async () => {
    await desk.seed();
    await stop();
    expect(await reset()).toMatchObject({ ok: false, code: 'too_soon' });
    desk.ledger.pass(300_000);
    expect(await reset()).toMatchObject({ ok: true, code: 'reset' });
    expect(await desk.riskNow()).toMatchObject({ emergencyStop: false, emergencyStopAt: null });
    expect(await reset()).toMatchObject({ code: 'not_stopped' });
  });

  test('RSK-T16 is refused while an order is unclear', async () => {
    await desk.seed();
    await desk.signal();
    desk.venue.script.push({ kind: 'lostAfter', then: { kind: 'rest' } });
    await runGate(desk.ports, 'paper');
    desk.venue.setOffline(true);
    await desk.drain();
    await stop();
    expect(await reset(0)).toMatchObject({ ok: false, code: 'not_reconciled' });
    expect((await desk.riskNow()).emergencyStop).toBe(true);
    desk.venue.setOffline(false);
    await desk.recover();
    expect(await reset(0)).toMatchObject({ ok: true });
  });
});

describe('manual actions', () => {
  test('EXE-70 closing a position cancels what builds it, sells all, and tells the price', async () => {
    await rest();
    const [position] = await desk.positions();
    const target = { bookId: 'paper', positionId: position?.positionId ?? '' };
    const reply = await closePosition(desk.ports, target);
    expect(reply).toMatchObject({ ok: true, code: 'closed' });
    expect(reply.message).toContain('0.3996 sold at 100');
    expect((await order()).status).toBe('CANCELLED');
    expect(await closePosition(desk.ports, target)).toMatchObject({ code: 'already_closed' });
    await desk.expectAgreement();
  });

  test('EXE-71 a close that fails leaves the position open and protected', async () => {
    await rest();
    await stop();
    desk.venue.script.push({ kind: 'reject' });
    const [position] = await desk.positions();
    const reply = await closePosition(desk.ports, {
      bookId: 'paper',
      positionId: position?.positionId ?? '',
    });
    expect(reply).toMatchObject({ ok: false, code: 'close_failed' });
    expect((await desk.positions())[0]).toMatchObject({ status: 'OPEN', closeIntentId: null });
  });

  test('EXE-T12 EXE-72 a cancellation that loses the race with a fill says so, with the fill', async () => {
    await rest();
    const { orderId } = await order();
    desk.venue.beforeCancel(() => {
      desk.venue.fill(orderId);
    });
    const reply = await cancelOrder(desk.ports, { bookId: 'paper', orderId });
    expect(reply).toMatchObject({ ok: false, code: 'ALREADY_FILLED' });
    expect(reply.message).toContain('1 was filled at 100');
    expect((await order()).status).toBe('FILLED');
    await desk.expectAgreement();
  });

  test('a cancellation that the venue cannot be asked for is repaired by sync', async () => {
    await rest();
    const { orderId } = await order();
    desk.venue.setOffline(true);
    expect((await cancelOrder(desk.ports, { bookId: 'paper', orderId })).ok).toBe(false);
    expect((await order()).status).toBe('CANCELLING');
    desk.venue.setOffline(false);
    expect(await cancelOrder(desk.ports, { bookId: 'paper', orderId })).toMatchObject({
      ok: true,
      code: 'cancelled',
    });
    await desk.expectAgreement();
  });

  test('what does not exist is named', async () => {
    await desk.seed();
    const missing = { bookId: 'paper', orderId: 'nope', positionId: 'nope' };
    expect((await cancelOrder(desk.ports, missing)).message).toContain('"nope"');
    expect((await closePosition(desk.ports, missing)).message).toContain('"nope"');
  });
});
