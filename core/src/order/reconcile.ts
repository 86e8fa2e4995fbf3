import type { EpochMs } from '../lib/time.ts';
import type { Action } from '../strategy/decision.ts';
import type { IntentStatus, OrderType } from './intent.ts';
import type { OrderStatus } from './order.ts';
import { isQueueTimeOver, planDrain } from './order-queue.ts';
import { isWorking } from './transitions.ts';

/** What order sync needs to know of an intent that has not ended. */
export type SyncIntent = {
  readonly intentId: string;
  readonly orderId: string;
  readonly action: Action;
  readonly status: IntentStatus;
  /** Market time. */
  readonly expiresAt: EpochMs | null;
  /** Wall time until which its claim holds. */
  readonly claimedUntil: EpochMs | null;
  /** Its place in the order queue; market time of its first queuing. */
  readonly queued?: { readonly at: EpochMs } | null | undefined;
  /** Wall time of its last change. */
  readonly updatedAt: EpochMs;
};

/** What order sync needs to know of an order that has not ended. */
export type SyncOrder = {
  readonly orderId: string;
  readonly intentId: string;
  readonly type: OrderType;
  readonly status: OrderStatus;
  /** Wall time of its last change; a look-up that found nothing new is none. */
  readonly updatedAt: EpochMs;
};

/** One thing that order sync has to do. */
export type SyncAction =
  /** Ask the venue for it by client order id. */
  | { readonly kind: 'lookup'; readonly orderId: string }
  /** Nobody took it: put it on the task queue again. */
  | { readonly kind: 'enqueueIntent'; readonly intentId: string }
  /** Its sender vanished: intent and order become UNKNOWN; a look-up of the order follows. */
  | { readonly kind: 'markUnknown'; readonly intentId: string; readonly orderId: string }
  /** An entry that came too late and was never claimed. */
  | { readonly kind: 'expireIntent'; readonly intentId: string; readonly orderId: string }
  | { readonly kind: 'alertStuck'; readonly orderId: string; readonly ageMs: number }
  | {
      readonly kind: 'alertUnknown';
      readonly orderId: string;
      readonly severity: 'WARNING' | 'CRITICAL';
      readonly ageMs: number;
    };

/** Wall time after which a signal or an approved intent was evidently lost on its way to whoever takes it up. */
export const LOST_AFTER_MS = 10_000;
/** EXE-48. */
export const STUCK_AFTER_MS = 120_000;
/** EXE-23. */
export const UNKNOWN_WARNING_AFTER_MS = 60_000;
/** EXE-23. */
export const UNKNOWN_CRITICAL_AFTER_MS = 300_000;

type SyncState = {
  readonly intents: readonly SyncIntent[];
  readonly orders: readonly SyncOrder[];
  readonly wallNow: EpochMs;
  readonly marketNow: EpochMs;
  /** Wall milliseconds; left out, `LOST_AFTER_MS`. */
  readonly lostAfterMs?: number;
};

const isLost = (
  { updatedAt }: SyncIntent,
  { wallNow, lostAfterMs = LOST_AFTER_MS }: SyncState,
): boolean => wallNow - updatedAt > lostAfterMs;

/**
 * Plans one pass of order sync (05, section 10): what to look up, repair and report.
 *
 * Ages and claims are wall time, the end of an entry's life is market time. Each order is looked up at
 * most once, and not at all while nobody has claimed it or the process that did may still be sending it.
 */
export function planSync(state: SyncState): readonly SyncAction[] {
  const repairs = [
    ...state.intents.flatMap((intent) => planIntent(intent, state)),
    ...drainQueue(state),
  ];
  const notOut = new Set(
    state.intents
      .filter((intent) => isWaiting(intent) || isBeingSent(intent, state))
      .map(({ orderId }) => orderId),
  );
  const vanished = repairs.flatMap((action) =>
    action.kind === 'markUnknown' ? [action.orderId] : [],
  );
  const orders = state.orders.filter(({ status }) => isWorking(status));
  const lookups = [...vanished, ...orders.map(({ orderId }) => orderId)];
  return [
    ...repairs,
    ...[...new Set(lookups)]
      .filter((orderId) => !notOut.has(orderId))
      .map((orderId) => ({ kind: 'lookup', orderId }) as const),
    ...orders.flatMap((order) => alertOf(order, state.wallNow)),
  ];
}

/** Nobody has claimed it, so nothing of it can be at the venue. */
const isWaiting = ({ status }: SyncIntent): boolean => status === 'APPROVED' || status === 'QUEUED';

/** A claim without an end is one that nobody can prove alive. */
const isBeingSent = (intent: SyncIntent, { wallNow }: SyncState): boolean =>
  intent.status === 'CLAIMED' && intent.claimedUntil !== null && wallNow <= intent.claimedUntil;

function planIntent(intent: SyncIntent, state: SyncState): readonly SyncAction[] {
  const { intentId, orderId, action, expiresAt } = intent;
  if (intent.status === 'CLAIMED')
    return isBeingSent(intent, state) ? [] : [{ kind: 'markUnknown', intentId, orderId }];
  if (!isWaiting(intent)) return [];
  const isEntry = isEntryAction(intent);
  const { queued = null } = intent;
  const isOver =
    queued !== null && isQueueTimeOver({ action, queuedAt: queued.at }, state.marketNow);
  if (isOver || (isEntry && expiresAt !== null && state.marketNow > expiresAt))
    return [{ kind: 'expireIntent', intentId, orderId }];
  if (intent.status === 'QUEUED') return [];
  return isLost(intent, state) ? [{ kind: 'enqueueIntent', intentId }] : [];
}

/** The next batch of the order queue; what was queued a moment ago has a task of its own. */
function drainQueue(state: SyncState): readonly SyncAction[] {
  const { marketNow } = state;
  const waiting = state.intents
    .filter((intent) => intent.status === 'QUEUED' && isLost(intent, state))
    .map((intent) => ({ ...intent, queuedAt: intent.queued?.at ?? marketNow }))
    .filter(
      (intent) =>
        !isQueueTimeOver(intent, marketNow) &&
        !(isEntryAction(intent) && intent.expiresAt !== null && marketNow > intent.expiresAt),
    );
  return planDrain(waiting).map((intentId) => ({ kind: 'enqueueIntent', intentId }));
}

const isEntryAction = ({ action }: Pick<SyncIntent, 'action'>): boolean =>
  action === 'ENTER' || action === 'ADD';

function alertOf(order: SyncOrder, wallNow: EpochMs): readonly SyncAction[] {
  const { orderId, status } = order;
  // A stop rests for as long as its position is open.
  if (order.type === 'STOP' && status === 'ACKNOWLEDGED') return [];
  const ageMs = wallNow - order.updatedAt;
  if (status !== 'UNKNOWN')
    return ageMs > STUCK_AFTER_MS ? [{ kind: 'alertStuck', orderId, ageMs }] : [];
  if (ageMs > UNKNOWN_CRITICAL_AFTER_MS)
    return [{ kind: 'alertUnknown', orderId, severity: 'CRITICAL', ageMs }];
  return ageMs > UNKNOWN_WARNING_AFTER_MS
    ? [{ kind: 'alertUnknown', orderId, severity: 'WARNING', ageMs }]
    : [];
}
