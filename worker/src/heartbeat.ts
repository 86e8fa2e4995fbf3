import { logUsage } from '@tradewind/adapters/telemetry/log';
import { heartbeatDoc, type HeartbeatDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { WorkerPorts } from './ports.ts';

const EVERY_MS = 5_000;

/** ISO times of the last trade, by symbol (MD-67). */
export type LastData = Readonly<Record<string, string>>;

/** Writes `heartbeats/worker` and logs what was read and written since the last beat. */
export function createHeartbeat(ports: WorkerPorts, startedAt: EpochMs) {
  const { store, clock, log, version } = ports;
  const told = { reads: 0, writes: 0 };
  let beatAt = -Infinity;
  const beat = async (status: HeartbeatDoc['status'], lastData: LastData): Promise<void> => {
    const known = Object.entries(lastData).map(([symbol, at]) => `${symbol} ${at}`);
    await store.set(paths.heartbeat('worker'), heartbeatDoc, {
      component: 'worker',
      status,
      detail: known.length === 0 ? 'no trade yet' : `last trades: ${known.join(', ')}`,
      startedAt,
      beatAt: clock.wallNow(),
      maxAgeMs: 3 * EVERY_MS,
      version,
    });
    const { reads, writes } = store.usage;
    logUsage(log, { reads: reads - told.reads, writes: writes - told.writes });
    [told.reads, told.writes] = [reads, writes];
  };
  return {
    beat,
    /** True once in five seconds. */
    isDue: (): boolean => {
      const now = clock.wallNow();
      if (now - beatAt < EVERY_MS) return false;
      beatAt = now;
      return true;
    },
  };
}
