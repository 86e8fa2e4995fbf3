import { requestExit } from '@tradewind/adapters/execution/request-exit';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { syncOrders } from '@tradewind/adapters/execution/sync-orders';
import { orderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { money, price, qty } from '@tradewind/core/lib/units';
import { at, openDesk, type Desk } from './execution-desk.ts';

let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`execution-gate-${projects}`);
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

describe('the gate', () => {
  test('RSK-T01 two signals and one free slot: exactly one is approved', async () => {
    const symbols = ['BTC-USDT', 'ETH-USDT', 'SOL-USDT', 'ADA-USDT'];
    await desk.seed({ symbols, bots: ['a', 'b', 'c', 'd'] });
    for (const [index, strategyId] of ['a', 'b'].entries())
      await desk.signal({ symbol: symbols[index] ?? '', strategyId });
    await runGate(desk.ports, 'paper');
    await desk.drain();
    for (const [index, strategyId] of ['c', 'd'].entries())
      await desk.signal({ symbol: symbols[index + 2] ?? '', strategyId });
    await Promise.all([runGate(desk.ports, 'paper'), runGate(desk.ports, 'paper')]);
    const last = (await desk.signals()).filter(({ strategyId }) => 'cd'.includes(strategyId));
    const states = last.map(({ executionStatus }) => executionStatus).toSorted();
    expect(states).toEqual(['EXECUTED', 'REJECTED']);
    const refused = last.find(({ executionStatus }) => executionStatus === 'REJECTED');
    expect(refused?.rejectionReason).toBe('max_positions');
    expect(refused?.rejections[0]).toMatch(/^max_positions: .*3/);
  });

  test('200 signals at once are all decided, oldest first, in two batches', async () => {
    const bots = Array.from({ length: 200 }, (_, index) => `bot-${index}`);
    await desk.seed({ bots: bots.slice(0, 3) });
    for (const [index, strategyId] of bots.toReversed().entries())
      await desk.signal({ signalId: `s${index}`, strategyId, createdAt: at(200 - index) });
    const run = await runGate(desk.ports, 'paper');
    expect(run).toMatchObject({ decided: 200, busy: false });
    const signals = await desk.signals();
    const executed = signals.filter(({ executionStatus }) => executionStatus === 'EXECUTED');
    // Three run, and of one symbol two trades an hour are allowed (RSK-24).
    expect(executed.map(({ strategyId }) => strategyId).toSorted()).toEqual(bots.slice(0, 2));
    expect(signals.some(({ executionStatus }) => executionStatus === 'PENDING')).toBe(false);
  });

  test('a malformed signal is set aside with an alert and holds nothing up', async () => {
    await desk.seed();
    const path = 'books/paper/signals/broken';
    await desk.ports.store.firestore.doc(path).set({ executionStatus: 'PENDING', signalId: 7 });
    await desk.signal();
    expect(await runGate(desk.ports, 'paper')).toMatchObject({ decided: 1, approved: 1 });
    const broken = await desk.ports.store.firestore.doc(path).get();
    expect(broken.get('executionStatus')).toBe('REJECTED');
    expect((await desk.alerts()).map(({ rule }) => rule)).toEqual(['malformed_signal']);
  });

  test('a signal that comes too late is EXPIRED and says by how much', async () => {
    await desk.seed();
    await desk.signal({ ttlMs: 1_000 });
    desk.ledger.pass(2_500);
    await runGate(desk.ports, 'paper');
    const signal = only(await desk.signals());
    expect(signal.executionStatus).toBe('EXPIRED');
    expect(signal.rejections[0]).toContain('1500 ms');
  });

  test('a new day opens with its own equity and no trades', async () => {
    await enter();
    await desk.drain();
    desk.ledger.pass(86_400_000);
    await desk.quote('BTC-USDT');
    await desk.signal({ signalId: 'next', strategyId: 'nobody' });
    await runGate(desk.ports, 'paper');
    const risk = await desk.riskNow();
    expect(risk.tradesToday).toBe(0);
    expect(risk.openingEquity < money('10000')).toBe(true);
    expect(risk.peakEquity).toEqual(money('10000'));
  });

  test('RSK-35 a position without a fresh price keeps the old valuation', async () => {
    await enter();
    await desk.drain();
    const before = await desk.riskNow();
    desk.ledger.pass(600_000);
    await desk.signal({ signalId: 'next', strategyId: 'nobody' });
    await runGate(desk.ports, 'paper');
    expect((await desk.riskNow()).equityAt).toBe(before.equityAt);
  });
});

