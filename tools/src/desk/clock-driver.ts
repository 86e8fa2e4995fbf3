import { callLocal } from '../lib/http.ts';
import type { Ports } from '../lib/ports.ts';
import { PROJECT, REGION } from './emulators.ts';

/** Fires the scheduled functions, which the emulator does not do by itself. */
export type ClockDriver = {
  /** Successful runs of each function so far. */
  readonly runs: () => Readonly<Record<string, number>>;
  /** What failed, newest last; bounded. */
  readonly failures: () => readonly string[];
  /** No more runs; resolves when the last one has ended. */
  readonly stop: () => Promise<void>;
};

export type ClockDriverOptions = {
  readonly ports: Ports;
  readonly functions: readonly string[];
  readonly marketNow: () => number;
  /** Market milliseconds per wall millisecond. */
  readonly speed: number;
  readonly call?: (name: string, scheduledAt: number) => Promise<void>;
};

const MINUTE = 60_000;
const LEAST_WALL_MS = 1_000;
const MAX_FAILURES = 100;

/** Which scheduled function, and the market time that it is scheduled for. */
type Firing = { readonly name: string; readonly at: number; readonly timeoutMs?: number };

/**
 * Runs one scheduled function as Cloud Scheduler would.
 *
 * @throws Error when it fails, or does not answer within `timeoutMs`: the emulator says nothing of one that was killed.
 */
export async function fireSchedule(
  ports: Ports,
  { name, at, timeoutMs = 180_000 }: Firing,
): Promise<void> {
  const reply = await callLocal({
    method: 'POST',
    port: ports.functions,
    // The emulator names a scheduled function's HTTP door after its first region.
    path: `/${PROJECT}/${REGION}/${name}-0`,
    body: {},
    headers: { 'X-CloudScheduler-ScheduleTime': new Date(at).toISOString() },
    timeoutMs,
  });
  if (reply.status >= 300)
    throw new Error(`${name} answered ${reply.status}: ${reply.body.slice(0, 300)}`);
}

/** Wall milliseconds from `marketNow` to the next whole market minute, at least a second's worth later. */
export function untilNextMinute(marketNow: number, speed: number): number {
  const left = (MINUTE - (marketNow % MINUTE)) / speed;
  const period = MINUTE / speed;
  if (period >= LEAST_WALL_MS) return left;
  // Minutes shorter than the least period are skipped: a run covers all bars since the last one.
  const skipped = Math.ceil((LEAST_WALL_MS - left) / period);
  return left + Math.max(0, skipped) * period;
}

/** Starts firing each function at every market minute, never two runs of one function at once. */
export function startClockDriver(options: ClockDriverOptions): ClockDriver {
  const { ports, functions, marketNow, speed } = options;
  const call = options.call ?? ((name, at) => fireSchedule(ports, { name, at }));
  const runs: Record<string, number> = {};
  const failures: string[] = [];
  const running = new Map<string, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;

  const fire = (name: string, scheduledAt: number): void => {
    if (running.has(name)) return;
    const run = call(name, scheduledAt)
      .then(() => {
        runs[name] = (runs[name] ?? 0) + 1;
      })
      .catch((error: unknown) => {
        if (failures.length < MAX_FAILURES)
          failures.push(error instanceof Error ? error.message : String(error));
      })
      .finally(() => running.delete(name));
    running.set(name, run);
  };
  const schedule = (): void => {
    timer = setTimeout(
      () => {
        const minute = Math.floor(marketNow() / MINUTE) * MINUTE;
        for (const name of functions) fire(name, minute);
        schedule();
      },
      untilNextMinute(marketNow(), speed),
    );
  };
  schedule();
  return {
    runs: () => ({ ...runs }),
    failures: () => [...failures],
    stop: async () => {
      clearTimeout(timer);
      await Promise.all(running.values());
    },
  };
}
