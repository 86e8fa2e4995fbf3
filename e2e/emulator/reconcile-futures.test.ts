import type { VenuePosition } from '@tradewind/adapters/venue/venue';
import { checkBook } from '@tradewind/adapters/reconcile/check-book';
import { reconcileAccount } from '@tradewind/adapters/reconcile/reconcile-account';
import { positionDoc } from '@tradewind/contracts/documents/book';
import { marketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { money, price, qty } from '@tradewind/core/lib/units';
import { NOW, position } from './documents.ts';
import { openDesk, type Desk } from './execution-desk.ts';
import { createFakeVenue, type FakeVenue } from './fake-venue.ts';
import { reconciling, type Reconciling } from './reconciling.ts';

const MARKET = 'binance_futures_BTC-USDT';
let desk: Desk;
let on: Reconciling;
let venue: FakeVenue;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`reconcile-futures-${projects}`);
  on = reconciling(desk);
  const now = desk.ledger.clock.wallNow;
  venue = createFakeVenue({ futures: true, cash: money('10000'), price: price('100'), now });
  await desk.ledger.clear();
  await desk.seed();
  const { store } = desk.ledger;
  await store.set(paths.market(MARKET), marketDoc, {
    ...{ marketKey: MARKET, venue: 'binance', market: 'futures', symbol: 'BTC-USDT' },
    ...{ base: 'BTC', quote: 'USDT', tickSize: price('0.1'), lotSize: qty('0.001') },
    ...{ minQty: qty('0.001'), minNotional: money('5'), updatedAt: NOW },
  });
  const held = { quantity: qty('1'), cost: money('100'), entryFees: money('0') };
  const long = position({ ...held, marketKey: MARKET, fees: money('0') });
  await store.set(paths.position('paper', 'p1'), positionDoc, long);
}, 30_000);
afterEach(() => desk.ledger.close());

const only = async () => {
  const [position] = await desk.positions();
  if (position === undefined) throw new Error('no position');
  return position;
};

const held = (change: Partial<VenuePosition> = {}): VenuePosition => ({
  ...{ symbol: 'BTC-USDT', side: 'LONG', hedged: false, quantity: qty('1') },
  ...{ entryPrice: price('100'), markPrice: price('100'), liquidationPrice: null },
  ...{ unrealizedPnl: money('0'), margin: money('100'), updatedAt: NOW },
  ...{ initialMargin: money('100'), maintenanceMargin: money('0.4') },
  ...change,
});

async function pass() {
  desk.ledger.pass(10_000);
  return reconcileAccount(desk.ports, { venue, books: [await desk.bookNow()] }, { full: true });
}

test('D8: the other side is closed here and taken over there, once two reads show it', async () => {
  venue.setPositions([held({ side: 'SHORT', quantity: qty('2') })]);
  await pass();
  expect((await desk.riskNow()).reconciliation).toMatchObject({ criticals: 1 });
  await pass();
  const all = await desk.positions();
  expect(all.find(({ positionId }) => positionId === 'p1')).toMatchObject({ status: 'CLOSED' });
  expect(all.find(({ side }) => side === 'SHORT')).toMatchObject({
    ...{ strategyId: 'EXTERNAL', status: 'OPEN', quantity: qty('2'), averageEntry: price('100') },
  });
  expect(await on.only()).toMatchObject({ type: 'D8', severity: 'CRITICAL', status: 'RESOLVED' });
  expect(await pass()).toMatchObject({ clean: true });
  const { store, clock } = desk.ledger;
  expect(await checkBook(store, 'paper', clock.wallNow())).toMatchObject({ faults: [] });
});

test.each([
  ['LONG', '10001'],
  ['SHORT', '9999'],
] as const)(
  'D9: another entry price of a %s is taken over, with what the venue had realised by that',
  async (side, cash) => {
    const { store, clock } = desk.ledger;
    await store.set(paths.position('paper', 'p1'), positionDoc, {
      ...(await only()),
      side,
    });
    venue.setPositions([held({ side, entryPrice: price('101') })]);
    expect(await pass()).toMatchObject({ updated: 1 });
    expect(await only()).toMatchObject({ averageEntry: price('101'), cost: money('101') });
    expect(await on.only()).toMatchObject({ type: 'D9', severity: 'INFO', status: 'RESOLVED' });
    expect(await desk.alerts()).toEqual([]);
    // Whatever it is closed at, cash and position come to the same as before.
    expect(await desk.bookNow()).toMatchObject({ cash: money(cash) });
    const { faults } = await checkBook(store, 'paper', clock.wallNow());
    // The position was put there without fills.
    expect(faults.filter(({ check }) => check !== 'quantity')).toEqual([]);
  },
);

test('D10: unrealised results that drift apart are told, and nothing is changed', async () => {
  venue.setPositions([held({ unrealizedPnl: money('5') })]);
  await pass();
  venue.setPositions([held({ unrealizedPnl: money('6') })]);
  await pass();
  expect(await on.only()).toMatchObject({ type: 'D10', status: 'OPEN', seen: 2 });
  expect(await desk.alerts()).toEqual([expect.objectContaining({ rule: 'reconciliation_D10' })]);
});

test('EXE-51 a failed reading of positions closes nothing', async () => {
  venue.setPositions(null);
  for (let round = 0; round < 3; round += 1) await pass();
  expect((await desk.positions())[0]).toMatchObject({ status: 'OPEN', quantity: qty('1') });
  expect((await desk.riskNow()).reconciliation).toMatchObject({ failures: 3 });
});