describe('exits', () => {
  const exit = async (fast: boolean, reason: 'stop_loss' | 'manual' = 'stop_loss') => {
    const { bookId, positionId, marketKey } = await position();
    const wish = { bookId, positionId, marketKey, reason, price: price('95'), fast };
    return requestExit(desk.ports, wish);
  };

  test('EXE-02 PF-43 of many wishes at the same time one sells, on either path', async () => {
    await enter();
    await desk.drain();
    await desk.signal({ action: 'EXIT' });
    const results = await Promise.all([
      exit(true),
      exit(false),
      exit(true, 'manual'),
      runGate(desk.ports, 'paper'),
    ]);
    await desk.drain();
    expect(desk.venue.taken.filter(({ side }) => side === 'SELL')).toHaveLength(1);
    expect(results).toHaveLength(4);
    expect((await position()).status).toBe('CLOSED');
    await desk.expectAgreement();
  });

  test('EXE-15 PF-43 an exit whose sender stood still is an order of its own, not one that was made meanwhile', async () => {
    desk.venue.script.push({ kind: 'rest', quantity: qty('0.5') }, { kind: 'rest' });
    await enter();
    await desk.drain();
    const { orderId: entryId } = only(await desk.orders());
    const meanwhile = async (): Promise<void> => {
      await exit(true);
      const exitId = desk.venue.taken.at(-1)?.clientOrderId ?? '';
      for (const orderId of [entryId, exitId]) {
        desk.venue.fill(orderId);
        await syncOrders(desk.ports);
      }
    };
    const { store } = desk.ports;
    let past: Promise<void> | undefined;
    // It counted the exits that there were, stood still, and read everything else afterwards.
    const transact: typeof store.transact = (body) =>
      store.transact((tx) =>
        body({
          ...tx,
          query: async (query, schema) => {
            const found = await tx.query(query, schema);
            await (past ??= meanwhile());
            return found;
          },
          get: async (path, schema) => {
            while (past === undefined) await new Promise(setImmediate);
            await past;
            return tx.get(path, schema);
          },
        }),
      );
    const { bookId, positionId, marketKey } = await position();
    await requestExit(
      { ...desk.ports, store: { ...store, transact } },
      { bookId, positionId, marketKey, reason: 'stop_loss', price: price('95'), fast: true },
    );
    const sold = desk.venue.taken.filter(({ side }) => side === 'SELL');
    expect(new Set(sold.map(({ clientOrderId }) => clientOrderId)).size).toBe(2);
    expect((await position()).status).toBe('CLOSED');
    await desk.expectAgreement();
  });

  test('a failed exit lifts its lock; the next wish waits a little and is a new order', async () => {
    await enter();
    await desk.drain();
    desk.venue.script.push({ kind: 'reject' });
    expect(await exit(true)).toMatchObject({ kind: 'requested', sent: { kind: 'failed' } });
    expect(await position()).toMatchObject({ status: 'OPEN', closeIntentId: null });
    expect((await exit(true)).kind).toBe('tooSoon');
    desk.ledger.pass(2_000);
    expect(await exit(true)).toMatchObject({ kind: 'requested', sent: { kind: 'recorded' } });
    expect((await position()).status).toBe('CLOSED');
    await desk.expectAgreement();
  });

  test('an exit whose answer is lost is found, or sent again however late', async () => {
    await enter();
    await desk.drain();
    desk.venue.script.push({ kind: 'lostBefore' });
    await exit(true);
    expect((await position()).status).toBe('CLOSED');
    expect(desk.venue.taken.filter(({ side }) => side === 'SELL')).toHaveLength(1);
    await desk.expectAgreement();
  });

  test('entry fills that come after the position was closed open a protected one of their own', async () => {
    await desk.seed();
    await desk.signal();
    desk.venue.script.push({ kind: 'rest', quantity: qty('0.5') });
    await runGate(desk.ports, 'paper');
    await desk.drain();
    const entry = await order();
    await exit(true);
    expect((await position()).status).toBe('CLOSED');
    desk.venue.fill(entry.orderId);
    await syncOrders(desk.ports);
    const open = (await desk.positions()).filter(({ status }) => status === 'OPEN');
    expect(only(open)).toMatchObject({ quantity: qty('0.4995'), closeIntentId: null });
    expect(only(open).protection.stopLoss).toEqual(price('95'));
    await desk.expectAgreement();
  });

  test('an exit that was filled in part leaves the rest protected', async () => {
    await enter();
    await desk.drain();
    desk.venue.script.push({ kind: 'rest', quantity: qty('0.5') });
    await exit(true);
    const sell = (await desk.orders()).find(({ side }) => side === 'SELL');
    await desk.venue.cancel('BTC-USDT', sell?.orderId ?? '');
    await syncOrders(desk.ports);
    expect(await position()).toMatchObject({ status: 'OPEN', closeIntentId: null });
    await desk.expectAgreement();
  });
});

