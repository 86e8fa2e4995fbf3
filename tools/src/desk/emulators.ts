import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import { startChild, type Child } from '../lib/child.ts';
import { Fault } from '../lib/fault.ts';
import { callJson } from '../lib/http.ts';
import type { Ports } from '../lib/ports.ts';
import { waitFor } from '../lib/wait.ts';
import { EMULATORS, writeDeskConfig } from './firebase-config.ts';
import type { FirestoreEmulator } from './firestore-emulator.ts';

export const PROJECT = 'demo-tradewind';
export const REGION = 'us-central1';

/** The option of Node that lets a program of the desk keep its compiled code, and new runtimes of functions start sooner. */
export const quickStart = (root: string): string =>
  `--import=${pathToFileURL(join(root, 'tools/src/desk/quick-start.mjs')).href}`;

export type Emulators = {
  /** Ends everything at once, saving nothing. */
  readonly kill: () => void;
  /** Stops triggers, then writes all of Auth and Firestore to `path`. */
  readonly save: (path: string) => Promise<void>;
  readonly stop: () => Promise<void>;
};

export type EmulatorOptions = {
  readonly root: string;
  /** The desk's folder. */
  readonly folder: string;
  /** Data that a former desk saved, to go on with. */
  readonly saved?: string;
  readonly ports: Ports;
  readonly firestore: FirestoreEmulator;
  /** Given to the functions. */
  readonly env: Readonly<Record<string, string>>;
  /** A subset for tests that need no functions. */
  readonly only?: readonly (typeof EMULATORS)[number][];
  readonly onLine?: (line: string) => void;
  readonly onCrash?: (how: string, logFile: string) => void;
  /** Told how to end it at once, as soon as it runs. */
  readonly onSpawn?: (kill: () => void) => void;
};

/** The settings of firebase-tools, told that it has already asked home for news: nothing leaves the machine. */
function quietSettings(folder: string): string {
  const path = join(folder, 'cli');
  mkdirSync(join(path, 'configstore'), { recursive: true });
  const settings = { motd: { fetched: Date.now() }, usage: false };
  writeFileSync(join(path, 'configstore/firebase-tools.json'), JSON.stringify(settings));
  return path;
}

const MANUAL = `Give the desk an emulator by hand: download cloud-firestore-emulator (a jar) on any machine,
and set FIRESTORE_EMULATOR_BINARY_PATH to it; or install the Google Cloud CLI with its component:
  gcloud components install cloud-firestore-emulator   (Debian: apt-get install google-cloud-cli-firestore-emulator)`;

function explainFailure(child: Child, firestore: FirestoreEmulator, logFile: string): Fault {
  const tail = child.tail();
  const words = /download|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|storage\.googleapis/i.test(tail);
  const cause =
    firestore.kind === 'download' && words
      ? `The Firestore emulator is not on this machine and could not be downloaded.\n${MANUAL}`
      : 'The Firebase emulators did not start.';
  return new Fault(`${cause}\nTheir last words (all of them in ${logFile}):\n\n${tail}`);
}

function emulatorEnvironment(options: EmulatorOptions, temporary: string) {
  const { firestore, folder, root } = options;
  return {
    ...process.env,
    ...options.env,
    // Its own folder for sockets and the hub's address: two desks of one project stay apart.
    TMPDIR: temporary,
    XDG_CONFIG_HOME: quietSettings(folder),
    NO_UPDATE_NOTIFIER: '1',
    CI: 'true',
    GOOGLE_APPLICATION_CREDENTIALS: undefined,
    NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} ${quickStart(root)}`,
    JAVA_TOOL_OPTIONS: process.env['JAVA_TOOL_OPTIONS'] ?? '-Xmx1g',
    ...(firestore.kind === 'gcloud' || firestore.kind === 'given'
      ? { FIRESTORE_EMULATOR_BINARY_PATH: firestore.path }
      : {}),
  };
}

/** Starts the emulator suite, with the data that a former desk saved. @throws Fault with its last words. */
export async function startEmulators(options: EmulatorOptions): Promise<Emulators> {
  const { root, folder, ports } = options;
  const logFile = join(folder, 'logs/emulators.log');
  const temporary = mkdtempSync(join(tmpdir(), 'tw-'));
  const config = writeDeskConfig(root, folder, ports);
  const only = options.only ?? EMULATORS;
  let isUp = false;
  const child = startChild({
    name: 'emulators',
    command: process.execPath,
    args: [
      join(root, 'node_modules/firebase-tools/lib/bin/firebase.js'),
      'emulators:start',
      '--config',
      config.path,
      '--project',
      PROJECT,
      '--only',
      only.join(','),
      '--log-verbosity',
      'INFO',
      ...(options.saved === undefined ? [] : ['--import', options.saved]),
    ],
    cwd: folder,
    env: emulatorEnvironment(options, temporary),
    logFile,
    ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
    onCrash: (how) => {
      if (isUp) options.onCrash?.(how, logFile);
    },
  });
  const pids = new Set<number>();
  const kill = (): void => {
    child.kill();
    for (const pid of pids) killProcess(pid);
    config.remove();
    rmSync(temporary, { recursive: true, force: true });
  };
  options.onSpawn?.(kill);
  const ready = waitFor('the emulators', () => readyOrGone({ child, ports, only, pids }), {
    timeoutMs: options.firestore.kind === 'download' ? 600_000 : 180_000,
    everyMs: 200,
  });
  const outcome = await ready.catch(() => 'gone' as const);
  if (outcome === 'gone') {
    kill();
    throw explainFailure(child, options.firestore, logFile);
  }
  isUp = true;
  return {
    kill,
    save: (path) => save(ports, path),
    stop: async () => {
      await child.stop('SIGINT', 20_000);
      kill();
    },
  };
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

const running = z.record(z.string(), z.looseObject({ pid: z.number().optional() }));

/**
 * Asks the hub who runs. It answers before the functions are loaded; the suite prints when all is
 * up. Emulators in Java lead process groups of their own, so their ids are kept to end them.
 */
async function readyOrGone(suite: {
  readonly child: Child;
  readonly ports: Ports;
  readonly only: readonly string[];
  readonly pids: Set<number>;
}): Promise<'ready' | 'gone' | undefined> {
  const { child, ports, only, pids } = suite;
  if (!child.isRunning()) return 'gone';
  const answer = await callJson({ method: 'GET', port: ports.hub, path: '/emulators' }).catch(
    () => undefined,
  );
  const listed = running.safeParse(answer);
  if (!listed.success) return undefined;
  for (const { pid } of Object.values(listed.data)) if (pid !== undefined) pids.add(pid);
  if (!only.every((name) => name in listed.data)) return undefined;
  return /All emulators ready/.test(child.tail()) ? 'ready' : undefined;
}

async function save(ports: Ports, path: string): Promise<void> {
  const disable = '/functions/disableBackgroundTriggers';
  await callJson({ method: 'PUT', port: ports.hub, path: disable }).catch(() => undefined);
  await callJson({
    method: 'POST',
    port: ports.hub,
    path: '/_admin/export',
    body: { path, initiatedBy: 'tradewind desk' },
    timeoutMs: 60_000,
  });
}
