import { cancelOrder } from '@tradewind/adapters/execution/cancel-order';
import { closePosition } from '@tradewind/adapters/execution/close-position';
import { exitPosition } from '@tradewind/adapters/execution/exit-position';
import { protectPosition, type Protected } from '@tradewind/adapters/execution/protect-position';
import type { StopWish } from '@tradewind/adapters/execution/plan-stop';
import { requestExit, type ExitWish } from '@tradewind/adapters/execution/request-exit';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { syncOrders } from '@tradewind/adapters/execution/sync-orders';
import type { PositionDoc } from '@tradewind/contracts/documents/book';
import type { OrderDoc } from '@tradewind/contracts/documents/execution';
import { err } from '@tradewind/core/lib/result';
import { money, price, qty } from '@tradewind/core/lib/units';
import { openDesk, type Desk } from './execution-desk.ts';
import type { Behaviour } from './fake-orders.ts';

let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`protection-${projects}`, { stops: true, memory: true });
  await desk.ledger.clear();
});
afterEach(() => desk.ledger.close());

/** One bitcoin bought at 100 with a stop of 5 %; what the venue does with entry, stop and what follows. */
async function enter(...script: readonly Behaviour[]): Promise<void> {
  await desk.seed();
  await desk.signal();
  desk.venue.script.push(...script);
  await runGate(desk.ports, 'paper');
  await desk.drain();
}

async function held(): Promise<PositionDoc> {
  const [first] = await desk.positions();
  if (first === undefined) throw new Error('no position');
  return first;
}

const stops = async (): Promise<OrderDoc[]> =>
  (await desk.orders()).filter(({ type }) => type === 'STOP');
const protect = async (wish: Partial<StopWish> = {}): Promise<Protected> =>
  protectPosition(desk.ports, {
    bookId: 'paper',
    positionId: (await held()).positionId,
    ...wish,
  });
/** Stops that rest at the venue: price and quantity. */
const atVenue = async () => {
  const open = await desk.venue.openOrders();
  if (!open.ok) throw new Error('offline');
  return open.value.map(({ triggerPrice, quantity }) => [triggerPrice, quantity]);
};
const critical = async (): Promise<string[]> =>
  (await desk.alerts()).filter(({ severity }) => severity === 'CRITICAL').map(({ rule }) => rule);
const wishToExit = async (reason: 'stop_loss' | 'manual' = 'stop_loss'): Promise<ExitWish> => {
  const { bookId, positionId, marketKey } = await held();
  return { bookId, positionId, marketKey, reason, price: price('95'), fast: true };
};
const exit = async (reason: 'stop_loss' | 'manual' = 'stop_loss') =>
  requestExit(desk.ports, await wishToExit(reason));

describe('a position that is opened', () => {
  test('PF-46 has its stop at the venue with its first fill, and says so', async () => {
    await enter();
    // What is left of one bitcoin after a fee of 0.1 % in bitcoin.
    expect(await atVenue()).toEqual([[price('95'), qty('0.999')]]);
    const [stop] = await stops();
    expect(stop).toMatchObject({ status: 'ACKNOWLEDGED', closeReason: 'stop_loss' });
    expect((await held()).stop).toEqual({
      venueStopOrderId: stop?.orderId,
      stopPrice: price('95'),
      quantity: qty('0.999'),
      generation: 1,
    });
    expect(desk.ledger.clock.wallNow() - (stop?.createdAt ?? 0)).toBeLessThan(5_000);
  });

  test('PF-46 a partial fill is covered at once, and the rest as soon as it is filled', async () => {
    await enter({ kind: 'rest', quantity: qty('0.4') });
    expect(await atVenue()).toContainEqual([price('95'), qty('0.3996')]);
    const entry = (await desk.orders()).find(({ side }) => side === 'BUY');
    desk.venue.fill(entry?.orderId ?? '');
    await syncOrders(desk.ports);
    expect(await atVenue()).toEqual([[price('95'), qty('0.999')]]);
    expect((await held()).stop.generation).toBe(2);
  });

  test('EXE-03 of many that see the need, one places it', async () => {
    await enter({ kind: 'fill' }, { kind: 'rest' });
    const [stop] = await stops();
    await desk.venue.cancel('BTC-USDT', stop?.orderId ?? '');
    await syncOrders(desk.ports);
    const taken = desk.venue.taken.length;
    await Promise.all([protect(), protect(), protect(), syncOrders(desk.ports)]);
    expect(desk.venue.taken.length - taken).toBeLessThanOrEqual(1);
    expect(await atVenue()).toHaveLength(1);
  });

  test('a stop is no order of its strategy: the next signal is judged as without it (RSK-27)', async () => {
    await enter();
    await desk.signal({ action: 'EXIT' });
    await runGate(desk.ports, 'paper');
    await desk.drain();
    expect((await held()).status).toBe('CLOSED');
    expect(await atVenue()).toEqual([]);
    await desk.expectAgreement();
  });
});

