import type { Store } from '@tradewind/adapters/ledger/store';
import { silentLog } from '@tradewind/adapters/telemetry/log';
import type { Venue } from '@tradewind/adapters/venue/venue';
import { epochMs } from '@tradewind/core/lib/time';
import { ok } from '@tradewind/core/lib/result';
import type { Candle } from '@tradewind/core/market/market';
import type { WorkerPorts } from '../ports.ts';

const never = (): never => {
  throw new Error('this test does not use it');
};

/** Ports over maps in memory, on a clock that the test moves; market time is wall time. */
export function fakePorts(history: readonly Candle[] = []) {
  const state = { now: 0 };
  const documents = new Map<string, unknown>();
  const writes: string[] = [];
  const store = {
    firestore: {},
    usage: { reads: 0, writes: 0 },
    get: (path: string) => Promise.resolve(documents.get(path)),
    set: (path: string, _: unknown, value: unknown) => {
      documents.set(path, value);
      writes.push(path);
      return Promise.resolve();
    },
    transact: (body: (tx: unknown) => Promise<unknown>) =>
      body({
        get: (path: string) => Promise.resolve(documents.get(path)),
        set: (path: string, _: unknown, value: unknown) => {
          documents.set(path, value);
          writes.push(path);
        },
      }),
  } as unknown as Store;
  const candles: Venue['candles'] = (_, { since, limit }) =>
    Promise.resolve(ok(history.filter(({ openAt }) => openAt >= since).slice(0, limit)));
  const now = () => epochMs(state.now);
  const ports: WorkerPorts = {
    store,
    queue: { enqueue: () => Promise.resolve() },
    clock: { wallNow: now, marketNow: now },
    log: silentLog,
    venueOf: never,
    actor: 'worker-test',
    settings: { claimLeaseMs: 1_000, gateLeaseMs: 1_000, priceMaxAgeMs: 300_000 },
    venue: { candles } as Venue,
    origin: 'synthetic',
    openFeed: never,
    random: () => 0.5,
    workerLeaseMs: 4_000,
    version: 'test',
  };
  return { ports, state, documents, writes };
}
