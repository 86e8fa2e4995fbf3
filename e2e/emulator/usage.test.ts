import { silentLog } from '@tradewind/adapters/telemetry/log';
import { createUsageReport, FLUSH_MS } from '@tradewind/adapters/telemetry/report-usage';
import { alertDoc, usageDayDoc } from '@tradewind/contracts/documents/system';
import { paths, usageDayId } from '@tradewind/contracts/paths';
import { leaseDoc } from '@tradewind/contracts/documents/system';
import { NOW } from './documents.ts';
import { openLedger, type Ledger } from './open-ledger.ts';

let ledger: Ledger;
beforeEach(async () => {
  ledger = openLedger('usage', NOW);
  await ledger.clear();
});
afterEach(() => ledger.close());

const LEASE = { owner: 'a', token: 1, expiresAt: NOW };
const open = (component: string) =>
  createUsageReport({ store: ledger.store, clock: ledger.clock, log: silentLog, component });
const today = () => ledger.store.get(paths.usageDay(usageDayId(NOW)), usageDayDoc);

test('the meter counts what is billed: documents, empty queries and missing documents', async () => {
  const { store } = ledger;
  await store.set(paths.lease('one'), leaseDoc, LEASE);
  await store.create(paths.lease('one'), leaseDoc, LEASE);
  await store.create(paths.lease('two'), leaseDoc, LEASE);
  await store.get(paths.lease('one'), leaseDoc);
  await store.get(paths.lease('none'), leaseDoc);
  await store.query(store.firestore.collection('leases'), leaseDoc);
  await store.query(store.firestore.collection(paths.alerts), alertDoc);
  await store.transact(async (tx) => {
    const known = await tx.get(paths.lease('one'), leaseDoc);
    tx.set(paths.lease('one'), leaseDoc, { ...LEASE, token: (known?.token ?? 0) + 1 });
    tx.create(paths.lease('three'), leaseDoc, LEASE);
  });
  const { total, groups } = store.usage.take();
  expect(total).toMatchObject({ reads: 6, writes: 4, deletes: 0 });
  expect(groups['leases']).toMatchObject({ reads: 5, writes: 4 });
  expect(groups['none']).toMatchObject({ reads: 1 });
  expect(total.bytesWritten).toBeGreaterThan(4 * 80);
});

test('is added to the day at once and then once in five minutes, by every process to the same document', async () => {
  const { store } = ledger;
  const [one, two] = [open('worker'), open('evaluateBots')];
  await store.set(paths.lease('one'), leaseDoc, LEASE);
  await one.report();
  expect((await today())?.components).toMatchObject({ worker: { writes: 1 } });
  await store.set(paths.chunk('binance_spot_BTC-USDT', '2026010100'), leaseDoc, LEASE);
  await two.report();
  const day = await today();
  expect(day?.since).toBe(NOW);
  expect(day?.components['worker']).toMatchObject({ writes: 1 });
  // The first report's own write is in the second.
  expect(day?.components['evaluateBots']).toMatchObject({ writes: 3 });
  expect(day?.groups['usage']).toMatchObject({ writes: 2 });
  expect(day?.markets['binance_spot_BTC-USDT']).toMatchObject({ writes: 1 });
  await store.set(paths.lease('two'), leaseDoc, LEASE);
  await one.report();
  expect((await today())?.components['worker']).toMatchObject({ writes: 1 });
  ledger.pass(FLUSH_MS);
  await one.report();
  const late = await today();
  expect(late?.components['worker']?.writes).toBe(3);
  await store.set(paths.lease('three'), leaseDoc, LEASE);
  await one.close();
  expect((await today())?.components['worker']?.writes).toBe(5);
  // What one has nothing of is left as the others told it.
  expect(late?.markets).toEqual(day?.markets);
});

test('ARC-56 every process adds to the topics of the day', async () => {
  const { store } = ledger;
  const [one, two] = [open('executeIntent'), open('worker')];
  store.usage.delivered('executeIntent', { latencyMs: 40, failed: false });
  await one.close();
  store.usage.published('executeIntent');
  store.usage.delivered('executeIntent', { latencyMs: 45, failed: true });
  store.usage.delivered('executeIntent', { latencyMs: 90_000, failed: false });
  await two.close();
  store.usage.published('executeIntent');
  await one.close();
  expect((await today())?.topics).toEqual({
    executeIntent: { published: 2, delivered: 2, failed: 1, latencies: { '50': 2, more: 1 } },
  });
});
