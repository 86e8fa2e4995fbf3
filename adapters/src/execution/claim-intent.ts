import { randomUUID } from 'node:crypto';
import {
  positionDoc,
  riskStateDoc,
  type PositionDoc,
  type RiskStateDoc,
} from '@tradewind/contracts/documents/book';
import {
  intentDoc,
  orderDoc,
  signalDoc,
  type IntentDoc,
  type OrderDoc,
} from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { durationMs, later, type EpochMs } from '@tradewind/core/lib/time';
import { isQueueTimeOver } from '@tradewind/core/order/order-queue';
import type { Qty } from '@tradewind/core/lib/units';
import { isIntentTerminal, isTerminal } from '@tradewind/core/order/transitions';
import type { StoreTx } from '../ledger/store.ts';
import type { ExecutionPorts } from './ports.ts';
import { writeQueued } from './order-queue.ts';
import { advanceIntent, advanceOrder, isEntry, stepsToUnknown, submittedOrder } from './records.ts';
import { unlocked } from './release-position.ts';

/** The exclusive right to send an intent: its holder's name is in the intent's `claimedBy`. */
export type Claim = {
  readonly holder: string;
  readonly intent: IntentDoc;
  readonly order: OrderDoc;
  /** The position that it closes, as it was locked with the claim. */
  readonly position?: PositionDoc;
  /** It may be on its way to the venue already: that a further sending is refused says nothing of the first one. */
  readonly mayBeUnderWay?: true;
};

/** What claiming an intent led to. */
export type ClaimResult =
  /** The order is written as SUBMITTED and may be sent now, once. */
  | { readonly kind: 'send'; readonly claim: Claim }
  /** It may have been sent before: it must be looked up first (EXE-03). */
  | { readonly kind: 'resolve'; readonly claim: Claim }
  /** Another process is sending it; if that one vanishes, its claim ends then (wall time). */
  | { readonly kind: 'held'; readonly until: EpochMs }
  /** May not be sent any more; `reason` says why. */
  | { readonly kind: 'ended'; readonly reason: string }
  /** Execution is switched off; it stays as it is. */
  | { readonly kind: 'waiting' }
  /** Somebody has sent it, or it does not exist. */
  | { readonly kind: 'nothing'; readonly intent?: IntentDoc };

/** What of an intent never changes: where all that a claim depends on can be found at once. */
type Target = Pick<IntentDoc, 'bookId' | 'intentId' | 'orderId' | 'signalId'>;

/**
 * Claims an intent (EXE-03) and, in the same transaction, writes its order as SUBMITTED.
 *
 * The commit depends on `risk/state` as it was read: either the emergency stop came first and the
 * intent ends here, or this order is written before the stop and the stop finds it.
 *
 * @param quantity - what a queued exit is to sell now, instead of what it was written with (EXE-27).
 */
export function claimIntent(
  ports: ExecutionPorts,
  target: Target,
  quantity?: Qty,
): Promise<ClaimResult> {
  const holder = `${ports.actor}/${randomUUID()}`;
  const { bookId, intentId, orderId, signalId } = target;
  return ports.store.transact(async (tx) => {
    const [intent, risk, order, signal] = await Promise.all([
      tx.get(paths.intent(bookId, intentId), intentDoc),
      tx.get(paths.riskState(bookId), riskStateDoc),
      tx.get(paths.order(bookId, orderId), orderDoc),
      signalId === null ? undefined : tx.get(paths.signal(bookId, signalId), signalDoc),
    ]);
    if (intent === undefined) return { kind: 'nothing' };
    if (isIntentTerminal(intent.status)) return { kind: 'nothing', intent };
    switch (intent.status) {
      case 'APPROVED':
      case 'QUEUED':
        return claimUnsent(ports, tx, {
          ...{ intent: sized(intent, quantity), holder, risk, known: order },
          signalAt: signal?.createdAt ?? null,
        });
      case 'CLAIMED':
      case 'UNKNOWN':
        return claimUnclear(ports, tx, { intent, order, holder });
      default:
        return { kind: 'nothing', intent };
    }
  });
}

const sized = (intent: IntentDoc, quantity: Qty | undefined): IntentDoc =>
  quantity === undefined ? intent : { ...intent, quantity };

type Claiming = {
  readonly intent: IntentDoc;
  readonly holder: string;
  readonly risk: RiskStateDoc | undefined;
  /** The order that waited with it. */
  readonly known: OrderDoc | undefined;
  readonly signalAt: EpochMs | null;
};

/** When a claim that is made now ends by itself, should its holder vanish. */
export const claimEnd = ({ clock, settings }: ExecutionPorts): EpochMs =>
  later(clock.wallNow(), durationMs(settings.claimLeaseMs));

