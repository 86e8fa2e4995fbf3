import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { MarketClock } from '@tradewind/core/lib/time';
import { startChild, type Child } from '../lib/child.ts';
import { Fault } from '../lib/fault.ts';
import type { Ports } from '../lib/ports.ts';
import { waitFor } from '../lib/wait.ts';
import { PROJECT, quickStart } from './emulators.ts';
import type { Feed } from './feed.ts';
import type { DeskSecrets } from './secrets.ts';
import { INITIAL_BALANCE } from './seed.ts';

export type ProgramContext = {
  readonly root: string;
  readonly folder: string;
  readonly ports: Ports;
  readonly secrets: DeskSecrets;
  /** Extra variables for functions and worker, such as shorter leases in tests. */
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (source: string, line: string) => void;
  /** Tells the person. */
  readonly say: (text: string) => void;
};

/** What functions and worker are told about the desk; the emulators add their own hosts for functions. */
export function tradingEnvironment({ ports, env }: ProgramContext): Record<string, string> {
  return {
    GCLOUD_PROJECT: PROJECT,
    METADATA_SERVER_DETECTION: 'none',
    TRADEWIND_SANDBOX_PORT: String(ports.sandbox),
    SENDGRID_BASE_URL: `http://127.0.0.1:${ports.mailbox}`,
    MAIL_FROM: 'desk@tradewind.local',
    MAIL_TO: 'admin@tradewind.local',
    ...env,
  };
}

/**
 * A part of the desk that ended by itself is not started again: what it held in memory is gone, and a
 * desk that goes on without it would only look alive.
 */
export function reportCrash(
  { say, onLine }: Pick<ProgramContext, 'say' | 'onLine'>,
  { name, how, logFile }: { readonly name: string; readonly how: string; readonly logFile: string },
): void {
  const message = `The ${name} ended by itself (${how}): nothing trades any more. Press Ctrl-C; the next start goes on from what was saved last. Its log is ${logFile}.`;
  onLine(name, JSON.stringify({ severity: 'ERROR', message }));
  say(message);
}

const feedArguments = (feed: Feed): readonly string[] => {
  if (feed.kind === 'file') return ['--feed', `file:${feed.path}`];
  return ['--feed', feed.kind === 'live' ? 'push' : 'sandbox'];
};

/** Starts the sandbox exchange. @throws Fault with its last words when it does not listen. */
export async function startSandbox(
  context: ProgramContext,
  market: { readonly feed: Feed; readonly symbols: readonly string[]; readonly clock: MarketClock },
): Promise<Child> {
  const { root, folder, ports, secrets } = context;
  const logFile = join(folder, 'logs/sandbox.log');
  const single = market.feed.kind === 'file' ? market.symbols.slice(0, 1) : [];
  let isUp = false;
  const child = startChild({
    name: 'sandbox',
    command: process.execPath,
    args: [
      join(root, 'sandbox/src/main.ts'),
      ...['--port', String(ports.sandbox)],
      ...feedArguments(market.feed),
      ...(market.symbols.length > 0 ? ['--symbols', market.symbols.join(',')] : []),
      ...single.flatMap((symbol) => ['--symbol', symbol]),
      ...['--seed', '7'],
      ...['--clock', JSON.stringify(market.clock)],
      ...['--api-key', secrets.BINANCE_API_KEY],
      ...['--api-secret', secrets.BINANCE_API_SECRET],
      ...['--initial', `USDT=${INITIAL_BALANCE}`],
      ...['--state', join(folder, 'sandbox.json')],
    ],
    cwd: root,
    env: process.env,
    logFile,
    onLine: (line) => {
      context.onLine('sandbox', line);
    },
    onCrash: (how) => {
      if (isUp) reportCrash(context, { name: 'sandbox', how, logFile });
    },
  });
  await waitFor(
    'the sandbox exchange',
    () => (!child.isRunning() || /"listening"/.test(child.tail()) ? true : undefined),
    { timeoutMs: 30_000, everyMs: 50 },
  );
  if (!child.isRunning())
    throw new Fault(`The sandbox exchange did not start (${logFile}):\n${child.tail()}`);
  isUp = true;
  return child;
}

/** The worker, started again when it ends before its time. */
export type Supervised = {
  readonly pid: () => number;
  /** How often it had to be started again. */
  readonly restarts: () => number;
  readonly stop: () => Promise<void>;
  readonly kill: () => void;
};

/** Where the desk's worker keeps trades and candles, unless the person said where. */
const archiveOf = ({ folder }: ProgramContext): string =>
  process.env['TRADEWIND_ARCHIVE'] ?? join(folder, 'archive');

const LONGEST_PAUSE_MS = 15_000;

/** Starts the streaming worker and keeps it alive. `onCrash` hears of each end that nobody asked for. */
export function superviseWorker(
  context: ProgramContext,
  onCrash: (message: string) => void,
): Supervised {
  const { root, folder, ports, secrets } = context;
  const main = join(root, 'worker/src/main.ts');
  const start = (): Child =>
    startChild({
      name: 'worker',
      command: process.execPath,
      args: ['--disable-warning=ExperimentalWarning', quickStart(root), main],
      cwd: root,
      env: {
        ...process.env,
        TRADEWIND_ARCHIVE: archiveOf(context),
        ...tradingEnvironment(context),
        ...secrets,
        FIRESTORE_EMULATOR_HOST: `127.0.0.1:${ports.firestore}`,
        FIREBASE_AUTH_EMULATOR_HOST: `127.0.0.1:${ports.auth}`,
        CLOUD_TASKS_EMULATOR_HOST: `127.0.0.1:${ports.tasks}`,
        PORT: String(ports.worker),
      },
      logFile: join(folder, 'logs/worker.log'),
      onLine: (line) => {
        context.onLine('worker', line);
      },
    });
  let child = start();
  let stopping = false;
  let restarts = 0;
  const watch = async (): Promise<void> => {
    for (;;) {
      const { code, signal } = await child.exited;
      if (stopping) return;
      restarts += 1;
      const pause = Math.min(LONGEST_PAUSE_MS, 500 * 2 ** Math.min(restarts, 6));
      onCrash(`the worker ended (${signal ?? `exit code ${code ?? '?'}`}); starting it again`);
      await delay(pause);
      if (isStopping()) return;
      child = start();
    }
  };
  const isStopping = (): boolean => stopping;
  const watching = watch();
  return {
    pid: () => child.pid,
    restarts: () => restarts,
    kill: () => {
      stopping = true;
      child.kill();
    },
    stop: async () => {
      stopping = true;
      await child.stop('SIGTERM', 10_000);
      await watching;
    },
  };
}
