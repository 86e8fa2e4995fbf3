import { cancelEntries } from '@tradewind/adapters/execution/cancel-entries';
import { cancelOrder } from '@tradewind/adapters/execution/cancel-order';
import { closePosition } from '@tradewind/adapters/execution/close-position';
import { emergencyCancel } from '@tradewind/adapters/execution/emergency-cancel';
import { executeIntent } from '@tradewind/adapters/execution/execute-intent';
import { requestExit } from '@tradewind/adapters/execution/request-exit';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { syncOrders } from '@tradewind/adapters/execution/sync-orders';
import { rebuildLedger } from '@tradewind/adapters/reconcile/rebuild-ledger';
import { riskStateDoc, type PositionDoc } from '@tradewind/contracts/documents/book';
import { orderDoc, type OrderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { price, qty, type Qty } from '@tradewind/core/lib/units';
import { riskState } from './documents.ts';
import { openDesk, type Desk } from './execution-desk.ts';

let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`exit-races-${projects}`, { stops: true, memory: true });
  await desk.ledger.clear();
  await desk.seed({ bots: ['other'] });
});
afterEach(() => desk.ledger.close());

const send = async (): Promise<void> => {
  await runGate(desk.ports, 'paper');
  await desk.drain();
};
const heldBy = async (strategyId: string): Promise<PositionDoc> => {
  const found = (await desk.positions()).find((held) => held.strategyId === strategyId);
  if (found === undefined) throw new Error(`${strategyId} has no position`);
  return found;
};
/** Two strategies hold bitcoin; what the first one's exit needs. */
async function twoHold() {
  await desk.signal();
  await send();
  // Past the pause that a symbol takes after a fill (RSK-62).
  desk.ledger.pass(301_000);
  await desk.quote('BTC-USDT');
  await desk.signal({ strategyId: 'other' });
  await send();
  const { bookId, positionId, marketKey, stop } = await heldBy('trend');
  const wish = { bookId, positionId, marketKey, reason: 'manual', price: price('100') } as const;
  return { stop, wish };
}
/** As if an order had been sent right now. */
async function rejuvenate(orderId: string): Promise<void> {
  const path = paths.order('paper', orderId);
  const order = await desk.ledger.store.get(path, orderDoc);
  if (order === undefined) throw new Error('no such order');
  const marks = { ...order.marks, sentAt: desk.ledger.clock.wallNow() };
  await desk.ledger.store.set(path, orderDoc, { ...order, marks });
}
const restingStops = async () => {
  const open = await desk.venue.openOrders();
  if (!open.ok) throw new Error('offline');
  return open.value.map(({ type, quantity }) => [type, quantity]);
};

describe('EXE-T14 a fill that comes with the cancellation of its entry has its stop at once', () => {
  /** An entry that rests; 0.4 of it are filled while it is being cancelled. */
  async function restingEntry(): Promise<OrderDoc> {
    await desk.signal();
    desk.venue.script.push({ kind: 'rest' });
    await send();
    const [entry] = await desk.orders();
    if (entry === undefined) throw new Error('no entry');
    desk.venue.beforeCancel(() => {
      desk.venue.fill(entry.orderId, qty('0.4'));
    });
    return entry;
  }

  test('when a person cancels it', async () => {
    const { orderId } = await restingEntry();
    const reply = await cancelOrder(desk.ports, { bookId: 'paper', orderId });
    expect(reply).toMatchObject({ ok: true, code: 'cancelled' });
    expect(await restingStops()).toEqual([['STOP', qty('0.3996')]]);
    await desk.expectAgreement();
  });

  test('when its strategy is stopped', async () => {
    await restingEntry();
    await cancelEntries(desk.ports, { bookId: 'paper', strategyId: 'trend', reason: 'stopped' });
    expect(await restingStops()).toEqual([['STOP', qty('0.3996')]]);
    await desk.expectAgreement();
  });

  test('when it was on its way while the emergency stop was pressed', async () => {
    const venue = {
      ...desk.venue,
      submit: async (order: Parameters<typeof desk.venue.submit>[0]) => {
        const stopped = riskState({ emergencyStop: true, executionEnabled: false });
        await desk.ledger.store.set(paths.riskState('paper'), riskStateDoc, stopped);
        const outcome = await desk.venue.submit(order);
        desk.venue.beforeCancel(() => {
          desk.venue.fill(order.clientOrderId, qty('0.4'));
        });
        return outcome;
      },
    };
    await desk.signal();
    desk.venue.script.push({ kind: 'rest' });
    await runGate(desk.ports, 'paper');
    const [task] = [...desk.tasks.values()];
    if (task === undefined) throw new Error('nothing to send');
    await executeIntent({ ...desk.ports, venueOf: async () => venue }, task);
    expect(await restingStops()).toEqual([['STOP', qty('0.3996')]]);
    await desk.expectAgreement();
  });
});

