/** Silence of a feed after which it is stale (MD-60), and time it must be fresh to be trusted again (MD-65). */
export const FEED_SILENT_MS = 10_000;
const FRESH_FOR_MS = 10_000;
/** Silence that makes the alert critical (MD-60), and that counts as "everything is dead" (MD-66). */
export const CRITICAL_MS = 60_000;

/** One connection's stream: plain data that survives JSON. Times are of one clock, epoch milliseconds. */
export type FeedState = {
  lastMessageAt: number;
  /** False before the first message ever. */
  heard: boolean;
  /** Since when it is not trusted; `null` while it is. */
  staleSince: number | null;
  /** Since when messages have come again without a break; `null` while the connection is gone. */
  freshSince: number | null;
  /** What was missed meanwhile has been fetched. */
  backfilled: boolean;
};

/**
 * `stale`: silent, strategies on it pause. `recovering`: messages come again, not yet for long enough or with a gap
 * still open. Only `live` is traded on.
 */
export type FeedStatus = 'live' | 'recovering' | 'stale';

export type FeedHealth = {
  readonly status: FeedStatus;
  readonly alert: 'warning' | 'critical' | null;
  /** REST is to be polled instead (MD-62). */
  readonly poll: boolean;
};

/** A feed that connects at `now`; it is live with its first message. */
export const feedInit = (now: number): FeedState => ({
  lastMessageAt: now,
  heard: false,
  staleSince: null,
  freshSince: now,
  backfilled: true,
});

function distrust(state: FeedState, since: number): void {
  state.staleSince ??= since;
  state.backfilled = false;
}

const isSilent = ({ lastMessageAt }: FeedState, now: number): boolean =>
  !(now - lastMessageAt <= FEED_SILENT_MS);

/** Any message of market data came at `at`. */
export function feedMessage(state: FeedState, at: number): void {
  state.heard = true;
  const silent = isSilent(state, at);
  if (silent) distrust(state, state.lastMessageAt + FEED_SILENT_MS);
  if (silent || state.freshSince === null) state.freshSince = at;
  if (at > state.lastMessageAt) state.lastMessageAt = at;
}

/** The connection broke at `at`: the next message begins anew. */
export function feedLost(state: FeedState, at: number): void {
  distrust(state, at);
  state.freshSince = null;
}

/** Everything that was missed has been fetched. */
export function feedBackfilled(state: FeedState): void {
  state.backfilled = true;
}

/** Judges a feed at `now`, changing `state` in place (MD-60, MD-65). */
export function feedJudge(state: FeedState, now: number): FeedHealth {
  const silent = isSilent(state, now);
  if (silent) distrust(state, state.lastMessageAt + FEED_SILENT_MS);
  const { staleSince, freshSince, heard } = state;
  if (staleSince === null)
    return { status: heard ? 'live' : 'recovering', alert: null, poll: false };
  if (silent || freshSince === null) {
    const isCritical = !(now - Math.min(state.lastMessageAt, staleSince) < CRITICAL_MS);
    return { status: 'stale', alert: isCritical ? 'critical' : 'warning', poll: true };
  }
  if (!state.backfilled || !(now - freshSince >= FRESH_FOR_MS))
    return { status: 'recovering', alert: 'warning', poll: true };
  state.staleSince = null;
  return { status: 'live', alert: null, poll: false };
}

/**
 * True when a position is open and no source at all has told its price for a minute (MD-66): only the orders that
 * rest at the venue protect it.
 *
 * @param lastHeardAt The latest time that any source told a price; `undefined` for never.
 */
export const isEverythingDead = (
  lastHeardAt: number | undefined,
  now: number,
  hasPosition: boolean,
): boolean => hasPosition && (lastHeardAt === undefined || !(now - lastHeardAt < CRITICAL_MS));
