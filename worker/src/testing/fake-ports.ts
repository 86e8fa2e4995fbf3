import type { Store } from '@tradewind/adapters/ledger/store';
import { createUsageMeter } from '@tradewind/adapters/ledger/usage-meter';
import { silentLog } from '@tradewind/adapters/telemetry/log';
import { epochMs } from '@tradewind/core/lib/time';
import { Registry } from 'prom-client';
import { createLatency } from '../latency.ts';
import { createMetrics } from '../metrics.ts';
import type { WorkerPorts } from '../ports.ts';
import { fakeFeed, fakeMarket } from './fake-market.ts';

const never = (): never => {
  throw new Error('this test does not use it');
};

/** Lets everything that waits for nothing but its turn go on. */
export const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

/** Ports over maps in memory and a fake venue, on a clock that the test moves; market time is wall time. */
export function fakePorts() {
  const state = { now: 0 };
  const documents = new Map<string, unknown>();
  const writes: string[] = [];
  const set = (path: string, _: unknown, value: unknown): void => {
    documents.set(path, value);
    writes.push(path);
  };
  const store = {
    firestore: {},
    usage: createUsageMeter(),
    get: (path: string) => Promise.resolve(documents.get(path)),
    set: (...args: Parameters<typeof set>) => {
      set(...args);
      return Promise.resolve();
    },
    transact: (body: (tx: unknown) => Promise<unknown>) =>
      body({ get: (path: string) => Promise.resolve(documents.get(path)), set }),
  } as unknown as Store;
  const now = () => epochMs(state.now);
  const market = fakeMarket(now);
  const stream = fakeFeed();
  const tasks: string[] = [];
  const ports: WorkerPorts = {
    store,
    queue: {
      enqueue: (_, __, options) => {
        tasks.push(options.id);
        return Promise.resolve();
      },
    },
    clock: { wallNow: now, marketNow: now },
    log: silentLog,
    venueOf: never,
    actor: 'worker-test',
    settings: { claimLeaseMs: 1_000, gateLeaseMs: 1_000, priceMaxAgeMs: 300_000 },
    origin: 'synthetic',
    streams: () => Promise.resolve(true),
    openFeed: () => stream.feed,
    marketData: () => market.data,
    sources: null,
    archive: null,
    metrics: createMetrics(new Registry()),
    latency: createLatency(),
    memoryInUse: () => 0,
    // Sleeping takes the time that it takes, and lets everything else that waits go on.
    sleep: async (ms) => {
      state.now += ms;
      await settle();
    },
    random: () => 0.5,
    precise: () => state.now,
    workerLeaseMs: 4_000,
    shards: { count: 1, share: 1 },
    version: 'test',
  };
  return { ports, state, documents, writes, tasks, market, stream };
}
