import { emergencyCancel } from '@tradewind/adapters/execution/emergency-cancel';
import { runGate } from '@tradewind/adapters/execution/run-gate';
import { restoreBackup } from '@tradewind/adapters/reconcile/backup';
import { checkBook } from '@tradewind/adapters/reconcile/check-book';
import { rebuildLedger } from '@tradewind/adapters/reconcile/rebuild-ledger';
import { bookDoc, ledgerDoc, tradeDoc } from '@tradewind/contracts/documents/book';
import { fillDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { addMoney, money, price } from '@tradewind/core/lib/units';
import { rebuildFrom } from '../../tools/src/cli/rebuild-ledger.ts';
import { openDesk, type Desk } from './execution-desk.ts';
import { reconciling, type Reconciling } from './reconciling.ts';

let desk: Desk;
let on: Reconciling;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`rebuild-${projects}`);
  on = reconciling(desk);
  await desk.ledger.clear();
  await desk.seed({ bots: ['other'], symbols: ['BTC-USDT', 'ETH-USDT'] });
}, 30_000);
afterEach(() => desk.ledger.close());

const request = { bookId: 'paper', backupId: 'b1', daysBack: 30, dryRun: false };
const rebuild = (change: object = {}) => rebuildLedger(desk.ports, { ...request, ...change });
const check = () => checkBook(desk.ledger.store, 'paper', desk.ledger.clock.wallNow());

/** A round trip, and an open position. */
async function trade() {
  await on.holding();
  desk.venue.setPrice(price('110'));
  await desk.signal({ action: 'EXIT' });
  await runGate(desk.ports, 'paper');
  await desk.drain();
  await desk.signal({ strategyId: 'other', symbol: 'ETH-USDT' });
  await runGate(desk.ports, 'paper');
  await desk.drain();
  await desk.expectAgreement();
}

const tradesNow = () => {
  const { store } = desk.ledger;
  return store.query(store.firestore.collection(paths.trades('paper')), tradeDoc);
};

/** Everything that a rebuild replaces, as it is stored. */
async function everything() {
  const { firestore } = desk.ledger.store;
  const collections = [paths.positions('paper'), paths.trades('paper'), paths.ledger('paper')];
  const fills = (await desk.orders()).map(({ orderId }) => paths.fills('paper', orderId));
  const read = await Promise.all(
    [...collections, ...fills].map((path) => firestore.collection(path).get()),
  );
  const book = await firestore.doc(paths.book('paper')).get();
  return [...read.flatMap(({ docs }) => docs), book].map((doc) => [doc.ref.path, doc.data()]);
}

const stop = () => emergencyCancel(desk.ports, { bookId: 'paper', flatten: false, by: 'me' });

describe('EXE-63 a book is rebuilt from the venue', () => {
  test('a book that is right is rebuilt as it is', async () => {
    await trade();
    await stop();
    const before = await desk.bookNow();
    const trades = await tradesNow();
    const [closed] = trades;
    expect([closed?.analysis?.entry, closed?.analysis?.exit]).not.toContain(null);
    const report = await rebuild();
    expect(await tradesNow()).toEqual(trades);
    expect(report).toMatchObject({ ok: true, value: { fills: 3, quarantined: [], imported: [] } });
    const after = await desk.bookNow();
    expect({ ...after, updatedAt: before.updatedAt }).toEqual({
      ...before,
      netDeposits: money('0'),
    });
    await desk.expectAgreement();
    await on.expectBalanced();
    expect(await check()).toMatchObject({ faults: [] });
  }, 60_000);

  test('EXE-T20 what the venue does not know is set aside, what it knows is booked, and all can be put back', async () => {
    await trade();
    await stop();
    const { store } = desk.ledger;
    const [first, second] = await desk.orders();
    if (first === undefined || second === undefined) throw new Error('there are orders');
    await spoil(first.orderId, second.orderId);
    expect((await check()).faults.length).toBeGreaterThan(0);
    const spoiled = await everything();

    const dry = await rebuild({ dryRun: true });
    expect(dry).toMatchObject({
      ok: true,
      value: { backupId: null, imported: [expect.any(String)] },
    });
    expect(await everything()).toEqual(spoiled);

    const report = await rebuild();
    expect(report).toMatchObject({
      ok: true,
      value: { quarantined: [`${first.orderId}-made-up`], imported: [expect.any(String)] },
    });
    await desk.expectAgreement();
    expect(await check()).toMatchObject({ faults: [], fills: 3 });
    const named = new Set((await desk.orders()).map(({ venueOrderId }) => venueOrderId));
    expect(named.has(null)).toBe(false);
    const trades = await store.query(store.firestore.collection(paths.trades('paper')), tradeDoc);
    expect(trades).toHaveLength(1);

    await restoreBackup(store, {
      bookId: 'paper',
      backupId: 'b1',
      now: desk.ledger.clock.wallNow(),
    });
    const byPath = (a: readonly unknown[], b: readonly unknown[]) =>
      String(a[0]) < String(b[0]) ? -1 : 1;
    expect((await everything()).toSorted(byPath)).toEqual(spoiled.toSorted(byPath));
  }, 60_000);

  test('tw rebuild-ledger tells what it would change, does it, and says why it does not', async () => {
    await trade();
    const options = { bookId: 'paper', backupId: 'tw-1', daysBack: 30 };
    expect(await rebuildFrom(desk.ports, { ...options, dryRun: true })).toMatchObject({
      ok: false,
      text: expect.stringContaining('Stop entries first') as string,
    });
    await stop();
    const before = await everything();
    const dry = await rebuildFrom(desk.ports, { ...options, dryRun: true });
    expect(dry).toMatchObject({
      ok: true,
      data: { backupId: null, quarantined: [], imported: [] },
    });
    expect(dry.text).toContain('nothing was changed');
    expect(await everything()).toEqual(before);
    const done = await rebuildFrom(desk.ports, { ...options, dryRun: false });
    expect(done).toMatchObject({ ok: true, data: { backupId: 'tw-1' } });
    expect(JSON.parse(JSON.stringify(done.data))).toMatchObject({ fills: 3 });
    expect((await check()).faults).toEqual([]);
  });

  test('a book that may trade is not rebuilt', async () => {
    await trade();
    expect(await rebuild()).toMatchObject({ ok: false });
  });

  test('a venue that does not answer changes nothing', async () => {
    await trade();
    await stop();
    const before = await everything();
    desk.venue.setOffline(true);
    expect(await rebuild()).toMatchObject({ ok: false });
    expect(await everything()).toEqual(before);
  });
});

/** One fill that never was, one that is missing, and cash that is wrong. */
async function spoil(orderId: string, otherId: string) {
  const { store } = desk.ledger;
  const [fill] = await store.query(
    store.firestore.collection(paths.fills('paper', orderId)),
    fillDoc,
  );
  const [lost] = await store.query(
    store.firestore.collection(paths.fills('paper', otherId)),
    fillDoc,
  );
  if (fill === undefined || lost === undefined) throw new Error('there are fills');
  await store.set(paths.fill('paper', orderId, 'made-up'), fillDoc, { ...fill, fillId: 'made-up' });
  await store.firestore.doc(paths.fill('paper', otherId, lost.fillId)).delete();
  const book = await desk.bookNow();
  await store.set(paths.book('paper'), bookDoc, { ...book, cash: addMoney(book.cash, money('9')) });
  const entry = paths.ledgerEntry('paper', `${otherId}-${lost.fillId}`);
  expect(await store.get(entry, ledgerDoc)).toBeDefined();
}
