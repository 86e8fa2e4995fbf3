import { batchOf, foldTick, type Batch } from './batch.ts';
import type { Tick } from './tick.ts';

/** Ticks that may wait between their receipt and their processing (MD-70). */
export const CAPACITY = 10_000;
/** Share of it from which ticks are folded together (MD-72). */
const FOLD_FROM = 0.8;
/** Ticks of one such span may be folded into one; it divides a second, so that bars stay exact. */
const FOLD_MS = 100;
/** … and of one such where nothing may be dropped. */
const FOLD_HARD_MS = 1_000;
/** A queue that has been full for so long is a critical alert (MD-73). */
const FULL_ALERT_MS = 5_000;

/** What is handed out, in the order it came. */
export type LaneItem<E> =
  /** Of orders, positions and risk: goes before all ticks and is never dropped (MD-71). */
  | { readonly kind: 'event'; readonly event: E }
  | { readonly kind: 'tick'; readonly marketKey: string; readonly tick: Tick }
  | { readonly kind: 'batch'; readonly marketKey: string; readonly batch: Batch };

type Waiting = (
  { readonly tick: Tick; readonly batch: null } | { readonly tick: null; readonly batch: Batch }
) & {
  /** It holds no copy of an earlier trade, as far as ids tell: others may be folded into it. */
  readonly isNew: boolean;
};

/** What waits of one market, the oldest at `head`. */
type Backlog = {
  waiting: Waiting[];
  head: number;
  /** Turns in `turns` that belong to what was dropped. */
  skip: number;
  /** Largest id so far where ids are numbers: what is larger was never seen. */
  topId: number;
};

/** Ticks that had to go: bars that touch `[from, until)` are incomplete. */
export type Dropped = {
  readonly marketKey: string;
  readonly from: number;
  readonly until: number;
  readonly trades: number;
};

/** A bounded queue of ticks, fair to all markets, beside a lane that nothing is dropped from. Plain data. */
export type Lanes<E> = {
  readonly capacity: number;
  events: E[];
  readonly backlogs: Record<string, Backlog>;
  /** Whose turn it is: one entry for every item, in the order they came. */
  turns: string[];
  turn: number;
  /** Items that wait, events apart. */
  depth: number;
  /** Since when it has been full; `null` while it is not. */
  fullSince: number | null;
  dropped: number;
  folded: number;
};

/** Empty lanes. @param capacity Items, > 0. */
export const lanesInit = <E>(capacity: number = CAPACITY): Lanes<E> => ({
  capacity,
  events: [],
  backlogs: {},
  turns: [],
  turn: 0,
  depth: 0,
  fullSince: null,
  dropped: 0,
  folded: 0,
});

/** Queues an event that must not be lost (MD-71). */
export function lanesEvent<E>(lanes: Lanes<E>, event: E): void {
  lanes.events.push(event);
}

const backlogOf = (lanes: Lanes<unknown>, marketKey: string): Backlog =>
  (lanes.backlogs[marketKey] ??= { waiting: [], head: 0, skip: 0, topId: -1 });

const lengthOf = ({ waiting, head }: Backlog): number => waiting.length - head;

const timeOf = ({ tick, batch }: Waiting): number => tick?.at ?? batch?.sums.openAt ?? 0;

/** A trade that may be a copy of an earlier one waits by itself, so that it can be left out by itself. */
const isNew = ({ topId }: Backlog, id: number | string): boolean =>
  typeof id !== 'number' || id > topId;

const holds = ({ tick, batch }: Waiting, id: number | string): boolean =>
  tick?.id === id || batch?.ids.includes(id) === true;

/** Folds the tick into the newest that waits of its market, if both are of one span. */
function fold(backlog: Backlog, tick: Tick, spanMs: number): boolean {
  const at = backlog.waiting.length - 1;
  const newest = backlog.waiting[at];
  if (newest === undefined || at < backlog.head) return false;
  if (!newest.isNew || !isNew(backlog, tick.id)) return false;
  if (typeof tick.id === 'string' && holds(newest, tick.id)) return false;
  if (Math.floor(timeOf(newest) / spanMs) !== Math.floor(tick.at / spanMs)) return false;
  const batch = newest.batch ?? batchOf(newest.tick);
  foldTick(batch, tick);
  backlog.waiting[at] = { tick: null, batch, isNew: true };
  return true;
}

/** The market with the longest backlog of those that may lose a tick. */
function victimOf(lanes: Lanes<unknown>, hasPosition: (marketKey: string) => boolean) {
  let victim: { readonly marketKey: string; readonly backlog: Backlog } | undefined;
  for (const [marketKey, backlog] of Object.entries(lanes.backlogs)) {
    const longest = victim === undefined ? 0 : lengthOf(victim.backlog);
    if (lengthOf(backlog) > longest && !hasPosition(marketKey)) victim = { marketKey, backlog };
  }
  return victim;
}

