import {
  heartbeatDoc,
  type FeedRecord,
  type HeartbeatDoc,
} from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { WorkerPorts } from './ports.ts';

const EVERY_MS = 5_000;

/** What a beat tells of its shard. */
export type Pulse = {
  readonly feeds: readonly FeedRecord[];
  readonly detail: string;
};

/** The gravest of all feeds: a shard is as well as its worst connection. */
export function statusOf(feeds: readonly FeedRecord[]): HeartbeatDoc['status'] {
  const has = (...states: readonly FeedRecord['state'][]): boolean =>
    feeds.some(({ state }) => states.includes(state));
  if (has('RECONNECTING', 'FAILED')) return 'RECONNECTING';
  if (has('STALE')) return 'STALE';
  if (has('CONNECTING', 'SUBSCRIBING')) return 'STARTING';
  return has('LIVE') ? 'LIVE' : 'STARTING';
}

/** Writes `heartbeats/worker-N` (MD-67). */
export function createHeartbeat(ports: WorkerPorts, shard: string, startedAt: EpochMs) {
  const { store, clock, version } = ports;
  let beatAt = -Infinity;
  const beat = async (pulse: Pulse, stopped?: 'STOPPED'): Promise<void> => {
    await store.set(paths.heartbeat(shard), heartbeatDoc, {
      component: shard,
      status: stopped ?? statusOf(pulse.feeds),
      detail: pulse.detail,
      startedAt,
      beatAt: clock.wallNow(),
      maxAgeMs: 3 * EVERY_MS,
      version,
      feeds: pulse.feeds.slice(0, 20),
    });
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
