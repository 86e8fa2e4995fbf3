import { emergencyCancel } from '@tradewind/adapters/execution/emergency-cancel';
import { executeIntent } from '@tradewind/adapters/execution/execute-intent';
import { protectPosition } from '@tradewind/adapters/execution/protect-position';
import { resetSafety } from '@tradewind/adapters/execution/reset-safety';
import {
  advanceIntent,
  approvedIntent,
  submittedOrder,
} from '@tradewind/adapters/execution/records';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { syncOrders } from '@tradewind/adapters/execution/sync-orders';
import { botDoc } from '@tradewind/contracts/documents/bot';
import type { RiskStateDoc } from '@tradewind/contracts/documents/book';
import { breakerDoc, breakerName } from '@tradewind/contracts/documents/breaker';
import { intentDoc, orderDoc } from '@tradewind/contracts/documents/execution';
import { strategyDoc } from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import { epochMs } from '@tradewind/core/lib/time';
import { price, qty } from '@tradewind/core/lib/units';
import type { Instruction } from '@tradewind/core/order/intent';
import { strategy } from './documents.ts';
import { openDesk, type Desk } from './execution-desk.ts';

let desk: Desk;
beforeEach(() => {
  desk = openDesk('emergency', { stops: true, memory: true });
});
afterEach(() => desk.ledger.close());

const SYMBOLS = ['BTC-USDT', 'ETH-USDT', 'SOL-USDT'];
const stop = (flatten: boolean, by = 'a trader') => emergencyCancel(desk.ports, { flatten, by });

/** A position with its stop in each of the first markets, and an entry that waits in the last. */
async function trade(): Promise<void> {
  await desk.seed({ symbols: SYMBOLS, bots: SYMBOLS.map((symbol) => `bot-${symbol}`) });
  for (const symbol of SYMBOLS) {
    await desk.signal({ symbol, strategyId: `bot-${symbol}` });
    if (symbol === 'SOL-USDT') desk.venue.script.push({ kind: 'rest' });
    await runGate(desk.ports, 'paper');
    await desk.drain();
  }
}

const open = async () => {
  const listed = await desk.venue.openOrders();
  if (!listed.ok) throw new Error('offline');
  return listed.value.map(({ symbol, type }) => `${type} ${symbol}`).sort();
};
const status = async () => (await desk.positions()).map((position) => position.status).sort();

describe('an emergency stop that leaves positions open', () => {
  test('RSK-90 cancels what would enter and keeps the stops that protect', async () => {
    await trade();
    expect(await open()).toEqual(['LIMIT SOL-USDT', 'STOP BTC-USDT', 'STOP ETH-USDT']);
    expect(await stop(false)).toMatchObject({ ok: true, code: 'stopped' });
    expect(await open()).toEqual(['STOP BTC-USDT', 'STOP ETH-USDT']);
    expect(await status()).toEqual(['OPEN', 'OPEN']);
    // What protects goes on after the stop.
    const [position] = await desk.positions();
    expect(
      await protectPosition(desk.ports, {
        bookId: 'paper',
        positionId: position?.positionId ?? '',
      }),
    ).toBe('nothing');
    await desk.expectAgreement();
  });

  test('RSK-90 an order of nobody here goes also where a stop has to stay', async () => {
    await trade();
    desk.venue.script.push({ kind: 'rest' });
    await desk.venue.submit({
      clientOrderId: 'stranger',
      symbol: 'BTC-USDT',
      side: 'BUY',
      type: 'MARKET',
      quantity: (await desk.positions())[0]?.quantity ?? (0n as never),
      limitPrice: null,
      timeInForce: 'GTC',
    });
    expect((await stop(false)).ok).toBe(true);
    expect(await open()).toEqual(['STOP BTC-USDT', 'STOP ETH-USDT']);
  });
});

test('PF-49 what an entry had bought before it was cancelled gets its stop', async () => {
  await trade();
  const waiting = (await desk.orders()).find(({ symbol }) => symbol === 'SOL-USDT');
  desk.venue.fill(waiting?.orderId ?? '', qty('0.5'));
  expect((await stop(false)).ok).toBe(true);
  expect(await open()).toEqual(['STOP BTC-USDT', 'STOP ETH-USDT', 'STOP SOL-USDT']);
  await desk.expectAgreement();
});

test('PF-49 a stop that is placed while the sweep is on its way goes with it, and is placed again', async () => {
  await trade();
  const waiting = (await desk.orders()).find(({ symbol }) => symbol === 'SOL-USDT');
  desk.venue.fill(waiting?.orderId ?? '', qty('0.5'));
  // The entry is booked by another process, which places the stop between the sweep's listing and its arrival.
  const cancelAll = async (symbol: string) => {
    if (symbol === 'SOL-USDT') await syncOrders(desk.ports);
    expect(await open()).toContain('STOP SOL-USDT');
    return desk.venue.cancelAll(symbol);
  };
  const venueOf = () => Promise.resolve({ ...desk.venue, cancelAll });
  const ports = { ...desk.ports, venueOf, urgentVenueOf: venueOf };
  expect((await emergencyCancel(ports, { flatten: false, by: 'a trader' })).ok).toBe(true);
  expect(await open()).toEqual(['STOP BTC-USDT', 'STOP ETH-USDT', 'STOP SOL-USDT']);
  await desk.expectAgreement();
});

