import { clockDoc, type ClockDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { epochMs, marketNow, wallClock, type EpochMs } from '@tradewind/core/lib/time';
import type { Store } from '../ledger/store.ts';

/** All that is asked of the ledger here. */
type Documents = Pick<Store, 'get'>;

/** The two clocks of a process (ARC-29); both move while a request runs. */
export type Clock = {
  /** Governs signatures, deadlines, leases and latency figures. */
  readonly wallNow: () => EpochMs;
  /** Governs bars, ages of market data, cooldowns, day boundaries. */
  readonly marketNow: () => EpochMs;
};

/** The machine's clock. */
export const wallNow = (): EpochMs => epochMs(Date.now());

/** How long a process trusts the clock record that it read. */
const CACHE_MS = 10_000;

/** Clocks of a feed that runs as `record` says; of the wall where there is no record. */
export function clockOf(record: ClockDoc | undefined, wall: () => EpochMs = wallNow): Clock {
  const market = record ?? wallClock;
  return { wallNow: wall, marketNow: () => marketNow(market, wall()) };
}

const known = new WeakMap<
  Documents,
  { readonly readAt: EpochMs; readonly clock: Promise<Clock> }
>();

/**
 * The clocks of this desk, from `config/clock`, which is read at most once in 10 s.
 *
 * @throws MalformedDocument when the record is there but wrong: no guess is made about time.
 */
export function loadClock(store: Documents, wall: () => EpochMs = wallNow): Promise<Clock> {
  const cached = known.get(store);
  const now = wall();
  const age = cached === undefined ? Infinity : now - cached.readAt;
  if (cached !== undefined && age >= 0 && age < CACHE_MS) return cached.clock;
  const clock = store.get(paths.clock, clockDoc).then((record) => clockOf(record, wall));
  known.set(store, { readAt: now, clock });
  clock.catch(() => known.delete(store));
  return clock;
}