describe('order sync', () => {
  test('an approved intent that nobody took is put on the queue again', async () => {
    await enter();
    desk.tasks.clear();
    desk.ledger.pass(11_000);
    await syncOrders(desk.ports);
    await desk.drain();
    expect((await order()).status).toBe('FILLED');
  });

  test('a signal whose trigger was lost is decided', async () => {
    await desk.seed();
    await desk.signal();
    desk.ledger.pass(11_000);
    await syncOrders(desk.ports);
    expect(only(await desk.signals()).executionStatus).toBe('EXECUTED');
  });

  test('an entry that waited beyond its time ends as EXPIRED and is never sent', async () => {
    await enter(5_000);
    desk.ledger.pass(6_000);
    await desk.drain();
    expect((await intent()).status).toBe('EXPIRED');
    expect(desk.venue.submissions()).toBe(0);
  });

  test('EXE-48 an order that does not move raises an alert', async () => {
    await enter();
    desk.venue.script.push({ kind: 'rest', quantity: qty('0.5') });
    await desk.drain();
    await desk.signal({ action: 'EXIT' });
    await syncOrders(desk.ports);
    desk.venue.script.push({ kind: 'rest' });
    const { bookId, positionId, marketKey } = await position();
    const wish = { bookId, positionId, marketKey, price: price('95'), fast: true } as const;
    await requestExit(desk.ports, { ...wish, reason: 'stop_loss' });
    desk.ledger.pass(121_000);
    await syncOrders(desk.ports);
    expect((await desk.alerts()).map(({ rule }) => rule)).toContain('stuckOrder');
  });

  test('EXE-26 a cancellation that nobody came to an end with is finished by order sync', async () => {
    desk.venue.script.push({ kind: 'rest' });
    await enter();
    await desk.drain();
    const order = only(await desk.orders());
    const path = paths.order('paper', order.orderId);
    await desk.ports.store.set(path, orderDoc, { ...order, status: 'CANCELLING' });
    await syncOrders(desk.ports);
    expect(only(await desk.orders()).status).toBe('CANCELLED');
    expect((await desk.venue.openOrders()).ok && only(await desk.intents()).status).toBe('DONE');
  });

  test('an open order that no book knows raises an alert and is left alone', async () => {
    await desk.seed();
    desk.venue.script.push({ kind: 'rest' });
    await desk.venue.submit({
      clientOrderId: 'stranger',
      symbol: 'BTC-USDT',
      side: 'BUY',
      type: 'LIMIT',
      quantity: qty('0.1'),
      limitPrice: price('50'),
      timeInForce: 'GTC',
    });
    await syncOrders(desk.ports);
    expect((await desk.alerts()).map(({ rule }) => rule)).toEqual(['foreign_order']);
  });
});