function dropFrom(lanes: Lanes<unknown>, marketKey: string, backlog: Backlog): Dropped {
  const oldest = takeFrom(lanes, backlog);
  backlog.skip += 1;
  const { sums } = oldest?.batch ?? {};
  const from = sums?.firstAt ?? oldest?.tick?.at ?? 0;
  const trades = sums?.trades ?? 1;
  lanes.dropped += trades;
  return { marketKey, from, until: (sums?.lastAt ?? from) + 1, trades };
}

function takeFrom(lanes: Lanes<unknown>, backlog: Backlog): Waiting | undefined {
  const oldest = backlog.waiting[backlog.head];
  backlog.head += 1;
  lanes.depth -= 1;
  if (backlog.head === backlog.waiting.length || backlog.head > 1_024) {
    backlog.waiting.splice(0, backlog.head);
    backlog.head = 0;
  }
  return oldest;
}

function push(lanes: Lanes<unknown>, marketKey: string, tick: Tick): void {
  const backlog = backlogOf(lanes, marketKey);
  backlog.waiting.push({ tick, batch: null, isNew: isNew(backlog, tick.id) });
  lanes.turns.push(marketKey);
  lanes.depth += 1;
}

/** A tick that has just come. */
export type Offer = {
  readonly marketKey: string;
  /** Kept: not to be used again by the caller. */
  readonly tick: Tick;
  readonly hasPosition: (marketKey: string) => boolean;
  /** Wall clock. */
  readonly now: number;
};

function make(lanes: Lanes<unknown>, offer: Offer): Dropped | undefined {
  const { marketKey, tick, hasPosition, now } = offer;
  const backlog = backlogOf(lanes, marketKey);
  if (lanes.depth >= FOLD_FROM * lanes.capacity && fold(backlog, tick, FOLD_MS)) {
    lanes.folded += 1;
    return undefined;
  }
  if (lanes.depth < lanes.capacity) {
    push(lanes, marketKey, tick);
    return undefined;
  }
  lanes.fullSince ??= now;
  const victim = victimOf(lanes, hasPosition);
  if (victim !== undefined) {
    const dropped = dropFrom(lanes, victim.marketKey, victim.backlog);
    push(lanes, marketKey, tick);
    return dropped;
  }
  if (!hasPosition(marketKey)) {
    // Everything that waits is of markets with positions: the new tick itself goes.
    lanes.dropped += 1;
    return { marketKey, from: tick.at, until: tick.at + 1, trades: 1 };
  }
  // Beyond the capacity by about one item for each market with a position and second that waits.
  if (fold(backlog, tick, FOLD_HARD_MS)) lanes.folded += 1;
  else push(lanes, marketKey, tick);
  return undefined;
}

/**
 * Queues a tick, changing `lanes` in place. From 80 % on, ticks of one market and 100 ms become one item that builds
 * the same bars (MD-72); at 100 %, the oldest of the longest backlog goes, never one of a market with an open position
 * (MD-73).
 *
 * @returns What was dropped for it: the caller marks those bars incomplete.
 */
export function lanesOffer<E>(lanes: Lanes<E>, offer: Offer): Dropped | undefined {
  const dropped = make(lanes, offer);
  const { id } = offer.tick;
  const backlog = backlogOf(lanes, offer.marketKey);
  if (typeof id === 'number' && id > backlog.topId) backlog.topId = id;
  return dropped;
}

function nextBacklog(lanes: Lanes<unknown>): { marketKey: string; backlog: Backlog } | undefined {
  while (lanes.turn < lanes.turns.length) {
    const marketKey = lanes.turns[lanes.turn] ?? '';
    const backlog = backlogOf(lanes, marketKey);
    lanes.turn += 1;
    if (lanes.turn === lanes.turns.length || lanes.turn > 4_096) {
      lanes.turns.splice(0, lanes.turn);
      lanes.turn = 0;
    }
    if (backlog.skip === 0) return { marketKey, backlog };
    backlog.skip -= 1;
  }
  return undefined;
}

/** The next item: events first, then ticks in the order they came. `undefined` when nothing waits. */
export function lanesTake<E>(lanes: Lanes<E>): LaneItem<E> | undefined {
  if (lanes.events.length > 0) {
    const [event] = lanes.events.splice(0, 1);
    return event === undefined ? undefined : { kind: 'event', event };
  }
  const next = nextBacklog(lanes);
  if (next === undefined) return undefined;
  const { marketKey, backlog } = next;
  const oldest = takeFrom(lanes, backlog);
  if (lanes.depth < FOLD_FROM * lanes.capacity) lanes.fullSince = null;
  if (oldest === undefined) return undefined;
  return oldest.tick === null
    ? { kind: 'batch', marketKey, batch: oldest.batch }
    : { kind: 'tick', marketKey, tick: oldest.tick };
}

/** How full the queue is. `isCritical`: it has been full, without getting below 80 %, for 5 s or longer (MD-73). */
export const lanesPressure = (
  { depth, capacity, fullSince }: Lanes<unknown>,
  now: number,
): { readonly share: number; readonly isCritical: boolean } => ({
  share: depth / capacity,
  isCritical: fullSince !== null && now - fullSince >= FULL_ALERT_MS,
});
