import { randomUUID } from 'node:crypto';
import { positionDoc, riskStateDoc } from '@tradewind/contracts/documents/book';
import { intentDoc, orderDoc, type IntentDoc } from '@tradewind/contracts/documents/execution';
import { marketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { exitCauseOf, intentIdOf } from '@tradewind/core/lib/ids';
import type { Price } from '@tradewind/core/lib/units';
import { approveExit } from '@tradewind/core/order/approve-exit';
import type { CloseReason } from '@tradewind/core/order/intent';
import { isTerminal } from '@tradewind/core/order/transitions';
import type { Block } from '@tradewind/core/strategy/blocking';
import type { StoreTx } from '../ledger/store.ts';
import type { Venue } from '../venue/venue.ts';
import { claimEnd, type Claim } from './claim-intent.ts';
import { urgentVenue, type ExecutionPorts } from './ports.ts';
import {
  advanceIntent,
  approvedIntent,
  instrumentOf,
  isStop,
  requireBook,
  submittedOrder,
} from './records.ts';
import { locked } from './release-position.ts';
import { resolveUnknown } from './resolve-unknown.ts';
import { sendOrder, type Sent } from './send-order.ts';

/** A wish to close a position that no signal caused. */
export type ExitWish = {
  readonly bookId: string;
  readonly positionId: string;
  /** The position's market: whoever wants the exit knows it, and nobody has to wait until it is looked up. */
  readonly marketKey: string;
  readonly reason: CloseReason;
  /** Of what is held, above 0 and below 1; left out = all of it. */
  readonly share?: number;
  /** Price that slippage is measured against. */
  readonly price: Price;
  /** Claimed and sent from here at once (EXE-02), or left to the task queue. */
  readonly fast: boolean;
};

/** What became of the wish. */
export type ExitResult =
  /** `sent` is null for what the task queue will send. */
  | { readonly kind: 'requested'; readonly intent: IntentDoc; readonly sent: Sent | null }
  | { readonly kind: 'alreadyClosing'; readonly intentId: string }
  | { readonly kind: 'notOpen' }
  /** Earlier attempts failed; asking again is allowed from `retryAt` (wall time) on. */
  | { readonly kind: 'tooSoon'; readonly retryAt: number }
  | { readonly kind: 'refused'; readonly block: Block };

/**
 * Whether an exit has ended at the venue. What it left has no stop any more: it sold a part only, or its position grew
 * while it was on its way.
 */
export const hasEnded = (result: ExitResult): boolean =>
  result.kind === 'requested' &&
  result.sent?.kind === 'recorded' &&
  isTerminal(result.sent.order.status);

/** Pause after the n-th failed exit of a position, so that every tick does not send another one. */
const backoffMs = (failures: number): number => Math.min(1_000 * 2 ** failures, 60_000);

/** People and emergencies need not wait. */
const IMPATIENT: readonly CloseReason[] = ['manual', 'emergency'];

/**
 * Closes a position. The intent and the position's lock are one transaction, so of any number of
 * wishes at the same time one is granted (PF-43); after an exit has failed, the next wish makes a
 * new intent.
 */
export async function requestExit(ports: ExecutionPorts, wish: ExitWish): Promise<ExitResult> {
  const granted = await grantExit(ports, wish);
  return granted.kind === 'granted' ? sendGranted(ports, granted) : granted;
}

/** Locks a position for its exit, without sending it: nothing else touches the position from now on. */
export async function grantExit(ports: ExecutionPorts, wish: ExitWish): Promise<Granted> {
  const [earlier, venue] = await Promise.all([
    earlierExits(ports, wish),
    // Before the claim: what cannot be sent from here should not be claimed here.
    wish.fast ? venueFor(ports, wish) : null,
  ]);
  const retryAt = retryAfter(earlier);
  if (retryAt > ports.clock.wallNow() && !IMPATIENT.includes(wish.reason))
    return { kind: 'tooSoon', retryAt };
  const attempt = earlier.length;
  const granted = await ports.store.transact((tx) => grant(ports, tx, { wish, attempt, venue }));
  return granted.kind === 'outdated' ? grantExit(ports, wish) : granted;
}

const venueFor = async (ports: ExecutionPorts, { bookId }: ExitWish): Promise<Venue> =>
  urgentVenue(ports, await requireBook(ports.store, bookId));

/** Sends a granted exit. */
export async function sendGranted(
  ports: ExecutionPorts,
  { intent, fast }: Granted & { readonly kind: 'granted' },
): Promise<ExitResult & { readonly kind: 'requested' }> {
  if (fast === null) {
    const { bookId, intentId } = intent;
    await ports.queue.enqueue('executeIntent', { bookId, intentId }, { id: intentId });
    return { kind: 'requested', intent, sent: null };
  }
  const { claim, venue } = fast;
  const first = await sendOrder(ports, venue, claim);
  const sent = first.kind === 'unclear' ? await resolveUnknown(ports, venue, first) : first;
  return { kind: 'requested', intent, sent };
}

async function earlierExits({ store }: ExecutionPorts, { bookId, positionId }: ExitWish) {
  const ofPosition = store.firestore
    .collection(paths.intents(bookId))
    .where('positionId', '==', positionId);
  const intents = await store.query(ofPosition, intentDoc);
  return intents.filter((intent) => !isStop(intent));
}

function retryAfter(earlier: readonly IntentDoc[]): number {
  const failed = earlier.filter(({ status }) => status === 'FAILED');
  const last = Math.max(0, ...failed.map(({ updatedAt }) => updatedAt));
  return failed.length === 0 ? 0 : last + backoffMs(failed.length - 1);
}

/** What became of a wish before anything is sent. */
export type Granted =
  | {
      readonly kind: 'granted';
      readonly intent: IntentDoc;
      /** What it is sent with from here; `null` for what the task queue will send. */
      readonly fast: { readonly claim: Claim; readonly venue: Venue } | null;
    }
  | Exclude<ExitResult, { readonly kind: 'requested' }>;

/** Another exit was made since the earlier ones were counted: its id must not be used again. */
type Outdated = { readonly kind: 'outdated' };

type Attempt = {
  readonly wish: ExitWish;
  /** Exits of the position that were made before. */
  readonly attempt: number;
  /** Where it is sent to from here; `null` leaves it to the task queue. */
  readonly venue: Venue | null;
};

async function grant(
  ports: ExecutionPorts,
  tx: StoreTx,
  { wish, attempt, venue }: Attempt,
): Promise<Granted | Outdated> {
  const { bookId, positionId } = wish;
  const causeId = exitCauseOf(positionId, wish.reason, attempt);
  // All at once: a stop waits for this.
  const [position, risk, market, taken] = await Promise.all([
    tx.get(paths.position(bookId, positionId), positionDoc),
    tx.get(paths.riskState(bookId), riskStateDoc),
    tx.get(paths.market(wish.marketKey), marketDoc),
    tx.get(paths.intent(bookId, intentIdOf(causeId, 'EXIT')), intentDoc),
  ]);
  if (position === undefined || position.status === 'CLOSED') return { kind: 'notOpen' };
  if (position.closeIntentId !== null)
    return { kind: 'alreadyClosing', intentId: position.closeIntentId };
  if (taken !== undefined) return { kind: 'outdated' };
  if (risk === undefined) throw new Error(`Book "${bookId}" has no risk state.`);
  if (market === undefined) throw new Error(`Market "${wish.marketKey}" does not exist.`);

  const exit = approveExit({
    position,
    share: wish.share,
    instrument: instrumentOf(market),
    price: wish.price,
    now: ports.clock.marketNow(),
    reason: wish.reason,
    causeId,
    signalId: null,
    risk,
  });
  if (!exit.ok) return { kind: 'refused', block: exit.error };
  const now = ports.clock.wallNow();
  const approved = approvedIntent(exit.value, { checks: [], createdBy: ports.actor, now });
  tx.set(paths.position(bookId, positionId), positionDoc, locked(position, approved.intentId, now));
  // Whoever gets the lock is the only writer of this attempt's intent and order: both are created.
  const fast = venue === null ? null : { claim: claimed(ports, approved), venue };
  const intent = fast?.claim.intent ?? approved;
  tx.set(paths.intent(bookId, intent.intentId), intentDoc, intent);
  if (fast !== null)
    tx.set(paths.order(bookId, fast.claim.order.orderId), orderDoc, fast.claim.order);
  return { kind: 'granted', intent, fast };
}

/** The exit as its own sender writes it: claimed, with its order SUBMITTED (EXE-02). */
function claimed(ports: ExecutionPorts, approved: IntentDoc): Claim {
  const now = ports.clock.wallNow();
  const holder = `${ports.actor}/${randomUUID()}`;
  const claimedUntil = claimEnd(ports);
  const intent = advanceIntent(approved, ['CLAIMED'], { now, claimedBy: holder, claimedUntil });
  const order = submittedOrder(intent, {
    signalAt: null,
    wallNow: now,
    marketNow: ports.clock.marketNow(),
  });
  return { holder, intent, order };
}
