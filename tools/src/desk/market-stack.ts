import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createStore, type Store } from '@tradewind/adapters/ledger/store';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import { startChild, type Child } from '../lib/child.ts';
import { Fault } from '../lib/fault.ts';
import { freeOffset, portsAt, type Ports } from '../lib/ports.ts';
import { waitFor } from '../lib/wait.ts';
import { createGuard } from './desk.ts';
import { PROJECT, startEmulators } from './emulators.ts';
import { findFirestoreEmulator } from './firestore-emulator.ts';
import { ensureSecrets, type DeskSecrets } from './secrets.ts';

/** Ports of measurements start here, away from desks and tests. */
const FIRST_OFFSET = 26_000;

export type MarketStackOptions = {
  readonly root: string;
  /** For logs and the archive; emptied by its owner. */
  readonly folder: string;
  /** Markets of the sandbox, as `BASE-QUOTE`. */
  readonly symbols: readonly string[];
  /** Trades per second of each of them. */
  readonly rate: number;
  /** Extra variables of the worker. */
  readonly env?: Readonly<Record<string, string>>;
  /** Writes what the worker is to find when it starts. */
  readonly seed: (store: Store) => Promise<void>;
  readonly say: (text: string) => void;
};

/** Firestore, the sandbox's market and the worker: what market data needs, without functions or dashboard. */
export type MarketStack = {
  readonly ports: Ports;
  readonly store: Store;
  readonly worker: Child;
  readonly sandbox: Child;
  readonly stop: () => Promise<void>;
};

/** `S1-USDT`, `S2-USDT`, …: markets of a measurement. */
export const numberedSymbols = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `S${index + 1}-USDT`);

async function listening(child: Child): Promise<void> {
  await waitFor(
    child.name,
    () => (!child.isRunning() || /"listening"/.test(child.tail()) ? true : undefined),
    { timeoutMs: 30_000, everyMs: 50 },
  );
  if (!child.isRunning()) throw new Fault(`The ${child.name} did not start:\n${child.tail()}`);
}

type Programs = {
  readonly options: MarketStackOptions;
  readonly ports: Ports;
  readonly guard: ReturnType<typeof createGuard>;
};

const start = (
  { options, guard }: Programs,
  { name, args }: { readonly name: string; readonly args: readonly string[] },
  env: NodeJS.ProcessEnv,
): Child => {
  const { root, folder } = options;
  const logFile = join(folder, `logs/${name}.log`);
  const child = startChild({ name, command: process.execPath, args, cwd: root, env, logFile });
  guard.add(child.kill);
  return child;
};

async function startFirestore({ options, ports, guard }: Programs) {
  const { root, folder } = options;
  mkdirSync(join(folder, 'public'), { recursive: true });
  const emulators = await startEmulators({
    root,
    folder,
    ports,
    firestore: findFirestoreEmulator(process.env['FIRESTORE_EMULATOR_BINARY_PATH'], folder),
    env: {},
    only: ['auth', 'firestore'],
    onSpawn: guard.add,
  });
  process.env['FIRESTORE_EMULATOR_HOST'] = `127.0.0.1:${ports.firestore}`;
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  const app = initializeApp({ projectId: PROJECT }, `stack-${ports.hub}`);
  return { emulators, app, store: createStore(getFirestore(app)) };
}

async function startMarket(programs: Programs, secrets: DeskSecrets): Promise<Child> {
  const { root, symbols, rate } = programs.options;
  const args = [
    join(root, 'sandbox/src/main.ts'),
    ...['--port', String(programs.ports.sandbox), '--seed', '7'],
    ...['--feed', `rate:${rate}`, '--symbols', symbols.join(',')],
    ...['--api-key', secrets.BINANCE_API_KEY, '--api-secret', secrets.BINANCE_API_SECRET],
  ];
  const sandbox = start(programs, { name: 'sandbox', args }, process.env);
  await listening(sandbox);
  return sandbox;
}

function startWorker(programs: Programs, secrets: DeskSecrets): Child {
  const { ports, options } = programs;
  const main = join(options.root, 'worker/src/main.ts');
  const args = ['--disable-warning=ExperimentalWarning', main];
  return start(
    programs,
    { name: 'worker', args },
    {
      ...process.env,
      ...secrets,
      GCLOUD_PROJECT: PROJECT,
      FIRESTORE_EMULATOR_HOST: `127.0.0.1:${ports.firestore}`,
      TRADEWIND_SANDBOX_PORT: String(ports.sandbox),
      PORT: String(ports.worker),
      ...options.env,
    },
  );
}

/** Starts all of it. @throws Fault with the last words of what failed. */
export async function startMarketStack(options: MarketStackOptions): Promise<MarketStack> {
  const { root, symbols, rate, say } = options;
  const ports = portsAt(await freeOffset(FIRST_OFFSET));
  const secrets = ensureSecrets(root);
  const guard = createGuard();
  const programs = { options, ports, guard };
  process.once('exit', guard.killAll);
  say('Starting Firestore');
  const { emulators, app, store } = await startFirestore(programs);
  await options.seed(store);
  say(`Starting a market of ${symbols.length} symbols with ${rate} trades a second each`);
  const sandbox = await startMarket(programs, secrets);
  say('Starting the worker');
  const worker = startWorker(programs, secrets);
  return {
    ports,
    store,
    worker,
    sandbox,
    stop: async () => {
      await worker.stop('SIGTERM', 10_000);
      await sandbox.stop('SIGTERM', 5_000);
      await deleteApp(app);
      await emulators.stop();
      process.off('exit', guard.killAll);
    },
  };
}