describe('EXE-73 an emergency stop that closes positions', () => {
  test('RSK-90 cancels everything, sells everything, and reports each', async () => {
    await trade();
    const reply = await stop(true);
    expect(reply).toMatchObject({ ok: true, code: 'stopped' });
    expect(await open()).toEqual([]);
    expect(await status()).toEqual(['CLOSED', 'CLOSED']);
    expect((await desk.positions()).map(({ closeReason }) => closeReason)).toEqual([
      'emergency',
      'emergency',
    ]);
    const items = reply.items?.map(({ item }) => item.split(' ')[0]);
    expect(items).toEqual(['order', 'position', 'position', 'bot', 'bot', 'bot', 'bot']);
    await desk.recover();
    await desk.expectAgreement();
  });

  test('RSK-90 what an entry had bought before it was cancelled is sold as well', async () => {
    await trade();
    const waiting = (await desk.orders()).find(({ symbol }) => symbol === 'SOL-USDT');
    desk.venue.fill(waiting?.orderId ?? '', qty('0.5'));
    expect((await stop(true)).ok).toBe(true);
    expect(await open()).toEqual([]);
    expect(await status()).toEqual(['CLOSED', 'CLOSED', 'CLOSED']);
    await desk.expectAgreement();
  });

  test('RSK-90 what was too small to be sold is sold with what its entry had bought more of', async () => {
    await trade();
    const waiting = (await desk.orders()).find(({ symbol }) => symbol === 'SOL-USDT');
    desk.venue.fill(waiting?.orderId ?? '', qty('0.04'));
    await syncOrders(desk.ports);
    expect(await status()).toEqual(['BUILDING', 'OPEN', 'OPEN']);
    desk.venue.fill(waiting?.orderId ?? '', qty('0.5'));
    expect((await stop(true)).ok).toBe(true);
    expect(await status()).toEqual(['CLOSED', 'CLOSED', 'CLOSED']);
    await desk.expectAgreement();
  });

  test('RSK-92 RSK-T15 pressed here and there at once, it sells each position once', async () => {
    await trade();
    const worker = { ...desk.ports, actor: 'worker' };
    const [here, there] = await Promise.all([
      stop(true),
      emergencyCancel(worker, { flatten: true, by: 'the loss breaker' }),
    ]);
    await stop(true);
    expect([here.ok, there.ok]).toEqual([true, true]);
    const sales = desk.venue.taken.filter(({ side, type }) => side === 'SELL' && type === 'MARKET');
    expect(sales).toHaveLength(2);
    await desk.recover();
    expect(await open()).toEqual([]);
    await desk.expectAgreement();
  });

  test('EXE-71 a position that cannot be sold is listed, and has its stop again', async () => {
    await trade();
    desk.venue.script.push({ kind: 'reject' });
    expect(await stop(true)).toMatchObject({ ok: false, code: 'stopped_with_leftovers' });
    expect(await status()).toEqual(['CLOSED', 'OPEN']);
    expect(await open()).toHaveLength(1);
    expect((await desk.riskNow()).emergency).toEqual({ flatten: true, doneAt: null });
    expect((await stop(true)).ok).toBe(true);
    expect(await status()).toEqual(['CLOSED', 'CLOSED']);
    expect((await desk.riskNow()).emergency?.doneAt).not.toBeNull();
    await desk.expectAgreement();
  });

  test('RSK-92 triggers that lag change nothing: what they bring late is not sent', async () => {
    await trade();
    await desk.signal({ signalId: 'late', symbol: 'SOL-USDT', strategyId: 'trend' });
    await runGate(desk.ports, 'paper');
    const tasks = [...desk.tasks.values()];
    await stop(true);
    const taken = desk.venue.taken.length;
    for (const task of tasks) await executeIntent(desk.ports, task);
    expect(desk.venue.taken).toHaveLength(taken);
  });
});

test('RSK-90 RSK-94 strategies and bots are paused, and stay so after the reset', async () => {
  await trade();
  await desk.ports.store.set(
    paths.strategy('s1'),
    strategyDoc,
    strategy({ strategyId: 's1', status: 'RUNNING' }),
  );
  await stop(false);
  const states = async () => [
    (await desk.ports.store.get(paths.bot('trend'), botDoc))?.status,
    (await desk.ports.store.get(paths.strategy('s1'), strategyDoc))?.status,
  ];
  expect(await states()).toEqual(['STOPPED', 'PAUSED']);
  expect(await resetSafety(desk.ports, { minMs: 0 })).toMatchObject({ ok: true });
  expect(await states()).toEqual(['STOPPED', 'PAUSED']);
  expect(await desk.riskNow()).toMatchObject({ emergencyStop: false, emergency: null });
});

