import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';

/** Every port of the desk, by what listens there. */
export const DEFAULT_PORTS = {
  auth: 9099,
  functions: 5001,
  firestore: 8080,
  firestoreSocket: 9150,
  hosting: 5000,
  hub: 4400,
  logging: 4500,
  tasks: 9499,
  eventarc: 9299,
  sandbox: 8790,
  mailbox: 8791,
  worker: 8792,
} as const;
export type PortName = keyof typeof DEFAULT_PORTS;
export type Ports = Readonly<Record<PortName, number>>;

const PORT_NAMES: readonly PortName[] = [
  'auth',
  'functions',
  'firestore',
  'firestoreSocket',
  'hosting',
  'hub',
  'logging',
  'tasks',
  'eventarc',
  'sandbox',
  'mailbox',
  'worker',
];

/** All ports moved by `offset`. */
export function portsAt(offset: number): Ports {
  const moved: Record<PortName, number> = { ...DEFAULT_PORTS };
  for (const name of PORT_NAMES) moved[name] += offset;
  return moved;
}

const HOSTS = ['127.0.0.1', '::1'];

function listens(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => {
      resolve('code' in error && error.code === 'EADDRINUSE');
    });
    server.listen({ port, host, exclusive: true }, () => {
      server.close(() => {
        resolve(false);
      });
    });
  });
}

/** True when something listens on `port` of this machine's loopback. */
export async function isBusy(port: number): Promise<boolean> {
  for (const host of HOSTS) if (await listens(port, host)) return true;
  return false;
}

const run = promisify(execFile);

/** Name and id of the process that listens on `port`, where the system tells. */
export async function portOwner(port: number): Promise<string | undefined> {
  try {
    const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], {
      timeout: 5_000,
    });
    const pid = /^p(\d+)$/m.exec(stdout)?.[1];
    const command = /^c(.+)$/m.exec(stdout)?.[1];
    return pid === undefined ? undefined : `${command ?? 'a process'} (process ${pid})`;
  } catch {
    return ssOwner(port);
  }
}

async function ssOwner(port: number): Promise<string | undefined> {
  try {
    const { stdout } = await run('ss', ['-ltnpH', `sport = :${port}`], { timeout: 5_000 });
    const match = /\(\("([^"]+)",pid=(\d+)/.exec(stdout);
    return match === null ? undefined : `${match[1] ?? 'a process'} (process ${match[2] ?? '?'})`;
  } catch {
    return undefined;
  }
}

/** One sentence for each port that is taken, naming who has it; empty when all are free. */
export async function busyPorts(ports: Ports): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const name of PORT_NAMES) {
    const port = ports[name];
    if (!(await isBusy(port))) continue;
    const owner = await portOwner(port);
    faults.push(`port ${port} (${name}) is taken${owner === undefined ? '' : ` by ${owner}`}`);
  }
  return faults;
}

/** The first offset, in steps of 100, at which all ports are free. @throws Error when none is. */
export async function freeOffset(from: number): Promise<number> {
  for (let offset = from; offset < from + 20_000; offset += 100)
    if ((await busyPorts(portsAt(offset))).length === 0) return offset;
  throw new Error('No free range of ports was found for a desk');
}