describe('a stop that trails', () => {
  test('PF-46 is moved by a quarter of a percent and not by less', async () => {
    await desk.seed({ bot: { trailingStopPct: 0.5 } });
    await desk.signal();
    await runGate(desk.ports, 'paper');
    await desk.drain();
    expect(await atVenue()).toEqual([[price('99'), qty('0.999')]]);
    expect(await protect({ highest: price('100.2') })).toBe('nothing');
    expect(await protect({ highest: price('101') })).toBe('placed');
    expect(await atVenue()).toEqual([[price('99.99'), qty('0.999')]]);
    // Back again: it only moves in favour.
    expect(await protect({ highest: price('100') })).toBe('nothing');
  });
});

test('PF-49 a stop whose cancellation finds nothing yet is asked for until it is known what became of it', async () => {
  await enter({ kind: 'rest', quantity: qty('0.4') });
  const entry = (await desk.orders()).find(({ side }) => side === 'BUY');
  desk.venue.fill(entry?.orderId ?? '');
  desk.venue.cancelUnseen(2);
  const since = desk.ledger.clock.wallNow();
  await syncOrders(desk.ports);
  expect(await atVenue()).toEqual([[price('95'), qty('0.999')]]);
  expect(desk.ledger.clock.wallNow() - since).toBeLessThan(5_000);
  expect(await critical()).toEqual([]);
});

describe('EXE-T18 a stop that the venue does not hold', () => {
  test.each<[string, Behaviour]>([
    ['is refused', { kind: 'reject', code: 'PriceOutOfBand' }],
    ['cannot be sent', { kind: 'notSent' }],
    ['gets lost', { kind: 'lostBefore' }],
  ])('that %s closes the position within 5 s, with a critical alert', async (_, behaviour) => {
    const times = behaviour.kind === 'notSent' ? 4 : 1;
    const since = desk.ledger.clock.wallNow();
    await enter({ kind: 'fill' }, ...Array.from({ length: times }, () => behaviour));
    expect(await held()).toMatchObject({ status: 'CLOSED', closeReason: 'emergency' });
    expect(desk.ledger.clock.wallNow() - since).toBeLessThanOrEqual(5_000);
    expect(await critical()).toContain('position_unprotected');
    await desk.recover();
    expect(await atVenue()).toEqual([]);
    await desk.expectAgreement();
  });

  test('one whose answer got lost is found, and the position stays', async () => {
    await enter({ kind: 'fill' }, { kind: 'lostAfter', then: { kind: 'rest' } });
    expect((await held()).status).toBe('OPEN');
    expect(await atVenue()).toHaveLength(1);
    expect(await stops()).toMatchObject([{ status: 'ACKNOWLEDGED' }]);
    expect(await critical()).toEqual([]);
  });

  test('PF-49 a position whose stop would be too small is closed', async () => {
    await desk.seed();
    await desk.signal({ suggestedQuote: money('5.1') });
    await runGate(desk.ports, 'paper');
    await desk.drain();
    expect((await held()).status).toBe('CLOSED');
    expect(await critical()).toContain('position_unprotected');
  });
});

