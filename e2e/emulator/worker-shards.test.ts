import { bookDoc, riskStateDoc } from '@tradewind/contracts/documents/book';
import { botDoc } from '@tradewind/contracts/documents/bot';
import { strategyDoc, type StrategyDoc } from '@tradewind/contracts/documents/strategy';
import { leaseDoc, type LeaseDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import type { Worker } from '../../worker/src/run-worker.ts';
import { shardName, shardOf } from '../../worker/src/shards.ts';
import { book, bot, riskState, strategy } from './documents.ts';
import { startFakeWorker } from './fake-worker.ts';
import { openLedger } from './open-ledger.ts';

const LEASE_MS = 1_500;
/** Terms that a shard stays free before one that has its share already takes it. */
const GRACE_MS = 3 * LEASE_MS;
const PATIENCE_MS = 60_000;
const SHARDS = [0, 1];
const SYMBOLS = ['BTC', 'ETH', 'SOL', 'XRP', 'ADA', 'DOT', 'LTC', 'BNB'].map(
  (base) => `${base}-USDT`,
);
const keyOf = (symbol: string): string => `binance_spot_${symbol}`;

const ledger = openLedger('worker-shards', 0);
// An emulator that has just started takes its time.
beforeEach(ledger.clear, 60_000);
afterAll(ledger.close);

const startWorker = (actor: string) =>
  startFakeWorker(ledger, {
    actor,
    symbols: SYMBOLS,
    leaseMs: LEASE_MS,
    shards: { count: SHARDS.length, share: 1 },
  });

const heldBy = (worker: Worker): number[] =>
  SHARDS.filter((shard) => worker.status().shards[shard]?.role === 'active');
const marketsOf = (worker: Worker): string[] =>
  worker
    .sessions()
    .flatMap((session) => session.lines().map(({ market }) => market.marketKey))
    .sort();
const expectedOf = (shards: readonly number[]): string[] =>
  SYMBOLS.map(keyOf)
    .filter((key) => shards.includes(shardOf(key, SHARDS.length)))
    .sort();

/** Looks again and again, and each time at whether a shard is acted for twice. */
async function until(workers: readonly Worker[], isSo: () => boolean, what: string): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!isSo()) {
    for (const shard of SHARDS) {
      const holders = workers.filter((worker) => heldBy(worker).includes(shard));
      if (holders.length > 1) throw new Error(`shard ${shard} is held ${holders.length} times`);
    }
    if (Date.now() > end) throw new Error(`not in ${PATIENCE_MS} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

const windowsIn = (worker: Worker, symbol: string): readonly string[] =>
  worker
    .sessions()
    .flatMap((session) => session.lines())
    .filter(({ market }) => market.symbol === symbol)
    .flatMap(({ windows }) => windows);

async function seed(): Promise<void> {
  const { store } = ledger;
  await store.set(paths.book('paper'), bookDoc, book());
  await store.set(paths.riskState('paper'), riskStateDoc, riskState());
  for (const symbol of SYMBOLS)
    await store.set(
      paths.bot(symbol),
      botDoc,
      bot({ botId: symbol, symbol, marketKey: keyOf(symbol) }),
    );
}

test('STR-38 STR-40 a worker computes what running strategies read, and so does one that takes over', async () => {
  await seed();
  const { store } = ledger;
  const symbol = 'BTC-USDT';
  const reads = (strategyId: string, windows: string[], status: StrategyDoc['status']) =>
    store.set(
      paths.strategy(strategyId),
      strategyDoc,
      strategy({ strategyId, windows, status, marketKeys: [keyOf(symbol)] }),
    );
  await reads('one', ['TWPA_120_0'], 'RUNNING');
  await reads('two', ['TWPA_120_0', 'DELTA_90_0'], 'STOPPED');
  const a = startWorker('a');
  let b: ReturnType<typeof startWorker> | null = null;
  const computes = (worker: Worker, ...names: readonly string[]) =>
    until([worker], () => windowsIn(worker, symbol).join() === names.join(), names.join());
  try {
    await computes(a.worker, 'TWPA_120_0');
    await reads('two', ['TWPA_120_0', 'DELTA_90_0'], 'RUNNING');
    await computes(a.worker, 'DELTA_90_0', 'TWPA_120_0');
    await reads('two', ['TWPA_120_0', 'DELTA_90_0'], 'STOPPED');
    a.die();
    b = startWorker('b');
    await computes(b.worker, 'TWPA_120_0');
  } finally {
    await Promise.all([a.stop(), b?.stop()]);
  }
}, 150_000);

test('ARC-03 two workers share the shards; one that dies is replaced after the grace, and no shard is held twice', async () => {
  await seed();
  expect(expectedOf([0]).length).toBeGreaterThan(0);
  expect(expectedOf([1]).length).toBeGreaterThan(0);
  const terms: { readonly shard: number; readonly lease: LeaseDoc; readonly seenAt: number }[] = [];
  const stops = SHARDS.map((shard) =>
    ledger.store.firestore.doc(paths.lease(shardName(shard))).onSnapshot((snapshot) => {
      const lease = leaseDoc.safeParse(snapshot.data());
      if (lease.success) terms.push({ shard, lease: lease.data, seenAt: Date.now() });
    }),
  );
  const [a, b] = [startWorker('a'), startWorker('b')];
  const both = [a.worker, b.worker];
  try {
    await until(both, () => both.every((worker) => heldBy(worker).length === 1), 'one shard each');
    for (const worker of both) {
      const expected = expectedOf(heldBy(worker));
      await until(both, () => marketsOf(worker).length === expected.length, 'its markets');
      expect(marketsOf(worker)).toEqual(expected);
    }

    const [lost] = heldBy(a.worker);
    const diedAt = Date.now();
    a.die();
    await until(both, () => heldBy(b.worker).length === 2, 'the shard of the dead one');
    expect(heldBy(a.worker)).toEqual([]);
    await until(both, () => marketsOf(b.worker).length === SYMBOLS.length, 'all markets');
    expect(marketsOf(b.worker)).toEqual(expectedOf(SHARDS));

    const own = terms.filter(({ shard }) => shard === lost);
    const first = own.findIndex(
      ({ lease, seenAt }) => seenAt >= diedAt && lease.owner.startsWith('b/'),
    );
    const [before, taken] = [own[first - 1], own[first]];
    expect(before?.lease.owner).toMatch(/^a\//);
    expect(taken?.lease.token).toBe((before?.lease.token ?? 0) + 1);
    expect((taken?.seenAt ?? 0) - (before?.lease.expiresAt ?? Infinity)).toBeGreaterThanOrEqual(
      GRACE_MS,
    );
    // Nobody who lost a shard wrote its lease again.
    expect(own.slice(first).every(({ lease }) => lease.owner.startsWith('b/'))).toBe(true);
  } finally {
    for (const stop of stops) stop();
    await Promise.all([a.stop(), b.stop()]);
  }
}, 150_000);
