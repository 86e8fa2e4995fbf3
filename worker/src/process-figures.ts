import { constrainedMemory, memoryUsage } from 'node:process';
import { totalmem } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Line } from './line.ts';
import type { WorkerPorts } from './ports.ts';
import type { Session } from './session.ts';

const MB = 1_048_576;
const RESOLUTION_MS = 10;
/** The event loop's lag is of the last minute. */
const WINDOW_MS = 60_000;

const memoryLimit = (): number => {
  const limit = constrainedMemory();
  // Without a limit the system tells one that no machine has.
  return limit > 0 && limit < totalmem() ? limit : totalmem();
};

/** Share of the memory that this process may use, by its own resident set (MD-86). */
export const memoryInUse = (): number => memoryUsage().rss / memoryLimit();

/** Lag of the event loop over the last one to two minutes. */
function watchLoop() {
  let [current, before] = [monitorEventLoopDelay({ resolution: RESOLUTION_MS }), 0];
  current.enable();
  setInterval(() => {
    before = current.percentile(99);
    current.disable();
    current = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    current.enable();
  }, WINDOW_MS).unref();
  return {
    /** What a timer is late by, 99 % of the time, milliseconds: the sampler's own step is not lag. */
    p99Ms: (): number => {
      const delay = Math.max(current.count > 0 ? current.percentile(99) : 0, before) / 1e6;
      return Math.max(0, Math.round((delay - RESOLUTION_MS) * 100) / 100);
    },
  };
}

/** By symbol; a second market of the same symbol goes by its key. */
function ticksOf(lines: readonly Line[]): Readonly<Record<string, object>> {
  const ticks: Record<string, object> = {};
  for (const { market, arrived, receivedId, taken, backfilled, phase } of lines) {
    const name = market.symbol in ticks ? market.marketKey : market.symbol;
    ticks[name] = { count: arrived, lastId: receivedId, taken, backfilled, phase };
  }
  return ticks;
}

/**
 * The figures of `GET /status`: what arrived of each market, how long it took to be analysed, and how the
 * process is (docs/worker.md).
 */
export function createFigures(
  { latency, precise, metrics }: Pick<WorkerPorts, 'latency' | 'precise' | 'metrics'>,
  sessions: () => readonly Session[],
) {
  const loop = watchLoop();
  return () => {
    const { rss, heapUsed } = memoryUsage();
    const running = sessions();
    const lines = running.flatMap((session) => session.lines());
    if (lines.length > 0) metrics.symbolKb(Math.round(heapUsed / 1_024 / lines.length));
    return {
      shards: running.length,
      symbols: lines.length,
      ticksIn: ticksOf(lines),
      socketToAnalyticsMs: latency.read(precise()),
      loopLagP99Ms: loop.p99Ms(),
      rssMb: Math.round(rss / MB),
      heapMb: Math.round(heapUsed / MB),
      queueDepth: running.reduce((sum, session) => sum + session.queueDepth(), 0),
      syncing: running.flatMap((session) => session.status().syncing),
    };
  };
}