describe('the end of a position', () => {
  test('PF-02 a stop that the venue fills closes it, for its reason', async () => {
    await enter();
    desk.venue.setPrice(price('94'));
    await syncOrders(desk.ports);
    expect(await held()).toMatchObject({
      status: 'CLOSED',
      closeReason: 'stop_loss',
      exitPrice: price('94'),
      stop: { venueStopOrderId: null },
    });
    await desk.expectAgreement();
  });

  test('EXE-71 an exit takes the stop away first and sells', async () => {
    await enter();
    expect(await exit()).toMatchObject({ kind: 'requested', sent: { kind: 'recorded' } });
    expect(await atVenue()).toEqual([]);
    expect((await stops()).map(({ status }) => status)).toEqual(['CANCELLED']);
    expect(await held()).toMatchObject({ status: 'CLOSED', stop: { venueStopOrderId: null } });
    await desk.expectAgreement();
  });

  test('an exit whose stop was faster sells nothing, and nobody is alarmed', async () => {
    await enter();
    desk.venue.beforeCancel(() => {
      desk.venue.setPrice(price('94.9'));
    });
    expect(await exit()).toMatchObject({ sent: { kind: 'alreadyClosed' } });
    expect(desk.venue.taken.filter(({ side }) => side === 'SELL')).toHaveLength(1);
    expect(await held()).toMatchObject({ status: 'CLOSED', closeReason: 'stop_loss' });
    expect(await critical()).toEqual([]);
    await desk.recover();
    await desk.expectAgreement();
  });

  test('EXE-27 an exit whose stop has sold a part sells the rest', async () => {
    await enter();
    const [stop] = await stops();
    desk.venue.beforeCancel(() => {
      desk.venue.fill(stop?.orderId ?? '', qty('0.4'));
    });
    await exit();
    expect(desk.venue.taken.at(-1)).toMatchObject({ type: 'MARKET', quantity: qty('0.599') });
    expect((await held()).status).toBe('CLOSED');
    await desk.expectAgreement();
  });

  test('EXE-27 an exit waits for as long as it cannot be read what its stop has sold', async () => {
    await enter();
    const [stop] = await stops();
    desk.venue.beforeCancel(() => {
      desk.venue.fill(stop?.orderId ?? '', qty('0.4'));
    });
    const unread = { code: 'SchemaMismatch', severity: 'HIGH', retryable: false } as const;
    const blind = {
      ...desk.venue,
      fills: async () => err({ ...unread, message: 'unreadable', retryAfterMs: null }),
    };
    const result = await requestExit(
      { ...desk.ports, venueOf: async () => blind },
      await wishToExit(),
    );
    expect(result).toMatchObject({ sent: { kind: 'queued' } });
    await desk.recover();
    expect((await held()).status).toBe('CLOSED');
    await desk.expectAgreement();
  });

  test('EXE-71 an exit that fails leaves the position with a stop again', async () => {
    await enter({ kind: 'fill' }, { kind: 'rest' }, { kind: 'reject' });
    const { positionId } = await held();
    const reply = await closePosition(desk.ports, { bookId: 'paper', positionId });
    expect(reply).toMatchObject({ ok: false, code: 'close_failed' });
    expect(await held()).toMatchObject({ status: 'OPEN', closeIntentId: null });
    expect(await atVenue()).toEqual([[price('95'), qty('0.999')]]);
  });

  test('EXE-71 what an exit could not sell has a stop again', async () => {
    const part = { kind: 'expire', quantity: qty('0.4') } as const;
    await enter({ kind: 'fill' }, { kind: 'rest' }, part);
    await exitPosition(desk.ports, await wishToExit());
    expect(await held()).toMatchObject({ status: 'OPEN', quantity: qty('0.599') });
    expect(await atVenue()).toEqual([[price('95'), qty('0.599')]]);
  });

  test('EXE-71 an exit that ends later without having sold all leaves a stop, too', async () => {
    await enter({ kind: 'fill' }, { kind: 'rest' }, { kind: 'rest', quantity: qty('0.4') });
    await exit();
    await syncOrders(desk.ports);
    expect(await atVenue()).toEqual([[null, qty('0.999')]]);
    const [sale] = (await desk.orders()).filter(
      ({ type, side }) => side === 'SELL' && type === 'MARKET',
    );
    await desk.venue.cancel('BTC-USDT', sale?.orderId ?? '');
    await syncOrders(desk.ports);
    expect(await atVenue()).toEqual([[price('95'), qty('0.599')]]);
  });

  test('PF-49 what the emergency sale of an unprotected position leaves is sold, too', async () => {
    const part = { kind: 'expire', quantity: qty('0.4') } as const;
    const refuse = { kind: 'reject', code: 'PriceOutOfBand' } as const;
    await enter({ kind: 'fill' }, refuse, part, refuse);
    expect(await held()).toMatchObject({ status: 'CLOSED', closeReason: 'emergency' });
    await desk.expectAgreement();
  });

  test('an exit that cannot take the stop away waits and is not sent', async () => {
    await enter();
    desk.venue.setOffline(true);
    expect(await exit()).toMatchObject({ sent: { kind: 'queued' } });
    expect(desk.venue.taken).toHaveLength(2);
    desk.venue.setOffline(false);
    await desk.recover();
    expect((await held()).status).toBe('CLOSED');
    await desk.expectAgreement();
  });
});

test('D13 a stop that somebody took away at the venue is placed again', async () => {
  await enter();
  const [stop] = await stops();
  await desk.venue.cancel('BTC-USDT', stop?.orderId ?? '');
  await syncOrders(desk.ports);
  expect(await atVenue()).toEqual([[price('95'), qty('0.999')]]);
  expect((await held()).status).toBe('OPEN');
});

test('EXE-72 a person cannot take the stop of a position away', async () => {
  await enter();
  const [stop] = await stops();
  const reply = await cancelOrder(desk.ports, { bookId: 'paper', orderId: stop?.orderId ?? '' });
  expect(reply).toMatchObject({ ok: false, code: 'protects_position' });
  expect(await atVenue()).toHaveLength(1);
});

test('EXE-48 a stop that rests for long is not stuck', async () => {
  await enter();
  desk.ledger.pass(3_600_000);
  await syncOrders(desk.ports);
  expect((await desk.alerts()).map(({ rule }) => rule)).toEqual([]);
});
