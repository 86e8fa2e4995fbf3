import { requestExit } from '@tradewind/adapters/execution/request-exit';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { reconcileAccounts } from '@tradewind/adapters/reconcile/reconcile-account';
import { positionDoc } from '@tradewind/contracts/documents/book';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { orderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { ok } from '@tradewind/core/lib/result';
import { price, qty } from '@tradewind/core/lib/units';
import { openDesk, type Desk } from './execution-desk.ts';
import { reconciling, SYMBOL, type Reconciling } from './reconciling.ts';

let desk: Desk;
let on: Reconciling;
let projects = 0;
async function open(stops: boolean): Promise<void> {
  projects += 1;
  desk = openDesk(`reconcile-exits-${projects}`, { stops, memory: true });
  on = reconciling(desk);
  await desk.ledger.clear();
  await desk.seed();
}
afterEach(() => desk.ledger.close());

test('D3: an exit of ours that was filled after it had been given up closes the position as it should', async () => {
  await open(false);
  const { bookId, positionId, marketKey } = await on.holding();
  const wish = { bookId, positionId, marketKey, reason: 'ZE1', price: price('100') } as const;
  desk.venue.script.push({ kind: 'rest' });
  await requestExit(desk.ports, { ...wish, fast: true });
  const exit = (await desk.orders()).find(({ side }) => side === 'SELL');
  if (exit === undefined) throw new Error('there is no exit');
  // The ledger holds it for cancelled, and it was filled before that.
  await desk.ledger.store.set(paths.order('paper', exit.orderId), orderDoc, {
    ...exit,
    status: 'CANCELLED',
  });
  const [position] = await desk.positions();
  if (position === undefined) throw new Error('there is no position');
  await desk.ledger.store.set(paths.position('paper', positionId), positionDoc, {
    ...position,
    closeIntentId: null,
  });
  desk.venue.fill(exit.orderId);
  expect(await on.pass()).toMatchObject({ mismatches: 1, closed: 1 });
  expect(await on.only()).toMatchObject({ type: 'D3', severity: 'INFO', status: 'RESOLVED' });
  expect((await desk.positions())[0]).toMatchObject({ status: 'CLOSED', closeReason: 'ZE1' });
  expect((await desk.orders()).find(({ side }) => side === 'SELL')).toMatchObject({
    filledQuantity: qty('0.999'),
  });
  expect(await desk.alerts()).toEqual([]);
  await desk.expectAgreement();
  await on.expectBalanced();
  expect(await on.pass()).toMatchObject({ clean: true });
});

test('D4: what the venue liquidated closes with that reason, is critical, and stops the strategy', async () => {
  await open(false);
  const { quantity } = await on.holding();
  desk.venue.foreignTrade({ symbol: SYMBOL, side: 'SELL', quantity });
  const listed = await desk.venue.fillsSince(SYMBOL, desk.ledger.clock.wallNow());
  if (!listed.ok) throw new Error('offline');
  const venueOrderId = listed.value.at(-1)?.venueOrderId ?? '';
  const venue = {
    ...desk.venue,
    capabilities: { ...desk.venue.capabilities, liquidationHistory: true, stopOrders: false },
    liquidations: async () =>
      ok([
        {
          ...({ symbol: SYMBOL, side: 'SELL', venueOrderId, quantity } as const),
          averagePrice: price('100'),
          cause: 'liquidation' as const,
          at: desk.ledger.clock.wallNow(),
        },
      ]),
  };
  desk.ledger.pass(10_000);
  await desk.quote(SYMBOL);
  await reconcileAccounts({ ...desk.ports, venueOf: async () => venue });
  expect(await on.only()).toMatchObject({ type: 'D4', severity: 'CRITICAL', status: 'RESOLVED' });
  expect((await desk.positions())[0]).toMatchObject({
    status: 'CLOSED',
    closeReason: 'liquidation',
  });
  expect(await desk.ledger.store.get(paths.bot('trend'), botDoc)).toMatchObject({
    status: 'STOPPED',
  });
  expect(await desk.alerts()).toContainEqual(expect.objectContaining({ severity: 'CRITICAL' }));
  await desk.expectAgreement();
  await on.expectBalanced();
});

test('EXE-50 what a pass that stood still writes down after another has put it right does not stay open', async () => {
  await open(false);
  const { quantity } = await on.holding();
  desk.venue.foreignTrade({ symbol: SYMBOL, side: 'SELL', quantity });
  let isHeldUp = false;
  const slow = {
    ...desk.venue,
    fillsSince: async (...asked: Parameters<typeof desk.venue.fillsSince>) => {
      const read = await desk.venue.fillsSince(...asked);
      if (!isHeldUp) {
        isHeldUp = true;
        // Its lease runs out meanwhile.
        await on.pass(61_000);
      }
      return read;
    },
  };
  await reconcileAccounts({ ...desk.ports, venueOf: async () => slow });
  expect((await on.records()).map(({ status }) => status).toSorted()).toEqual(['OPEN', 'RESOLVED']);
  await on.pass();
  expect((await on.records()).map(({ status }) => status)).toEqual(['RESOLVED', 'RESOLVED']);
  expect((await desk.riskNow()).reconciliation).toMatchObject({ criticals: 0 });
  expect((await desk.positions())[0]).toMatchObject({ status: 'CLOSED' });
  await desk.expectAgreement();
  await on.expectBalanced();
});

test('EXE-T18 a stop follows at once what the comparison finds of its position', async () => {
  await open(true);
  await on.holding();
  desk.venue.foreignTrade({ symbol: SYMBOL, side: 'SELL', quantity: qty('0.4') });
  expect(await on.pass()).toMatchObject({ updated: 1 });
  expect((await desk.positions())[0]).toMatchObject({ status: 'OPEN', quantity: qty('0.599') });
  const resting = await desk.venue.openOrders();
  expect(resting).toMatchObject({ ok: true, value: [{ type: 'STOP', quantity: qty('0.599') }] });
});

test('D12: a stop that outlived its position is cancelled at the venue, and nobody is alarmed', async () => {
  await open(true);
  const { bookId, positionId, marketKey, stop } = await on.holding();
  const orderId = stop.venueStopOrderId ?? '';
  const resting = (await desk.orders()).find((order) => order.orderId === orderId);
  if (resting === undefined) throw new Error('there is no stop');
  const wish = { bookId, positionId, marketKey, reason: 'manual', price: price('100') } as const;
  await requestExit(desk.ports, { ...wish, fast: true });
  expect((await desk.positions())[0]).toMatchObject({ status: 'CLOSED' });
  // Its cancellation never came about: it rests at the venue still, and the ledger does not know better.
  const sent = desk.venue.taken.find(({ clientOrderId }) => clientOrderId === orderId);
  if (sent === undefined) throw new Error('the stop was never sent');
  desk.venue.setHeld(SYMBOL, sent.quantity);
  const placed = await desk.venue.submit(sent);
  desk.venue.setHeld(SYMBOL, qty('0'));
  if (placed.kind !== 'accepted') throw new Error('the stop does not rest');
  const { venueOrderId } = placed.report;
  await desk.ledger.store.set(paths.order('paper', orderId), orderDoc, {
    ...resting,
    venueOrderId,
  });
  desk.ledger.pass(11_000);
  await desk.quote(SYMBOL);
  await reconcileAccounts(desk.ports, { full: true });
  expect(await on.only()).toMatchObject({ type: 'D12', status: 'RESOLVED' });
  expect(await desk.venue.openOrders()).toEqual(ok([]));
  expect((await desk.orders()).find((order) => order.orderId === orderId)).toMatchObject({
    status: 'CANCELLED',
  });
  expect(await desk.alerts()).toEqual([]);
});

describe('EXE-53 EXE-60 a paper book enters nothing while it is known not to agree with its venue', () => {
  test.each([
    [{ failures: 3 }, /failed 3 times/],
    [{ criticals: 1 }, /critical differences/],
    [{ recovering: true }, /has not compared/],
  ])('%j', async (change, words) => {
    await open(false);
    const reconciliation = {
      ...{ at: desk.ledger.clock.wallNow(), failures: 0, criticals: 0, recovering: false },
      ...change,
    };
    await desk.seed({ risk: { reconciliation } });
    await desk.signal();
    await runGate(desk.ports, 'paper');
    const [signal] = await desk.signals();
    expect(signal).toMatchObject({ executionStatus: 'REJECTED', rejectionReason: 'paused' });
    expect(signal?.rejections.join()).toMatch(words);
    expect(desk.tasks.size).toBe(0);
  });

  test('two failures, which may be chance, keep nothing off', async () => {
    await open(false);
    const at = desk.ledger.clock.wallNow();
    const reconciliation = { at, failures: 2, criticals: 0, recovering: false };
    await desk.seed({ risk: { reconciliation } });
    await desk.signal();
    await runGate(desk.ports, 'paper');
    expect((await desk.signals())[0]).toMatchObject({ executionStatus: 'EXECUTED' });
  });
});
