import { cancelOrder } from '@tradewind/adapters/execution/cancel-order';
import { closePosition } from '@tradewind/adapters/execution/close-position';
import { executeIntent } from '@tradewind/adapters/execution/execute-intent';
import { planStop } from '@tradewind/adapters/execution/plan-stop';
import { protectPosition } from '@tradewind/adapters/execution/protect-position';
import { recordReport } from '@tradewind/adapters/execution/record-report';
import { requestExit } from '@tradewind/adapters/execution/request-exit';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { sendOrder } from '@tradewind/adapters/execution/send-order';
import { positionDoc } from '@tradewind/contracts/documents/book';
import type { OrderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { price, qty } from '@tradewind/core/lib/units';
import { openDesk, type Desk } from './execution-desk.ts';

let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`stop-races-${projects}`, { stops: true, memory: true });
  await desk.ledger.clear();
  await desk.seed();
  await desk.signal();
  desk.venue.script.push({ kind: 'fill' }, { kind: 'rest' });
  await runGate(desk.ports, 'paper');
  await desk.drain();
  await takeAway();
});
afterEach(() => desk.ledger.close());

const stops = async (): Promise<OrderDoc[]> =>
  (await desk.orders()).filter(({ type }) => type === 'STOP');
const held = async () => (await desk.positions())[0];
/** Orders that rest at the venue: trigger price and quantity. */
const atVenue = async () => {
  const open = await desk.venue.openOrders();
  if (!open.ok) throw new Error('offline');
  return open.value.map(({ triggerPrice, quantity }) => [triggerPrice, quantity]);
};
/** What an order sends to the venue. */
const stopOrder = ({ orderId, symbol, side, type, quantity, stopPrice }: OrderDoc) => ({
  ...{ clientOrderId: orderId, symbol, side, type, quantity },
  limitPrice: null,
  timeInForce: 'GTC' as const,
  triggerPrice: stopPrice,
});
const wish = { bookId: 'paper', positionId: 's-BTC-USDT-trend-ENTER.ENTER' };
/** Somebody takes the stop away at the venue, and the ledger knows. */
async function takeAway(): Promise<void> {
  const [stop] = await stops();
  await desk.venue.cancel('BTC-USDT', stop?.orderId ?? '');
  const report = await desk.venue.lookup('BTC-USDT', stop?.orderId ?? '');
  if (report.kind !== 'found') throw new Error('the stop is gone');
  await recordReport(desk.ports, {
    ...{ bookId: 'paper', orderId: stop?.orderId ?? '', fills: [], venue: desk.venue },
    report: report.report,
    at: desk.ledger.clock.wallNow(),
  });
}

test('EXE-21 a stop that is refused while an earlier sending may be under way is not given up', async () => {
  // Somebody wrote it, sends it, and is not heard of; it has not arrived when the next one looks.
  await desk.ports.store.transact((tx) => planStop(desk.ports, tx, wish));
  const late = (await stops()).find(({ status }) => status === 'SUBMITTED');
  desk.ledger.pass(3_100);
  desk.venue.script.push({ kind: 'reject', code: 'PriceOutOfBand' }, { kind: 'reject' });
  await protectPosition(desk.ports, wish);
  expect((await stops()).find(({ orderId }) => orderId === late?.orderId)?.status).toBe('UNKNOWN');
  if (late === undefined) throw new Error('no stop was written');
  desk.venue.script.push({ kind: 'rest' });
  await desk.venue.submit({ ...stopOrder(late), reduceOnly: true });
  await desk.recover();
  expect(await atVenue()).toEqual([[price('95'), qty('0.999')]]);
  expect((await held())?.stop.venueStopOrderId).toBe(late.orderId);
  await desk.expectAgreement();
});

test('EXE-03 whoever waited between two attempts sends no stop after somebody else took over', async () => {
  const step = await desk.ports.store.transact((tx) => planStop(desk.ports, tx, wish));
  if (step.kind !== 'send') throw new Error(`nothing to send: ${step.kind}`);
  desk.venue.script.push({ kind: 'notSent' }, { kind: 'rest' });
  const before = desk.venue.submissions();
  // The pause is long enough for another one to come and place it.
  const sleep = async (ms: number): Promise<void> => {
    desk.ledger.pass(Math.max(ms, 3_100));
    await protectPosition(desk.ports, wish);
  };
  await sendOrder({ ...desk.ports, sleep }, desk.venue, step.claim);
  expect(desk.venue.submissions() - before).toBe(2);
  expect(await atVenue()).toHaveLength(1);
});

test('EXE-03 a sender that stood still before it sent its stop sends none that somebody else has taken over', async () => {
  const step = await desk.ports.store.transact((tx) => planStop(desk.ports, tx, wish));
  if (step.kind !== 'send') throw new Error(`nothing to send: ${step.kind}`);
  desk.ledger.pass(3_100);
  desk.venue.script.push({ kind: 'rest' });
  await protectPosition(desk.ports, wish);
  await closePosition(desk.ports, wish);
  const before = desk.venue.submissions();
  expect(await sendOrder(desk.ports, desk.venue, step.claim)).toMatchObject({ kind: 'handedOver' });
  expect(desk.venue.submissions()).toBe(before);
  await desk.expectAgreement();
});

