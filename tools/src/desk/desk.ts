import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createStore, type Store } from '@tradewind/adapters/ledger/store';
import { clockDoc, type ClockDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { epochMs, marketNow, type EpochMs, type MarketClock } from '@tradewind/core/lib/time';
import type { Origin } from '@tradewind/core/market/market';
import { initializeApp, deleteApp, type App } from 'firebase-admin/app';
import { getAuth } from 'firebase-admin/auth';
import { getFirestore } from 'firebase-admin/firestore';
import type { Child } from '../lib/child.ts';
import { Fault, messageOf } from '../lib/fault.ts';
import { callLocal } from '../lib/http.ts';
import type { Ports } from '../lib/ports.ts';
import { createMailbox, type Mailbox } from '../mailbox/create-mailbox.ts';
import { buildStale, publishDashboard, staleTargets } from './builds.ts';
import { fireSchedule, startClockDriver, type ClockDriver } from './clock-driver.ts';
import {
  assertSameDesk,
  deskPaths,
  readDeskRecord,
  saveDesk,
  type DeskRecord,
} from './desk-record.ts';
import { PROJECT, REGION, startEmulators, type Emulators } from './emulators.ts';
import type { Feed } from './feed.ts';
import { findFirestoreEmulator } from './firestore-emulator.ts';
import { startLiveFeeder, type LiveFeeder } from './live-feeder.ts';
import { createLogWatch, type LogWatch } from './log-watch.ts';
import {
  reportCrash,
  startSandbox,
  superviseWorker,
  tradingEnvironment,
  type ProgramContext,
  type Supervised,
} from './programs.ts';
import { marketClock, setSandboxClock, standingClock } from './market-start.ts';
import { readMarkets } from './sandbox-client.ts';
import { ensureSecrets } from './secrets.ts';
import { seedDesk } from './seed.ts';
import type { Steps } from './steps.ts';

export type DeskPlan = {
  readonly root: string;
  /** Below `root`: the desk's data, logs and published page. */
  readonly folder: string;
  readonly ports: Ports;
  readonly feed: Feed;
  readonly symbols: readonly string[];
  /** What its paper book trades; spot where left out. */
  readonly market?: 'spot' | 'futures';
  readonly withWorker: boolean;
  readonly env?: Readonly<Record<string, string>>;
};

/** What the plan's paper book trades. */
export const marketOf = ({ market }: Pick<DeskPlan, 'market'>): 'spot' | 'futures' =>
  market ?? 'spot';

/** A running desk. */
export type Desk = {
  readonly plan: DeskPlan;
  readonly store: Store;
  readonly clock: MarketClock;
  readonly resumed: boolean;
  readonly watch: LogWatch;
  readonly mailbox: Mailbox;
  readonly worker: Supervised | undefined;
  readonly emulators: Emulators;
  readonly driver: ClockDriver;
  readonly marketNow: () => EpochMs;
  /** Ends everything in order; with `keep`, ledger and sandbox are saved together to be resumed. */
  readonly stop: (keep: boolean) => Promise<void>;
};

/** What to kill when a desk is given up while it starts, or at a second Ctrl-C. */
export type Guard = { readonly add: (kill: () => void) => void; readonly killAll: () => void };

export function createGuard(): Guard {
  const kills: (() => void)[] = [];
  return {
    add: (kill) => {
      kills.unshift(kill);
    },
    killAll: () => {
      for (const kill of kills.splice(0)) kill();
    },
  };
}

const SCHEDULED = ['runCycle', 'syncOrders', 'guardian'] as const;

const originOf = (feed: Feed): Origin =>
  feed.kind === 'live' ? 'live' : feed.kind === 'file' ? 'recorded' : 'synthetic';

type Context = {
  readonly plan: DeskPlan;
  readonly programs: ProgramContext;
  readonly steps: Steps;
  readonly guard: Guard;
  readonly watch: LogWatch;
};

/** Functions' output arrives among the emulators' own, marked by this. */
const FUNCTION_LINE = /^> {2}/;

function openLogs(plan: DeskPlan, watch: LogWatch) {
  const logs = join(plan.folder, 'logs');
  const previous = join(plan.folder, 'logs.previous');
  rmSync(previous, { recursive: true, force: true });
  if (existsSync(logs)) renameSync(logs, previous);
  mkdirSync(logs, { recursive: true });
  const functions = createWriteStream(join(plan.folder, 'logs/functions.log'), { flags: 'a' });
  return (source: string, line: string): void => {
    if (source !== 'emulators') {
      watch.take(source, line);
      return;
    }
    const own = FUNCTION_LINE.test(line);
    if (own) functions.write(`${line.replace(FUNCTION_LINE, '')}\n`);
    watch.take(own ? 'functions' : source, line.replace(FUNCTION_LINE, ''));
  };
}

async function startSuite(
  { plan, programs, guard }: Context,
  record: DeskRecord | undefined,
): Promise<Emulators> {
  const { root, folder, ports } = plan;
  return startEmulators({
    root,
    folder,
    ports,
    firestore: findFirestoreEmulator(process.env['FIRESTORE_EMULATOR_BINARY_PATH'], folder),
    env: tradingEnvironment(programs),
    ...(record === undefined ? {} : { saved: deskPaths(folder).savedData }),
    onLine: (line) => {
      programs.onLine('emulators', line);
    },
    onCrash: (how, logFile) => {
      reportCrash(programs, { name: 'emulators', how, logFile });
    },
    onSpawn: guard.add,
  });
}

/** The admin SDK of this process, led to the emulators: it reads their hosts from the environment. */
export function connectAdmin(ports: Ports, projectId = PROJECT) {
  process.env['FIRESTORE_EMULATOR_HOST'] = `127.0.0.1:${ports.firestore}`;
  process.env['FIREBASE_AUTH_EMULATOR_HOST'] = `127.0.0.1:${ports.auth}`;
  // Emulators need no credentials: nobody asks the cloud's metadata server for some.
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  const app = initializeApp({ projectId }, `${projectId}-${ports.firestore}`);
  return { app, auth: getAuth(app), store: createStore(getFirestore(app)) };
}

/** Reconciles what a former desk left, and wakes the functions up, whose first runs are slow. */
async function firstRuns({ plan, watch }: Context, clock: MarketClock): Promise<void> {
  const { ports, folder } = plan;
  const at = Math.max(clock.origin, marketNow(clock, epochMs(Date.now())));
  const minute = Math.floor(at / 60_000) * 60_000;
  try {
    // Orders first; then a cycle, so that bots look at the newest bar now and not in a minute.
    for (const name of ['syncOrders', 'runCycle']) await fireSchedule(ports, { name, at: minute });
  } catch (error) {
    // What the function has to say about it arrives a moment after its answer.
    await delay(1_000);
    const words = [messageOf(error), ...watch.errors()].join('\n');
    throw new Fault(`The functions do not work (${join(folder, 'logs/functions.log')}):\n${words}`);
  }
  await callLocal({
    method: 'GET',
    port: ports.functions,
    path: `/${PROJECT}/${REGION}/api/health`,
    timeoutMs: 90_000,
  });
}

async function openMarket(context: Context, record: DeskRecord | undefined) {
  const { plan, programs, guard } = context;
  const standing = standingClock(epochMs(Date.now()), record?.marketAt ?? 0);
  const clock =
    plan.feed.kind === 'file' ? standing : { ...standing, origin: standing.startedAt, speed: 1 };
  const sandbox = await startSandbox(programs, { ...plan, clock });
  guard.add(sandbox.kill);
  const mailbox = await createMailbox({
    port: plan.ports.mailbox,
    apiKey: programs.secrets.SENDGRID_API_KEY,
    file: join(plan.folder, 'logs/mailbox.log'),
  });
  return { sandbox, mailbox };
}

function openFeeder(
  { feed, symbols, ports }: DeskPlan,
  say: (text: string) => void,
): Promise<LiveFeeder> {
  if (feed.kind !== 'live') throw new Error('Invariant: only a live feed is streamed');
  return startLiveFeeder({ venue: feed.venue, symbols, sandboxPort: ports.sandbox, say });
}

async function fillLedger(
  context: Context,
  { store, auth }: ReturnType<typeof connectAdmin>,
  record: DeskRecord | undefined,
): Promise<MarketClock> {
  const { plan } = context;
  const clock = await marketClock(plan.feed, { sandboxPort: plan.ports.sandbox, record });
  const published: ClockDoc = { ...clock, feed: plan.feed.name, dataOrigin: originOf(plan.feed) };
  if (record === undefined) {
    const market = marketOf(plan);
    const markets = await readMarkets(
      plan.ports.sandbox,
      { market, secrets: context.programs.secrets },
      clock.origin,
    );
    const origin = published.dataOrigin;
    await seedDesk({ store, auth }, { market, markets, origin, now: clock.origin });
  }
  await setSandboxClock(plan.ports.sandbox, clock);
  await store.set(paths.clock, clockDoc, published);
  return clock;
}

/** The desk that was left in the plan's folder, if there is one. @throws Fault when it cannot go on as planned. */
function formerDesk(plan: DeskPlan): DeskRecord | undefined {
  const { folder, symbols, feed } = plan;
  const record = readDeskRecord(folder);
  if (record !== undefined)
    assertSameDesk(record, { feed: feed.name, symbols, market: marketOf(plan) });
  return record;
}

/**
 * Builds what is stale and starts a whole desk; continues the one that was left in its folder.
 *
 * @throws Fault with what is wrong and what to do. What was started until then is in `guard`.
 */
export async function startDesk(
  plan: DeskPlan,
  tools: { readonly steps: Steps; readonly guard: Guard; readonly say: (text: string) => void },
): Promise<Desk> {
  const { root, folder, ports } = plan;
  const { steps, guard, say } = tools;
  const record = formerDesk(plan);
  const watch = createLogWatch();
  const programs: ProgramContext = {
    root,
    folder,
    ports,
    secrets: ensureSecrets(root),
    env: plan.env ?? {},
    onLine: openLogs(plan, watch),
    say,
  };
  const context: Context = { plan, programs, steps, guard, watch };
  const stale = staleTargets(root).map(({ name }) => name);
  if (stale.length > 0)
    await steps(`Building ${stale.join(' and ')}`, () => buildStale(root, folder));
  publishDashboard(root, folder, ports);
  const market = await steps('Starting the sandbox exchange and the mailbox', () =>
    openMarket(context, record),
  );
  const feeder =
    plan.feed.kind === 'live'
      ? await steps(`Listening to the trades of ${plan.feed.venue}`, () => openFeeder(plan, say))
      : undefined;
  const emulators = await steps('Starting Auth, Firestore, Functions, Tasks and Hosting', () =>
    startSuite(context, record),
  );
  const admin = connectAdmin(ports);
  const clock = await steps(
    record === undefined ? 'Opening a paper book with three bots' : 'Resuming the former desk',
    () => fillLedger(context, admin, record),
  );
  const worker = plan.withWorker ? superviseWorker(programs, say) : undefined;
  if (worker !== undefined) guard.add(worker.kill);
  const now = (): EpochMs => marketNow(clock, epochMs(Date.now()));
  await steps('Waking the functions and reconciling', () => firstRuns(context, clock));
  const driver = startClockDriver({
    ports,
    functions: SCHEDULED,
    marketNow: now,
    speed: clock.speed,
  });
  const running = { plan, ...market, feeder, emulators, worker, driver, marketNow: now, ...admin };
  return {
    ...running,
    clock,
    resumed: record !== undefined,
    watch,
    stop: (keep) => stopDesk(running, keep),
  };
}

type Running = Pick<Desk, 'plan' | 'mailbox' | 'emulators' | 'worker' | 'driver' | 'marketNow'> & {
  readonly sandbox: Child;
  readonly feeder: LiveFeeder | undefined;
  readonly app: App;
};

/** Clock first, so that nothing new begins; then who trades; then both books are saved together. */
async function stopDesk(running: Running, keep: boolean): Promise<void> {
  const { plan, sandbox, emulators } = running;
  await running.driver.stop();
  await running.worker?.stop();
  await running.feeder?.stop();
  const stopSandbox = (): Promise<void> => sandbox.stop('SIGTERM', 10_000);
  if (keep)
    await saveDesk(
      plan.folder,
      {
        feed: plan.feed.name,
        symbols: [...plan.symbols],
        market: marketOf(plan),
        marketAt: plan.feed.kind === 'file' ? running.marketNow() : null,
        savedAt: Date.now(),
      },
      { exportLedger: emulators.save, stopSandbox },
    );
  else await stopSandbox();
  await deleteApp(running.app);
  await emulators.stop();
  await running.mailbox.close();
}
