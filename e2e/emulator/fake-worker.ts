import type { Store } from '@tradewind/adapters/ledger/store';
import type { Venue } from '@tradewind/adapters/venue/venue';
import { epochMs } from '@tradewind/core/lib/time';
import type { WorkerPorts } from '../../worker/src/ports.ts';
import { runWorker, type Worker } from '../../worker/src/run-worker.ts';
import { fakeFeed, fakeMarket, tradeOf } from '../../worker/src/testing/fake-market.ts';
import { fakePorts } from '../../worker/src/testing/fake-ports.ts';
import type { Ledger } from './open-ledger.ts';

const wallNow = () => epochMs(Date.now());
const HISTORY = 60;

/** A store that answers nothing any more once its process is cut off: what was asked waits until the test ends. */
function mortal(store: Store) {
  const state = { isDead: false };
  let bury: (error: Error) => void = () => undefined;
  const grave = new Promise<never>((_, reject) => {
    bury = reject;
  });
  grave.catch(() => undefined);
  const proxy = new Proxy(store, {
    get: (target, name): unknown => {
      const value: unknown = Reflect.get(target, name);
      return state.isDead && typeof value === 'function' ? () => grave : value;
    },
  });
  return { store: proxy, state, bury };
}

type FakeWorker = {
  readonly worker: Worker;
  /** Prints a trade of a symbol now, which its stream tells. */
  readonly print: (symbol: string, price: string) => void;
  /** Nothing it does reaches the ledger any more; its leases are not released. */
  readonly die: () => void;
  readonly stop: () => Promise<void>;
};

/** A worker as a process of its own would be: real clock, real ledger, and a stream of the test's. */
export function startFakeWorker(
  ledger: Ledger,
  settings: {
    readonly actor: string;
    readonly symbols: readonly string[];
    readonly leaseMs: number;
    readonly shards: WorkerPorts['shards'];
    /** The account that its books trade on, where they do. */
    readonly venue?: Venue;
  },
): FakeWorker {
  const { actor, symbols, leaseMs, shards, venue } = settings;
  const market = fakeMarket(() => Date.now());
  const stream = fakeFeed();
  const start = Date.now() - 120_000;
  for (const symbol of symbols)
    market
      .of(symbol)
      .push(
        ...Array.from({ length: HISTORY }, (_, n) =>
          tradeOf(symbol, n + 1, { at: start + n * 1_000 }),
        ),
      );
  const { store, state, bury } = mortal(ledger.store);
  const end = new AbortController();
  const ports: WorkerPorts = {
    ...fakePorts().ports,
    store,
    clock: { wallNow, marketNow: wallNow },
    actor,
    ...(venue === undefined ? {} : { venueOf: () => Promise.resolve(venue) }),
    openFeed: () => stream.feed,
    marketData: () => market.data,
    sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
    precise: () => performance.timeOrigin + performance.now(),
    workerLeaseMs: leaseMs,
    shards,
  };
  const worker = runWorker(ports, end.signal);
  return {
    worker,
    print: (symbol, text) => {
      const at = Date.now();
      const printed = market.of(symbol);
      const trade = tradeOf(symbol, printed.length + 1, { at, text });
      printed.push(trade);
      stream.send([trade], at);
    },
    die: (): void => {
      state.isDead = true;
    },
    stop: async (): Promise<void> => {
      end.abort();
      bury(new Error('the test is over'));
      await worker.done;
    },
  };
}
