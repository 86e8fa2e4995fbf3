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

async function output(command: string, args: readonly string[]): Promise<string> {
  try {
    return (await run(command, [...args], { timeout: 5_000 })).stdout;
  } catch {
    // The tool is not there, or it found nothing: then it is not known.
    return '';
  }
}

/** Command and id of the process that listens on `port`, where the system tells. */
async function portOwner(port: number): Promise<string | undefined> {
  const listed = await output('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fp']);
  const sockets = await output('ss', ['-ltnpH', `sport = :${port}`]);
  const pid = /^p(\d+)$/m.exec(listed)?.[1] ?? /pid=(\d+)/.exec(sockets)?.[1];
  if (pid === undefined) return undefined;
  const command = (await output('ps', ['-o', 'args=', '-p', pid])).trim();
  return `process ${pid}${command === '' ? '' : ` (${command.slice(0, 80)})`}`;
}

/** Ports above 1024 that browsers never open, whatever listens there (Fetch standard, "bad port"). */
const BLOCKED_BY_BROWSERS: ReadonlySet<number> = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669,
  6679, 6697, 10080,
]);

/** One sentence for each port that is taken, naming who has it; empty when all are free. */
export async function busyPorts(ports: Ports): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const name of PORT_NAMES) {
    const port = ports[name];
    if (BLOCKED_BY_BROWSERS.has(port)) faults.push(`browsers refuse port ${port} (${name})`);
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