describe('RSK-T16 the reset is refused', () => {
  const now = () => desk.ledger.clock.wallNow();
  const reset = () => resetSafety(desk.ports, { minMs: 0 });
  const stopped = (reconciliation: RiskStateDoc['reconciliation']) =>
    desk.seed({ risk: { emergencyStop: true, emergencyStopAt: now(), ...{ reconciliation } } });
  const compared = { at: null, failures: 0, criticals: 0, recovering: false };

  test.each([
    ['never finished', null, 0],
    ['is a minute old', 60_001, 0],
    ['found critical differences', 0, 1],
  ])('while the comparison with the venue %s (RSK-94)', async (_, ageMs, criticals) => {
    const at = ageMs === null ? null : epochMs(now() - ageMs);
    await stopped({ ...compared, at, criticals });
    expect(await reset()).toMatchObject({ ok: false, code: 'not_reconciled' });
    expect((await desk.riskNow()).emergencyStop).toBe(true);
  });

  test('while a breaker of its venue is open, and granted when it is closed (RSK-94)', async () => {
    await stopped({ ...compared, at: now() });
    const name = breakerName('binance', 'trading');
    const breaker = (status: 'OPEN' | 'CLOSED') =>
      desk.ports.store.set(paths.breaker(name), breakerDoc, {
        name,
        venue: 'binance',
        group: 'trading',
        status,
        failures: 5,
        successes: 0,
        lastFailureAt: null,
        lastError: null,
        changedAt: now(),
        openedAt: now(),
        probeAt: null,
        probeUntil: null,
        recoveringSince: null,
        alertedAt: null,
      });
    await breaker('OPEN');
    expect(await reset()).toMatchObject({ ok: false, code: 'breaker_open' });
    await breaker('CLOSED');
    expect(await reset()).toMatchObject({ ok: true, code: 'reset' });
  });
});

/** An entry as the ledger holds it once the venue has taken it. */
async function sendEntry(symbol: string, name: string): Promise<void> {
  const { store, clock } = desk.ports;
  const now = clock.wallNow();
  const instruction: Instruction = {
    ...{
      intentId: name,
      bookId: 'paper',
      strategyId: 'trend',
      marketKey: `binance_spot_${symbol}`,
    },
    ...{ symbol, signalId: null, positionId: null, action: 'ENTER', direction: 'LONG' },
    ...{ side: 'BUY', type: 'MARKET', quantity: qty('0.2'), limitPrice: null },
    ...{ timeInForce: 'GTC', reduceOnly: false, closeReason: null, suggestedStop: null },
    ...{ suggestedTarget: null, expectedPrice: price('100'), expectedAt: now, expiresAt: null },
  };
  const approved = approvedIntent(instruction as Parameters<typeof approvedIntent>[0], {
    checks: [],
    createdBy: 'test',
    now,
  });
  const intent = advanceIntent(approved, ['CLAIMED', 'SENT'], { now });
  const order = submittedOrder(intent, { signalAt: null, wallNow: now, marketNow: now });
  await store.set(paths.intent('paper', name), intentDoc, intent);
  await store.set(paths.order('paper', order.orderId), orderDoc, order);
  const { orderId: clientOrderId, side, type, quantity, limitPrice, timeInForce } = order;
  await desk.venue.submit({ clientOrderId, symbol, side, type, quantity, limitPrice, timeInForce });
}

test('EXE-73 RSK-91 200 open orders and 20 positions are gone, each with its line, and nothing enters afterwards', async () => {
  const symbols = Array.from({ length: 20 }, (_, index) => `C${index}-USDT`);
  await desk.seed({ symbols });
  for (const symbol of symbols) await sendEntry(symbol, `held-${symbol}`);
  await syncOrders(desk.ports);
  for (const symbol of symbols)
    for (let index = 0; index < 10; index += 1) {
      desk.venue.script.push({ kind: 'rest' });
      await sendEntry(symbol, `rests-${symbol}-${index}`);
    }
  expect(await status()).toEqual(symbols.map(() => 'OPEN'));
  expect(await open()).toHaveLength(220);
  let requests = 0;
  const counted = (call: Desk['venue']['cancel']): Desk['venue']['cancel'] => {
    return (...given) => {
      requests += 1;
      return call(...given);
    };
  };
  const venue = { ...desk.venue, cancel: counted(desk.venue.cancel) };
  const reply = await emergencyCancel(
    { ...desk.ports, venueOf: async () => venue },
    { flatten: true, by: 'a trader' },
  );
  expect(reply).toMatchObject({ ok: true, code: 'stopped' });
  expect(reply.items?.filter(({ item }) => item.startsWith('order'))).toHaveLength(200);
  expect(reply.items?.filter(({ item }) => item.startsWith('position'))).toHaveLength(20);
  expect(await open()).toEqual([]);
  expect(await status()).toEqual(symbols.map(() => 'CLOSED'));
  // Orders went by the venue's own cancel-all: only stops are asked for one by one.
  expect(requests).toBe(20);
  const taken = desk.venue.taken.length;
  await desk.signal({ signalId: 'after', symbol: 'C0-USDT' });
  await desk.recover();
  expect(desk.venue.taken).toHaveLength(taken);
  await desk.expectAgreement();
}, 30_000);
