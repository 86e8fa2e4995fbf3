import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openArchive, type Archive } from '@tradewind/adapters/archive/archive';
import { archiveAt, keptAs } from '@tradewind/adapters/archive/origin';
import { clockOf, wallNow } from '@tradewind/adapters/clock/clock';
import {
  EnvironmentError,
  parseEnvironment,
  requireSecrets,
  tellable,
  type Environment,
} from '@tradewind/adapters/config/environment';
import { createStore } from '@tradewind/adapters/ledger/store';
import { createSources, type Sources } from '@tradewind/adapters/sources/hierarchy';
import { createQueue } from '@tradewind/adapters/queue/create-queue';
import { jsonLog } from '@tradewind/adapters/telemetry/log';
import { createFeed } from '@tradewind/adapters/venue/create-feed';
import { streamClass } from '@tradewind/adapters/venue/ccxt-modules';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { createAccountGuard } from '@tradewind/adapters/execution/guard-account';
import type { Lane } from '@tradewind/adapters/resilience/guard-venue';
import { createVenue } from '@tradewind/adapters/venue/create-venue';
import { createMarketData } from '@tradewind/adapters/venue/market-data';
import type { MarketData, Venue } from '@tradewind/adapters/venue/venue';
import { assertTradable } from '@tradewind/adapters/venue/venue-choice';
import { accountName, bookMarket, type BookDoc } from '@tradewind/contracts/documents/book';
import { clockDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Origin } from '@tradewind/core/market/market';
import { initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import { tellStorage } from './archive-upkeep.ts';
import { createConditions, type TellCondition } from './conditions.ts';
import { serveHealth } from './health.ts';
import { createLatency } from './latency.ts';
import { collectProcessMetrics, createMetrics, type Metrics } from './metrics.ts';
import { feedName, type FeedKey, type WorkerPorts } from './ports.ts';
import { createFigures, memoryInUse } from './process-figures.ts';
import { runWorker } from './run-worker.ts';

/** An orderly end takes at most this; Cloud Run kills after ten seconds. */
const SHUTDOWN_MS = 4_500;

/** What DuckDB may take for writing, and again for questions: an hour of a market merges in less, or spills. */
const ARCHIVE_MB = 256;

const log = jsonLog('worker');
const version = process.env['K_REVISION'] ?? 'local';

/** The archive of `TRADEWIND_ARCHIVE`, or its part for what is not real; `null` where it is not set. */
function archiveOf(
  { archive, archiveBudget: budgetBytes, sandboxPort }: Environment,
  origin: Origin,
  { metrics, tell }: { readonly metrics: Metrics; readonly tell: TellCondition },
): Archive | null {
  if (archive === undefined) {
    log.warn('nothing is archived: TRADEWIND_ARCHIVE is not set');
    return null;
  }
  const kept = keptAs(origin, sandboxPort !== undefined);
  const location = archiveAt(archive, kept);
  const opened = openArchive({
    location,
    now: wallNow,
    log: jsonLog('archive'),
    memoryMb: ARCHIVE_MB,
    onDone: metrics.archive.done,
    budgetBytes,
    onStorage: (level, usedBytes) => {
      tellStorage(tell, level, { usedBytes, budgetBytes });
    },
  });
  metrics.archive.pool(opened.stats);
  log.info('trades and candles are archived', { place: opened.place, origin: kept });
  return opened;
}

/** Streams and public data of any venue that this program has, or of the sandbox in its place. */
function openMarkets({ sandboxPort }: Environment, marketNow: () => EpochMs) {
  const redirect = sandboxPort === undefined ? {} : { sandboxPort };
  const data = new Map<string, MarketData>();
  const marketData = (key: FeedKey): MarketData => {
    const known =
      data.get(feedName(key)) ?? createMarketData({ ...key, ...redirect, wallNow, marketNow });
    data.set(feedName(key), known);
    return known;
  };
  return {
    marketData,
    openFeed: (key: FeedKey) => createFeed({ ...key, ...redirect, marketNow }),
    streams: async ({ venue }: FeedKey): Promise<boolean> => {
      // The sandbox plays Binance, its spot markets and its perpetuals.
      if (sandboxPort !== undefined && venue !== 'binance') return false;
      return (await streamClass(venue)) !== undefined;
    },
    close: async (): Promise<void> => {
      await Promise.all([...data.values()].map((each) => each.close()));
    },
  };
}

/**
 * Sources beside the venues, for a desk on a real market alone: what is simulated or replayed must not be
 * priced by what happens today.
 */
function openSources({ secrets, sandboxPort }: Environment, origin: Origin): Sources | null {
  if (origin !== 'live' || sandboxPort !== undefined) return null;
  const sources = createSources({
    alphaVantage: secrets.ALPHA_VANTAGE_KEY,
    finnhub: secrets.FINNHUB_KEY,
  });
  for (const { name, reason } of sources.disabled)
    log.info('an external source is disabled', { source: name, reason });
  return sources;
}

/**
 * The accounts that books trade, each opened by its first book and twice, behind the same breakers and budget. Exits
 * have clients and sockets of their own: never behind a bulk read, nor spoilt by one.
 */
function openAccounts(
  environment: Environment,
  parts: Omit<Parameters<typeof createAccountGuard>[0], 'breakerOpenMs' | 'callsPerSecond'>,
): Pick<ExecutionPorts, 'venueOf' | 'urgentVenueOf'> & { readonly close: () => Promise<unknown> } {
  const [apiKey = '', apiSecret = ''] = requireSecrets(environment, [
    'BINANCE_API_KEY',
    'BINANCE_API_SECRET',
  ]);
  const { sandboxPort, breakerOpenMs, callsPerSecond } = environment;
  const redirect = sandboxPort === undefined ? {} : { sandboxPort };
  const opened = new Map<string, { readonly normal: Venue; readonly urgent: Venue }>();
  const accountOf = (book: BookDoc) => {
    assertTradable(book, sandboxPort);
    const name = accountName(book);
    const known = opened.get(name);
    if (known !== undefined) return known;
    const pace = { breakerOpenMs, callsPerSecond };
    const guarded = createAccountGuard({ ...parts, ...pace }, { name, process: 'worker' });
    const market = bookMarket(book);
    const key = { venue: 'binance', market, apiKey, apiSecret, clock: { wallNow } } as const;
    const open = (lane: Lane): Venue => guarded(createVenue({ ...key, ...redirect }), lane);
    const account = { normal: open('normal'), urgent: open('urgent') };
    opened.set(name, account);
    return account;
  };
  const through = (lane: Lane) => (book: BookDoc) =>
    Promise.resolve(book).then((traded) => accountOf(traded)[lane]);
  return {
    venueOf: through('normal'),
    urgentVenueOf: through('urgent'),
    close: () =>
      Promise.allSettled(
        [...opened.values()].flatMap(({ normal, urgent }) => [normal.close(), urgent.close()]),
      ),
  };
}

async function openPorts(environment: Environment) {
  const { projectId, sandboxPort, claimLeaseMs, gateLeaseMs, priceMaxAgeMs, breakerOpenMs } =
    environment;
  // Without it Google's client looks for a cloud around the local desk, and complains.
  if (environment.emulated) process.env['METADATA_SERVER_DETECTION'] ??= 'none';
  initializeApp(projectId === undefined ? {} : { projectId });
  const store = createStore(getFirestore());
  const record = await store.get(paths.clock, clockDoc);
  const clock = clockOf(record);
  // A sandbox whose desk does not say what it plays makes its prices up.
  const origin = record?.dataOrigin ?? (sandboxPort === undefined ? 'live' : 'synthetic');
  const queue = createQueue(store.usage);
  const { close: closeAccounts, ...accounts } = openAccounts(environment, {
    store,
    queue,
    log,
    clock,
  });
  const metrics = createMetrics();
  const markets = openMarkets(environment, clock.marketNow);
  const ports: WorkerPorts = {
    store,
    queue,
    clock,
    log,
    ...accounts,
    actor: `worker-${randomUUID().slice(0, 8)}`,
    settings: { claimLeaseMs, gateLeaseMs, priceMaxAgeMs, breakerOpenMs },
    origin,
    ...markets,
    sources: openSources(environment, origin),
    archive: archiveOf(environment, origin, {
      metrics,
      tell: createConditions({ store, clock, log }),
    }),
    metrics,
    latency: createLatency(),
    memoryInUse,
    sleep: (ms) => delay(ms),
    random: Math.random,
    precise: () => performance.timeOrigin + performance.now(),
    workerLeaseMs: environment.workerLeaseMs,
    shards: { count: environment.workerShards, share: environment.shardsPerWorker },
    version,
  };
  const close = async (): Promise<void> => {
    await Promise.allSettled([ports.archive?.close(), markets.close(), closeAccounts()]);
  };
  return { ports, close };
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string' } } });
  const port = values.port ?? process.env['PORT'];
  const environment = parseEnvironment({ ...process.env, PORT: port });
  log.info('settings', tellable(environment));
  const shutdown = new AbortController();
  const stop = (): void => {
    if (shutdown.signal.aborted) return;
    log.info('the worker is told to stop');
    setTimeout(() => {
      log.warn('the orderly end took too long; what was pending is read over REST next time');
      process.exit(0);
    }, SHUTDOWN_MS).unref();
    shutdown.abort();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  collectProcessMetrics();
  const { ports, close } = await openPorts(environment);
  const worker = runWorker(ports, shutdown.signal);
  const figures = createFigures(ports, worker.sessions);
  const { metrics } = ports;
  await serveHealth(environment.port, { status: worker.status, figures, metrics, version });
  await worker.done;
  await close();
  log.info('the worker has stopped');
  process.exit(0);
}

try {
  await main();
} catch (error) {
  log.error('the worker could not start', { error });
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof EnvironmentError ? 2 : 1);
}
