import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Ports } from '../../lib/ports.ts';

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It ended while it was looked at, or it is another user's.
    return '';
  }
};

/** Processes can be told apart, and so be killed, where there is a /proc. */
export const canKill = process.platform === 'linux';

const RUNTIME = 'functionsEmulatorRuntime';
const instancesOf = (name: string) => ({
  command: RUNTIME,
  variables: [`FUNCTION_TARGET=${name}`],
});

/** What is killed: the instances of one function, those of all at once, or the worker; never the emulators themselves. */
const VICTIMS = {
  decideSignals: instancesOf('decideSignals'),
  executeIntent: instancesOf('executeIntent'),
  syncOrders: instancesOf('syncOrders'),
  functions: { command: RUNTIME, variables: [] },
  worker: { command: 'worker/src/main.ts', variables: [] },
} as const;
export type Victim = keyof typeof VICTIMS;

/** One that does not listen yet holds nothing of ours, and the emulator would wait for it half a minute. */
const listens = (environment: readonly string[]): boolean => {
  const socket = environment.find((variable) => variable.startsWith('PORT=/'));
  return socket === undefined || existsSync(socket.slice('PORT='.length));
};

/** Kills the desk's processes of one kind, at once and without a word; how many there were. */
export function killAll({ firestore }: Ports, victim: Victim): number {
  const { command, variables } = VICTIMS[victim];
  const wanted = [`FIRESTORE_EMULATOR_HOST=127.0.0.1:${firestore}`, ...variables];
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/cmdline`).includes(command))
    .filter((pid) => {
      const environment = read(`/proc/${pid}/environ`).split('\0');
      return wanted.every((variable) => environment.includes(variable)) && listens(environment);
    })
    .map(Number);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  return pids.length;
}