test('EXE-21 a stop that may be under way is not sent again after a pause: it may have come and gone', async () => {
  await desk.ports.store.transact((tx) => planStop(desk.ports, tx, wish));
  const late = (await stops()).find(({ status }) => status === 'SUBMITTED');
  if (late === undefined) throw new Error('no stop was written');
  desk.ledger.pass(3_100);
  // The account holds more than the position: a second one would sell that.
  desk.venue.setHeld('BTC-USDT', qty('5'));
  desk.venue.script.push({ kind: 'notSent' });
  let pauses = 0;
  const sleep = async (ms: number): Promise<void> => {
    desk.ledger.pass(ms);
    pauses += 1;
    if (pauses > 1) return;
    desk.venue.script.push({ kind: 'fill' });
    await desk.venue.submit({ ...stopOrder(late), reduceOnly: true });
  };
  await protectPosition({ ...desk.ports, sleep }, wish);
  const sent = desk.venue.taken.filter(({ clientOrderId }) => clientOrderId === late.orderId);
  expect(sent).toHaveLength(1);
  expect((await held())?.status).toBe('CLOSED');
});

test('EXE-20 a stop that is wanted no more is left to whoever finds out about it, while that one has time', async () => {
  const plan = () => desk.ports.store.transact((tx) => planStop(desk.ports, tx, wish));
  expect(await plan()).toMatchObject({ kind: 'send' });
  const position = await held();
  if (position === undefined) throw new Error('nothing is held');
  const path = paths.position(position.bookId, position.positionId);
  await desk.ledger.store.set(path, positionDoc, { ...position, status: 'CLOSED' });
  desk.ledger.pass(3_100);
  expect(await plan()).toEqual({ kind: 'busy' });
  desk.ledger.pass(30_000);
  expect(await plan()).toMatchObject({ kind: 'settle', wanted: false });
});

test('EXE-20 however often an unclear stop is looked after while the venue is away, one look at a time is due', async () => {
  await desk.ports.store.transact((tx) => planStop(desk.ports, tx, wish));
  desk.ledger.pass(3_100);
  desk.venue.setOffline(true);
  for (let look = 0; look < 6; look += 1) {
    await protectPosition(desk.ports, wish);
    await Promise.all([...desk.tasks].map(([, task]) => executeIntent(desk.ports, task)));
  }
  expect([...desk.tasks.keys()].filter((id) => id.includes('.stop.')).length).toBeLessThanOrEqual(
    4,
  );
  desk.venue.setOffline(false);
  await desk.recover();
  await desk.expectAgreement();
});

describe('EXE-71 beside an exit that is under way no stop leaves: it would sell what another position holds', () => {
  const exit = async (): Promise<void> => {
    desk.venue.script.push({ kind: 'rest' });
    const { marketKey } = (await held()) ?? { marketKey: '' };
    await requestExit(desk.ports, {
      ...{ ...wish, marketKey, reason: 'ZE1', price: price('100'), fast: true },
    });
    expect((await held())?.closeIntentId).not.toBeNull();
  };
  const sold = async (): Promise<string[]> => {
    const open = await desk.venue.openOrders();
    if (!open.ok) throw new Error('offline');
    return open.value.map(({ type }) => type);
  };
  beforeEach(() => {
    desk.venue.setHeld('BTC-USDT', qty('5'));
  });

  test('one that never arrived is not sent again', async () => {
    await desk.ports.store.transact((tx) => planStop(desk.ports, tx, wish));
    desk.ledger.pass(3_100);
    await exit();
    desk.ledger.pass(3_100);
    await protectPosition(desk.ports, wish);
    expect(await sold()).toEqual(['MARKET']);
  });

  test('nor when the exit began after it was looked up', async () => {
    await desk.ports.store.transact((tx) => planStop(desk.ports, tx, wish));
    desk.ledger.pass(3_100);
    let looks = 0;
    const lookup: Desk['venue']['lookup'] = async (...asked) => {
      const answer = await desk.venue.lookup(...asked);
      looks += 1;
      if (looks === 1) await exit();
      return answer;
    };
    const venue = { ...desk.venue, lookup };
    await protectPosition({ ...desk.ports, venueOf: async () => venue }, wish);
    expect(looks).toBeGreaterThan(0);
    expect(await sold()).toEqual(['MARKET']);
  });

  test('nor by a sender that stood still before its first attempt', async () => {
    const step = await desk.ports.store.transact((tx) => planStop(desk.ports, tx, wish));
    if (step.kind !== 'send') throw new Error(`nothing to send: ${step.kind}`);
    desk.ledger.pass(3_100);
    await exit();
    await sendOrder(desk.ports, desk.venue, step.claim);
    expect(await sold()).toEqual(['MARKET']);
  });

  test('once the exit has come to nothing, the position has its stop again', async () => {
    await desk.ports.store.transact((tx) => planStop(desk.ports, tx, wish));
    desk.ledger.pass(3_100);
    await exit();
    const leaving = (await desk.orders()).find(
      ({ type, side }) => type === 'MARKET' && side === 'SELL',
    );
    await cancelOrder(desk.ports, { bookId: 'paper', orderId: leaving?.orderId ?? '' });
    desk.venue.script.push({ kind: 'rest' });
    await desk.recover();
    await protectPosition(desk.ports, wish);
    expect((await held())?.closeIntentId).toBeNull();
    expect(await sold()).toEqual(['STOP']);
  });
});
