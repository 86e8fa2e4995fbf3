import { readdirSync, readFileSync } from 'node:fs';
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

/** What is killed: never the emulators themselves. */
const COMMANDS = { functions: 'functionsEmulatorRuntime', worker: 'worker/src/main.ts' } as const;
export type Victim = keyof typeof COMMANDS;

/** Kills the desk's processes of one kind, at once and without a word; how many there were. */
export function killAll({ firestore }: Ports, victim: Victim): number {
  const ours = `FIRESTORE_EMULATOR_HOST=127.0.0.1:${firestore}`;
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/cmdline`).includes(COMMANDS[victim]))
    .filter((pid) => read(`/proc/${pid}/environ`).split('\0').includes(ours))
    .map(Number);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  return pids.length;
}