async function claimUnsent(
  ports: ExecutionPorts,
  tx: StoreTx,
  { intent, holder, risk, known, signalAt }: Claiming,
): Promise<ClaimResult> {
  const { bookId } = intent;
  const obstacle =
    findObstacle(intent, risk, ports.clock.marketNow()) ?? (await findClosing(tx, intent));
  if (obstacle === 'wait') return { kind: 'waiting' };
  if (obstacle !== null) return endUnsent(ports, tx, { intent, order: known, reason: obstacle });

  const now = ports.clock.wallNow();
  const claimed = advanceIntent(intent, ['CLAIMED'], {
    now,
    claimedBy: holder,
    claimedUntil: claimEnd(ports),
  });
  const order =
    known === undefined
      ? submittedOrder(claimed, {
          signalAt,
          wallNow: now,
          marketNow: ports.clock.marketNow(),
        })
      : {
          ...advanceOrder(known, 'SUBMITTED', {
            now,
            marks: { ...known.marks, claimedAt: now, sentAt: now },
          }),
          quantity: intent.quantity,
        };
  tx.set(paths.intent(bookId, intent.intentId), intentDoc, claimed);
  tx.set(paths.order(bookId, order.orderId), orderDoc, order);
  writeQueued(tx, claimed, { status: 'PROCESSED', now });
  tx.guard(paths.riskState(bookId));
  return { kind: 'send', claim: { holder, intent: claimed, order } };
}

/** Why it may not be sent now; `wait` when that can change by itself. An unreadable state refuses. */
function findObstacle(
  intent: IntentDoc,
  risk: RiskStateDoc | undefined,
  marketNow: EpochMs,
): string | null {
  if (risk === undefined) throw new Error(`Book "${intent.bookId}" has no risk state.`);
  if (!isEntry(intent)) return risk.executionEnabled || risk.emergencyStop ? null : 'wait';
  if (risk.emergencyStop) return 'emergency_stop';
  if (!risk.executionEnabled) return 'execution_disabled';
  const { queued = null, action } = intent;
  if (queued !== null && isQueueTimeOver({ action, queuedAt: queued.at }, marketNow))
    return 'expired in the order queue';
  const isInTime = intent.expiresAt !== null && marketNow <= intent.expiresAt;
  return isInTime ? null : 'expired before it was sent';
}

/** What was to be added to a position that is leaving, or has left, is not bought. */
async function findClosing(tx: StoreTx, intent: IntentDoc): Promise<string | null> {
  const { action, bookId, positionId } = intent;
  if (action !== 'ADD' || positionId === null) return null;
  const position = await tx.get(paths.position(bookId, positionId), positionDoc);
  const isOpen =
    position !== undefined && position.status !== 'CLOSED' && position.closeIntentId === null;
  return isOpen ? null : 'its position is being closed';
}

/** Ends an intent that was never sent, and the order that waited with it. */
export async function endUnsent(
  ports: ExecutionPorts,
  tx: StoreTx,
  ended: {
    readonly intent: IntentDoc;
    readonly order: OrderDoc | undefined;
    readonly reason: string;
  },
): Promise<ClaimResult> {
  const { intent, order, reason } = ended;
  const isCancelled = !reason.includes('expired');
  const now = ports.clock.wallNow();
  const path = intent.positionId === null ? null : paths.position(intent.bookId, intent.positionId);
  const position = path === null ? undefined : await tx.get(path, positionDoc);
  if (order !== undefined && !isTerminal(order.status)) {
    // An order that waits is UNKNOWN to be safe; it is known that it was never sent.
    const marks = { ...order.marks, doneAt: now };
    const gone = advanceOrder(order, 'NOT_SENT', { now, rejectionReason: reason, marks });
    tx.set(paths.order(intent.bookId, order.orderId), orderDoc, gone);
  }
  tx.set(
    paths.intent(intent.bookId, intent.intentId),
    intentDoc,
    advanceIntent(intent, ['EXPIRED'], {
      now,
      claimedBy: null,
      claimedUntil: null,
      failure: reason,
    }),
  );
  writeQueued(tx, intent, { status: isCancelled ? 'CANCELLED' : 'EXPIRED', now });
  if (path !== null && position?.closeIntentId === intent.intentId)
    tx.set(path, positionDoc, unlocked(position, now));
  return { kind: 'ended', reason };
}

function claimUnclear(
  ports: ExecutionPorts,
  tx: StoreTx,
  {
    intent,
    order,
    holder,
  }: Pick<Claiming, 'intent' | 'holder'> & {
    readonly order: OrderDoc | undefined;
  },
): ClaimResult {
  const now = ports.clock.wallNow();
  if (intent.claimedUntil !== null && intent.claimedUntil > now)
    return { kind: 'held', until: intent.claimedUntil };
  if (order === undefined)
    throw new Error(`Invariant: intent ${intent.intentId} was claimed without an order`);
  return { kind: 'resolve', claim: takeUnclear(ports, tx, { intent, order, holder }) };
}

/**
 * Makes what somebody else began to send ours to find out about: intent and order become UNKNOWN, or stay so, since it
 * may be at the venue.
 */
export function takeUnclear(
  ports: ExecutionPorts,
  tx: StoreTx,
  { intent, order, holder }: Claim,
): Claim {
  const now = ports.clock.wallNow();
  const claim = { now, claimedBy: holder, claimedUntil: claimEnd(ports) };
  const claimed = advanceIntent(intent, stepsToUnknown(intent), claim);
  const lost = order.status === 'SUBMITTED' ? advanceOrder(order, 'UNKNOWN', { now }) : order;
  tx.set(paths.intent(intent.bookId, intent.intentId), intentDoc, claimed);
  tx.set(paths.order(intent.bookId, order.orderId), orderDoc, lost);
  return { holder, intent: claimed, order: lost };
}
