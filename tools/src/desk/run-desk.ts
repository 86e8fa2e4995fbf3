import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import color from 'picocolors';
import { describe, Fault } from '../lib/fault.ts';
import { busyPorts, freeOffset, portsAt, type Ports } from '../lib/ports.ts';
import { createGuard, startDesk, type Desk, type DeskPlan, type Guard } from './desk.ts';
import { forgetDesk } from './desk-record.ts';
import type { Feed } from './feed.ts';
import { runHeadless } from './headless.ts';
import { report, welcome } from './screen.ts';
import { showStatus } from './status-line.ts';
import { plainSteps, spinningSteps } from './steps.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** What the command line says. */
export type DeskCommand = {
  readonly feed: Feed;
  readonly symbol?: readonly string[];
  readonly market: 'spot' | 'futures';
  readonly fresh: boolean;
  readonly worker: boolean;
  readonly headless: boolean;
  readonly for?: number;
  readonly json: boolean;
  readonly portOffset?: number;
};

/** Length of a headless run where none is given. */
export const DEFAULT_FOR = 120_000;
const DEFAULT_SYMBOLS = ['BTC-USDT', 'ETH-USDT', 'SOL-USDT'];

/** Paths on the command line are relative to where the person stands. */
function resolveFeed(feed: Feed): Feed {
  if (feed.kind !== 'file') return feed;
  const here = process.env['TRADEWIND_CWD'] ?? process.cwd();
  const path = isAbsolute(feed.path) ? feed.path : resolve(here, feed.path);
  if (!existsSync(path)) throw new Fault(`--feed: there is no file ${path}`);
  return { ...feed, path };
}

async function choosePorts(command: DeskCommand): Promise<Ports> {
  const asked = command.portOffset ?? 0;
  const faults = await busyPorts(portsAt(asked));
  if (faults.length === 0) return portsAt(asked);
  // Nobody needs the usual addresses of a headless run: it makes room for the desk that has them.
  if (command.headless && command.portOffset === undefined) return portsAt(await freeOffset(3_000));
  throw new Fault(
    `The desk can not start:\n${faults.map((fault) => `  - ${fault}`).join('\n')}\n` +
      'End that process (another desk, perhaps), or move all ports: npm start -- --port-offset 3000',
  );
}

/** Each kind of desk has its own folder, so that a replay or a headless run leaves a person's desk alone. */
function folderOf(command: DeskCommand, ports: Ports): string {
  if (command.headless) return join(root, '.tradewind', `headless-${ports.hub}`);
  return join(root, '.tradewind');
}

async function planDesk(command: DeskCommand): Promise<DeskPlan> {
  const feed = resolveFeed(command.feed);
  const ports = await choosePorts(command);
  return {
    root,
    folder: folderOf(command, ports),
    ports,
    feed,
    symbols: command.symbol ?? (feed.kind === 'file' ? ['BTC-USDT'] : DEFAULT_SYMBOLS),
    market: command.market,
    withWorker: command.worker,
  };
}

/** One desk at a time in a folder. @throws Fault naming the process that has it. */
function lockFolder(folder: string): () => void {
  const path = join(folder, 'running.pid');
  const owner = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
  if (owner > 0 && isAlive(owner))
    throw new Fault(`This desk is already running (process ${owner}). Stop that one first.`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, String(process.pid));
  return () => {
    rmSync(path, { force: true });
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

type Tools = {
  readonly say: (text: string) => void;
  readonly guard: Guard;
  /** Aborted by the first Ctrl-C. */
  readonly interrupted: AbortSignal;
};

/** First Ctrl-C: an orderly end. One more: an immediate one. Terminals and npm may repeat a signal. */
function listenForEnd(guard: Guard, say: (text: string) => void): AbortSignal {
  const controller = new AbortController();
  let firstAt = 0;
  const heard = (): void => {
    if (firstAt === 0) {
      firstAt = Date.now();
      controller.abort();
      return;
    }
    if (Date.now() - firstAt < 500) return;
    say('\nStopping at once: the desk is left as it was saved last.');
    guard.killAll();
    process.exit(130);
  };
  // Whatever ends this process, even a fault in it, ends what it started.
  process.on('exit', guard.killAll);
  // A reader that has gone away, such as `head`, is no reason to fall over.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, heard);
  return controller.signal;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done();
    else
      signal.addEventListener('abort', () => {
        done();
      });
  });

async function headless(desk: Desk, command: DeskCommand, tools: Tools): Promise<number> {
  const forMs = command.for ?? DEFAULT_FOR;
  tools.say(`Running for ${forMs / 1000} s`);
  const summary = await runHeadless(desk, { forMs, say: tools.say, signal: tools.interrupted });
  await desk.stop(false);
  if (!command.json) tools.say(report(summary));
  else process.stdout.write(`${JSON.stringify(summary)}\n`);
  return summary.ok ? 0 : 1;
}

async function attended(desk: Desk, _: DeskCommand, tools: Tools): Promise<number> {
  tools.say(welcome(desk));
  const status = showStatus(desk, process.stderr);
  await aborted(tools.interrupted);
  status.stop();
  tools.say('\nStopping (Ctrl-C again stops at once) …');
  await desk.stop(true);
  tools.say(`Stopped. ${color.bold('npm start')} goes on from here.`);
  return 0;
}

/** Runs the desk until it is told to end. Returns the exit code. @throws Fault with words for the person. */
export async function runDesk(command: DeskCommand): Promise<number> {
  const say = (text: string): void => {
    process.stderr.write(`${text}\n`);
  };
  const guard = createGuard();
  const interrupted = listenForEnd(guard, say);
  try {
    const plan = await planDesk(command);
    guard.add(lockFolder(plan.folder));
    // A run without a person leaves nothing behind; what a person collected stays, whatever the desk.
    if (command.headless) rmSync(join(plan.folder, 'archive'), { recursive: true, force: true });
    if ((command.fresh || command.headless) && forgetDesk(plan.folder) && !command.headless)
      say(`Forgot the former desk in ${relative(process.cwd(), plan.folder)}/`);
    const fancy = process.stderr.isTTY && !command.json;
    const steps = fancy ? spinningSteps : plainSteps(process.stderr);
    const desk = await Promise.race([
      startDesk(plan, { steps, guard, say }),
      aborted(interrupted).then(() => undefined),
    ]);
    if (desk === undefined) {
      guard.killAll();
      say('\nStopped before the desk was up.');
      return 130;
    }
    const tools: Tools = { say, guard, interrupted };
    const code = await (command.headless ? headless : attended)(desk, command, tools);
    guard.killAll();
    return code;
  } catch (error) {
    guard.killAll();
    if (!command.json) throw error;
    say(describe(error));
    process.stdout.write(`${JSON.stringify({ ok: false, errors: [describe(error)] })}\n`);
    return 1;
  }
}
