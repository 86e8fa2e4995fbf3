import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

/** A program of the desk: its output goes to a log file, and line by line to who asks. */
export type Child = {
  readonly name: string;
  readonly pid: number;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  readonly isRunning: () => boolean;
  /** The last lines that it printed, for error messages. */
  readonly tail: () => string;
  /** Asks it to end with `signal`, and kills it with all it started after `graceMs`. */
  readonly stop: (signal: NodeJS.Signals, graceMs: number) => Promise<void>;
  /** Ends it and all that it started, now. */
  readonly kill: () => void;
};

export type ChildOptions = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
  readonly onLine?: (line: string) => void;
  /** Told how it ended when nobody had asked it to: `exit code 1`, `SIGSEGV`. */
  readonly onCrash?: (how: string) => void;
};

const TAIL_LINES = 25;
const isWindows = process.platform === 'win32';

/** The child leads its own process group, so that Ctrl-C reaches the desk alone, which ends it in order. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals, whole: boolean): void {
  if (child.pid === undefined) return;
  try {
    if (whole && !isWindows) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // It has ended in the meantime: that is what was wanted.
  }
}

/** Starts a program. @throws never: a failure to start shows as an exit. */
export function startChild(options: ChildOptions): Child {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = createWriteStream(options.logFile, { flags: 'a' });
  const tail: string[] = [];
  const child = spawn(options.command, [...options.args], {
    cwd: options.cwd,
    env: options.env,
    detached: !isWindows,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const take = (line: string): void => {
    log.write(`${line}\n`);
    tail.push(line);
    if (tail.length > TAIL_LINES) tail.shift();
    options.onLine?.(line);
  };
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream, crlfDelay: Infinity }).on('line', take);

  let running = true;
  let isAsked = false;
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    const end = (code: number | null, signal: string | null): void => {
      running = false;
      log.end();
      if (!isAsked) options.onCrash?.(signal ?? `exit code ${code ?? '?'}`);
      resolve({ code, signal });
    };
    child.once('error', (error) => {
      take(`could not start ${options.command}: ${error.message}`);
      end(127, null);
    });
    child.once('close', end);
  });
  return {
    name: options.name,
    pid: child.pid ?? -1,
    exited,
    isRunning: () => running,
    tail: () => tail.join('\n'),
    kill: () => {
      isAsked = true;
      signalGroup(child, 'SIGKILL', true);
    },
    stop: async (signal, graceMs) => {
      isAsked = true;
      if (!running) return;
      signalGroup(child, signal, false);
      const timer = setTimeout(() => {
        signalGroup(child, 'SIGKILL', true);
      }, graceMs);
      await exited;
      clearTimeout(timer);
    },
  };
}
