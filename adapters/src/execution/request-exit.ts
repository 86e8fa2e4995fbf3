import { randomUUID } from 'node:crypto';
import { positionDoc, riskStateDoc, type PositionDoc } from '@tradewind/contracts/documents/book';
import { intentDoc, orderDoc, type IntentDoc } from '@tradewind/contracts/documents/execution';
import { marketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { exitCauseOf } from '@tradewind/core/lib/ids';
import type { Price } from '@tradewind/core/lib/units';
import { approveExit } from '@tradewind/core/order/approve-exit';
import type { CloseReason } from '@tradewind/core/order/intent';
import { isTerminal } from '@tradewind/core/order/transitions';
import type { Block } from '@tradewind/core/strategy/blocking';
import type { Query } from 'firebase-admin/firestore';
import { ALREADY_EXISTS, codeOf } from '../ledger/attempt.ts';
import type { Store, StoreTx } from '../ledger/store.ts';
import type { Venue } from '../venue/venue.ts';
import { claimEnd, type Claim } from './claim-intent.ts';
import { urgentVenue, type ExecutionPorts } from './ports.ts';
import {
  advanceIntent,
  approvedIntent,
  instrumentOf,
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

/** Tries of one grant that meet another exit's id. */
const MAX_OVERTAKEN = 5;

/** Locks a position for its exit, without sending it: nothing else touches the position from now on. */
export async function grantExit(ports: ExecutionPorts, wish: ExitWish): Promise<Granted> {
  for (let overtaken = 0; ; overtaken += 1)
    try {
      return await ports.store.transact((tx) => grant(ports, tx, wish));
    } catch (error) {
      // Another exit was made since the earlier ones were counted: its id must not be used again.
      if (codeOf(error) !== ALREADY_EXISTS || overtaken === MAX_OVERTAKEN) throw error;
    }
}

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

/** Exits of a position; its stops, of which a trailing one makes hundreds, are none. */
const exitsOf = ({ firestore }: Store, { bookId, positionId }: ExitWish): Query =>
  firestore
    .collection(paths.intents(bookId))
    .where('positionId', '==', positionId)
    .where('type', 'in', ['MARKET', 'LIMIT']);

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

async function grant(ports: ExecutionPorts, tx: StoreTx, wish: ExitWish): Promise<Granted> {
  const { bookId, positionId } = wish;
  // All at once: a stop waits for this.
  const [position, risk, market, earlier, venue] = await Promise.all([
    tx.get(paths.position(bookId, positionId), positionDoc),
    tx.get(paths.riskState(bookId), riskStateDoc),
    tx.get(paths.market(wish.marketKey), marketDoc),
    tx.query(exitsOf(ports.store, wish), intentDoc),
    // Before the claim: what cannot be sent from here should not be claimed here.
    wish.fast ? requireBook(tx, bookId).then((book) => urgentVenue(ports, book)) : null,
  ]);
  if (position === undefined || position.status === 'CLOSED') return { kind: 'notOpen' };
  if (position.closeIntentId !== null)
    return { kind: 'alreadyClosing', intentId: position.closeIntentId };
  const retryAt = retryAfter(earlier);
  if (retryAt > ports.clock.wallNow() && !IMPATIENT.includes(wish.reason))
    return { kind: 'tooSoon', retryAt };
  if (risk === undefined) throw new Error(`Book "${bookId}" has no risk state.`);
  if (market === undefined) throw new Error(`Market "${wish.marketKey}" does not exist.`);

  const exit = approveExit({
    position,
    share: wish.share,
    instrument: instrumentOf(market),
    price: wish.price,
    now: ports.clock.marketNow(),
    reason: wish.reason,
    causeId: exitCauseOf(positionId, wish.reason, earlier.length),
    signalId: null,
    risk,
  });
  if (!exit.ok) return { kind: 'refused', block: exit.error };
  const now = ports.clock.wallNow();
  const approved = approvedIntent(exit.value, { checks: [], createdBy: ports.actor, now });
  const held = locked(position, approved.intentId, now);
  tx.set(paths.position(bookId, positionId), positionDoc, held);
  const fast = venue === null ? null : { claim: claimed(ports, approved, held), venue };
  const intent = fast?.claim.intent ?? approved;
  tx.create(paths.intent(bookId, intent.intentId), intentDoc, intent);
  if (fast !== null)
    tx.create(paths.order(bookId, fast.claim.order.orderId), orderDoc, fast.claim.order);
  return { kind: 'granted', intent, fast };
}

/** The exit as its own sender writes it: claimed, with its order SUBMITTED (EXE-02). */
function claimed(ports: ExecutionPorts, approved: IntentDoc, position: PositionDoc): Claim {
  const now = ports.clock.wallNow();
  const holder = `${ports.actor}/${randomUUID()}`;
  const claimedUntil = claimEnd(ports);
  const intent = advanceIntent(approved, ['CLAIMED'], { now, claimedBy: holder, claimedUntil });
  const order = submittedOrder(intent, {
    signalAt: null,
    wallNow: now,
    marketNow: ports.clock.marketNow(),
  });
  return { holder, intent, order, position };
}