describe('PF-43 an exit that comes late', () => {
  /** Two strategies hold bitcoin; an exit of the first waits, and its stop fills `quantity`, or all, before it is sent. */
  async function overtakenExit(quantity?: Qty): Promise<void> {
    const { stop, wish } = await twoHold();
    expect(await requestExit(desk.ports, { ...wish, fast: false })).toMatchObject({ sent: null });
    const stopId = stop.venueStopOrderId ?? '';
    desk.venue.fill(stopId, quantity);
    if (quantity !== undefined) await desk.venue.cancel('BTC-USDT', stopId);
    await syncOrders(desk.ports);
    // What the other one holds is free: its stop does not bind it any more.
    await desk.venue.cancel('BTC-USDT', (await heldBy('other')).stop.venueStopOrderId ?? '');
  }
  const sales = () =>
    desk.venue.taken
      .filter(({ type, side }) => type === 'MARKET' && side === 'SELL')
      .map((order) => order.quantity);

  test('after its position was closed sells nothing of another one', async () => {
    await overtakenExit();
    expect(await heldBy('trend')).toMatchObject({ status: 'CLOSED', closeReason: 'stop_loss' });
    await desk.drain();
    expect(sales()).toEqual([]);
    expect((await heldBy('other')).status).toBe('OPEN');
    await desk.recover();
    await desk.expectAgreement();
  });

  test('after a part of it was sold sells what is left of it and no more', async () => {
    await overtakenExit(qty('0.4'));
    await desk.drain();
    expect(sales()).toEqual([qty('0.599')]);
    expect((await heldBy('trend')).status).toBe('CLOSED');
    expect((await heldBy('other')).status).toBe('OPEN');
    await desk.recover();
    await desk.expectAgreement();
  });
});

test('EXE-70 a person who closes a position also closes what its entry bought after it was closed', async () => {
  await desk.signal();
  desk.venue.script.push({ kind: 'rest', quantity: qty('0.4') });
  await send();
  const [entry] = await desk.orders();
  const { bookId, positionId } = await heldBy('trend');
  desk.venue.fill((await heldBy('trend')).stop.venueStopOrderId ?? '');
  // The venue answers late: the stop is booked while the entry is being cancelled, and filled further.
  const venue = {
    ...desk.venue,
    cancel: async (symbol: string, orderId: string) => {
      if (orderId === entry?.orderId) {
        await syncOrders(desk.ports);
        desk.venue.fill(orderId, qty('0.5'));
      }
      return desk.venue.cancel(symbol, orderId);
    },
  };
  const ports = { ...desk.ports, venueOf: async () => venue };
  const reply = await closePosition(ports, { bookId, positionId });
  expect(reply).toMatchObject({
    ok: true,
    message: expect.stringMatching(/bought since .* sold/) as string,
  });
  const held = await desk.positions();
  expect(held.map(({ status }) => status)).toEqual(['CLOSED', 'CLOSED']);
  await desk.expectAgreement();
});

describe('EXE-27 a stop that the venue does not show', () => {
  /** Two strategies hold bitcoin; `isShown` says from when on the venue tells what became of the first one's stop. */
  async function hiddenStop(isShown: () => boolean): Promise<{
    readonly stopId: string;
    readonly exit: () => ReturnType<typeof requestExit>;
  }> {
    const { stop, wish } = await twoHold();
    // What the other one holds is free: its stop does not bind it.
    await desk.venue.cancel('BTC-USDT', (await heldBy('other')).stop.venueStopOrderId ?? '');
    const stopId = stop.venueStopOrderId ?? '';
    const venue = {
      ...desk.venue,
      cancel: async (symbol: string, orderId: string) =>
        orderId !== stopId || isShown()
          ? desk.venue.cancel(symbol, orderId)
          : ({ kind: 'absent' } as const),
    };
    const ports = { ...desk.ports, venueOf: async () => venue };
    return { stopId, exit: () => requestExit(ports, { ...wish, fast: true }) };
  }

  test('as it was just taken is asked for again: it may have sold everything', async () => {
    let looks = 0;
    const { stopId, exit } = await hiddenStop(() => (looks += 1) > 2);
    desk.venue.fill(stopId);
    await rejuvenate(stopId);
    await exit();
    expect(await heldBy('trend')).toMatchObject({ status: 'CLOSED', closeReason: 'stop_loss' });
    expect((await heldBy('other')).status).toBe('OPEN');
    await desk.recover();
    await desk.expectAgreement();
  });

  test('and fills after its position was closed has sold what another one holds, and is booked there', async () => {
    const { stopId, exit } = await hiddenStop(() => false);
    desk.venue.fill(stopId, qty('0.2'));
    await syncOrders(desk.ports);
    // As if it went on once the exit was through.
    await desk.venue.cancel('BTC-USDT', stopId);
    await exit();
    expect(await heldBy('trend')).toMatchObject({ status: 'CLOSED', closeReason: 'manual' });
    desk.venue.fillLate(stopId, qty('0.4'));
    await desk.recover();
    expect(await heldBy('other')).toMatchObject({ status: 'OPEN', quantity: qty('0.599') });
    desk.venue.fillLate(stopId);
    await desk.recover();
    expect(await heldBy('other')).toMatchObject({ status: 'OPEN', quantity: qty('0.2') });
    await desk.expectAgreement();
    await emergencyCancel(desk.ports, { bookId: 'paper', flatten: false, by: 'me' });
    const request = { bookId: 'paper', backupId: 'b', daysBack: 1, dryRun: true };
    expect(await rebuildLedger(desk.ports, request)).toMatchObject({ ok: true });
  });
});
