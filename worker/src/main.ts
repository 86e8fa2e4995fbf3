import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { clockOf, wallNow } from '@tradewind/adapters/clock/clock';
import {
  EnvironmentError,
  parseEnvironment,
  requireSecrets,
  type Environment,
} from '@tradewind/adapters/config/environment';
import { createStore } from '@tradewind/adapters/ledger/store';
import { createQueue } from '@tradewind/adapters/queue/create-queue';
import { jsonLog } from '@tradewind/adapters/telemetry/log';
import { createFeed } from '@tradewind/adapters/venue/create-feed';
import { createVenue } from '@tradewind/adapters/venue/create-venue';
import { assertTradable } from '@tradewind/adapters/venue/venue-choice';
import { clockDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import { serveHealth } from './health.ts';
import type { WorkerPorts } from './ports.ts';
import { runWorker } from './run-worker.ts';

/** An orderly end takes at most this; Cloud Run kills after ten seconds. */
const SHUTDOWN_MS = 4_500;

const log = jsonLog('worker');
const version = process.env['K_REVISION'] ?? 'local';

async function openPorts(environment: Environment): Promise<WorkerPorts> {
  const [apiKey = '', apiSecret = ''] = requireSecrets(environment, [
    'BINANCE_API_KEY',
    'BINANCE_API_SECRET',
  ]);
  const { projectId, sandboxPort, claimLeaseMs, gateLeaseMs, priceMaxAgeMs } = environment;
  // Without it Google's client looks for a cloud around the local desk, and complains.
  if (environment.emulated) process.env['METADATA_SERVER_DETECTION'] ??= 'none';
  initializeApp(projectId === undefined ? {} : { projectId });
  const store = createStore(getFirestore());
  const record = await store.get(paths.clock, clockDoc);
  const redirect = sandboxPort === undefined ? {} : { sandboxPort };
  const venue = createVenue({
    venue: 'binance',
    apiKey,
    apiSecret,
    clock: { wallNow },
    ...redirect,
  });
  const onFault = (symbol: string, what: string): void => {
    log.warn('left out of the trade stream', { symbol, what });
  };
  return {
    store,
    queue: createQueue(),
    clock: clockOf(record),
    log,
    venueOf: (book) =>
      Promise.resolve(book).then((traded) => {
        assertTradable(traded, sandboxPort);
        return venue;
      }),
    actor: `worker-${randomUUID().slice(0, 8)}`,
    settings: { claimLeaseMs, gateLeaseMs, priceMaxAgeMs },
    venue,
    origin: record?.dataOrigin ?? 'live',
    openFeed: () => createFeed({ venue: 'binance', onFault, ...redirect }),
    random: Math.random,
    workerLeaseMs: environment.workerLeaseMs,
    version,
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string' } } });
  const port = values.port ?? process.env['PORT'];
  const environment = parseEnvironment({ ...process.env, PORT: port });
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
  const ports = await openPorts(environment);
  const worker = runWorker(ports, shutdown.signal);
  await serveHealth(environment.port, { status: worker.status, version });
  await worker.done;
  await ports.venue.close();
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
