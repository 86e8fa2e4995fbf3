import { withLease, type HeldLease } from '@tradewind/adapters/ledger/lease';
import { createUsageReport } from '@tradewind/adapters/telemetry/report-usage';
import { leaseDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';
import { pause } from './feed-loop.ts';
import { keepLease } from './keep-lease.ts';
import type { WorkerPorts } from './ports.ts';
import { startSession, type Session, type SessionStatus } from './session.ts';
import { mayTake, shardName } from './shards.ts';

const TICK_MS = 1_000;
const RESTART_PAUSE_MS = 1_000;

export type ShardStatus =
  | { readonly shard: string; readonly role: 'standby' }
  | ({ readonly shard: string; readonly role: 'active' } & SessionStatus);

/** `active` while it acts for any shard. */
export type WorkerStatus = {
  readonly role: 'active' | 'standby';
  readonly shards: readonly ShardStatus[];
};

/** A running worker, to be asked how it is. */
export type Worker = {
  readonly status: () => WorkerStatus;
  /** Of the shards that it acts for. */
  readonly sessions: () => readonly Session[];
  readonly done: Promise<void>;
};

type Acting = {
  readonly shard: number;
  readonly shutdown: AbortSignal;
  /** `undefined` as soon as it acts no more. */
  readonly onSession: (session: Session | undefined) => void;
};

/** Acts as the holder of the lease, until told to end, or until the lease or the ledger is lost. */
async function act(ports: WorkerPorts, lease: HeldLease, acting: Acting): Promise<void> {
  const lost = new AbortController();
  const lose = (why: string): void => {
    if (lost.signal.aborted) return;
    ports.log.error('the worker stops acting', { shard: shardName(acting.shard), why });
    lost.abort(why);
  };
  const ending = AbortSignal.any([acting.shutdown, lost.signal]);
  const keeping = keepLease(ports, lease, { signal: ending, onLost: lose });
  let ticking: NodeJS.Timeout | undefined;
  try {
    const onBroken = (error: Error): void => {
      lose(`Firestore ended a listener: ${error.message}`);
    };
    const session = await startSession(ports, { shard: acting.shard, ending, onBroken });
    acting.onSession(session);
    lost.signal.addEventListener('abort', () => {
      acting.onSession(undefined);
      session.abandon();
    });
    if (lost.signal.aborted) session.abandon();
    ticking = setInterval(session.tick, TICK_MS);
    session.tick();
    await session.done;
    clearInterval(ticking);
    if (!lost.signal.aborted) await session.finish();
  } finally {
    clearInterval(ticking);
    lost.abort('over');
    await keeping;
  }
}

/** A shard as this process sees it. */
type Place = {
  readonly ports: WorkerPorts;
  readonly shard: number;
  readonly name: string;
  readonly shutdown: AbortSignal;
  /** Shards that this process holds or asks for. */
  readonly held: Set<number>;
  session: Session | undefined;
  isWaiting: boolean;
  freeSince: EpochMs | null;
};

function tell(place: Place, isHeld: boolean): void {
  if (!isHeld && !place.isWaiting)
    place.ports.log.info('another worker is active; this one waits', { shard: place.name });
  place.isWaiting = !isHeld;
}

/**
 * Milliseconds until a shard beyond our share may be taken; 0 when it may be now. It has to stay free for a
 * while: others may be on their way to it.
 */
async function timeUntilFree(place: Place): Promise<number> {
  const { store, clock, workerLeaseMs, shards } = place.ports;
  const now = clock.wallNow();
  const lease = await store.get(paths.lease(place.name), leaseDoc);
  if (lease !== undefined && lease.expiresAt > now) {
    place.freeSince = null;
    tell(place, false);
    return Math.min(lease.expiresAt - now + 50, workerLeaseMs);
  }
  place.freeSince ??= now;
  const share = { held: place.held.size, share: shards.share, leaseMs: workerLeaseMs };
  return mayTake(share, place.freeSince, now) ? 0 : workerLeaseMs / 3;
}

/** Asks for the lease, and acts while it is held. Returns until when another holds it, if so. */
async function holdLease(place: Place): Promise<EpochMs | null> {
  const { ports, shard, name, shutdown } = place;
  const { store, clock, log, actor, workerLeaseMs } = ports;
  place.held.add(shard);
  try {
    const request = { name, owner: actor, ms: workerLeaseMs, clock };
    const result = await withLease(store, request, async (lease) => {
      log.info('the worker is active', { shard: name, term: lease.token });
      tell(place, true);
      const onSession = (told: Session | undefined): void => void (place.session = told);
      await act(ports, lease, { shard, shutdown, onSession });
    });
    return result.held ? null : result.until;
  } finally {
    place.held.delete(shard);
    place.session = undefined;
    place.freeSince = null;
  }
}

/** Waits for the shard's lease, acts while it holds it, and waits again. */
async function runShard(place: Place): Promise<void> {
  const { ports, name, shutdown } = place;
  const { clock, log, workerLeaseMs } = ports;
  while (!shutdown.aborted)
    try {
      // Nothing may come between this look and `holdLease`, which counts the shard: two shards that look at
      // once must not both be within the share.
      if (place.held.size >= ports.shards.share) {
        const waitMs = await timeUntilFree(place);
        if (waitMs > 0) await pause(waitMs, shutdown);
        if (waitMs > 0 || place.held.size < ports.shards.share) continue;
      }
      const until = await holdLease(place);
      if (until === null) continue;
      tell(place, false);
      const left = until - clock.wallNow() + 50;
      await pause(Math.max(100, Math.min(left, workerLeaseMs / 3)), shutdown);
    } catch (error) {
      log.error('the worker failed and starts again', { shard: name, error });
      await pause(RESTART_PAUSE_MS, shutdown);
    }
}

const statusOf = ({ name, session }: Place): ShardStatus =>
  session === undefined
    ? { shard: name, role: 'standby' }
    : { shard: name, role: 'active', ...session.status() };

/** How often what was read and written is logged; `usage/{day}` gets it every five minutes. */
const USAGE_EVERY_MS = 5_000;

/** Tells what this process costs until `done`, and the rest then. */
async function tellUsage(
  { store, clock, log }: WorkerPorts,
  done: Promise<unknown>,
): Promise<void> {
  const usage = createUsageReport({ store, clock, log, component: 'worker' });
  const timer = setInterval(() => void usage.report(), USAGE_EVERY_MS);
  await done;
  clearInterval(timer);
  await usage.close();
}

/**
 * Runs until `shutdown` aborts: waits for the leases of shards, acts for those that it holds, and waits
 * again when it lost one (ARC-03). A standby publishes nothing (MD-27).
 */
export function runWorker(ports: WorkerPorts, shutdown: AbortSignal): Worker {
  const held = new Set<number>();
  const places = Array.from({ length: ports.shards.count }, (_, shard): Place => {
    const own = { session: undefined, isWaiting: false, freeSince: null };
    return { ports, shard, name: shardName(shard), shutdown, held, ...own };
  });
  return {
    status: () => {
      const told = places.map(statusOf);
      const isActive = told.some(({ role }) => role === 'active');
      return { role: isActive ? 'active' : 'standby', shards: told };
    },
    sessions: () => places.map(({ session }) => session).filter((each) => each !== undefined),
    done: tellUsage(ports, Promise.all(places.map(runShard))),
  };
}
