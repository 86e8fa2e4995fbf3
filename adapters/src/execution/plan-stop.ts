import { randomUUID } from 'node:crypto';
import { positionDoc, type PositionDoc } from '@tradewind/contracts/documents/book';
import { intentDoc, orderDoc, type OrderDoc } from '@tradewind/contracts/documents/execution';
import { marketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import type { Price } from '@tradewind/core/lib/units';
import { approveStop } from '@tradewind/core/order/approve-stop';
import { canMoveOrder, isTerminal } from '@tradewind/core/order/transitions';
import { EXTERNAL } from '@tradewind/core/portfolio/external';
import { onPrice } from '@tradewind/core/portfolio/protection';
import {
  decideStop,
  type RestingStop,
  type StopAction,
  type VenueStop,
} from '@tradewind/core/portfolio/venue-stop';
import type { StoreTx } from '../ledger/store.ts';
import { claimEnd, takeUnclear, type Claim } from './claim-intent.ts';
import type { ExecutionPorts } from './ports.ts';
import {
  advanceIntent,
  advanceOrder,
  approvedIntent,
  instrumentOf,
  submittedOrder,
} from './records.ts';
import { readAtr } from './stop-distance.ts';

/** Which position is to be protected. */
export type StopWish = {
  readonly bookId: string;
  readonly positionId: string;
  /** Most favourable price seen, where that is news to the ledger. */
  readonly highest?: Price;
  /** ATR(15m) in quote per base, where it is known. */
  readonly atr?: Price;
};

/** The next step towards the stop that a position needs; whatever it names is written. */
export type StopStep =
  | { readonly kind: 'nothing' }
  /** Somebody else is placing it right now. */
  | { readonly kind: 'busy' }
  /** Ours to send, once. */
  | { readonly kind: 'send'; readonly claim: Claim }
  /** It may be at the venue: ours to find out, and to send again if it is wanted still and not there. */
  | { readonly kind: 'settle'; readonly claim: Claim; readonly wanted: boolean }
  | { readonly kind: 'cancel'; readonly order: OrderDoc }
  | { readonly kind: 'close'; readonly position: PositionDoc };

/** Wall time that whoever wrote a stop is given to hear of it, before another one looks after it. */
const GRACE_MS = 3_000;

/**
 * Decides the next step for the stop of a position and writes it, in one transaction: of any number of processes
 * that see the need, one acts. A stop is intent, order and a note in its position, all written before it is sent.
 */
export async function planStop(
  ports: ExecutionPorts,
  tx: StoreTx,
  wish: StopWish,
): Promise<StopStep> {
  const { bookId, positionId } = wish;
  const position = await tx.get(paths.position(bookId, positionId), positionDoc);
  // What somebody else opened keeps the protection that it has (D1, PF-49).
  if (position === undefined || position.strategyId === EXTERNAL) return { kind: 'nothing' };
  const market = await tx.get(paths.market(position.marketKey), marketDoc);
  if (market === undefined) throw new Error(`Market "${position.marketKey}" does not exist.`);
  const stopId = position.stop.venueStopOrderId;
  const order = stopId === null ? undefined : await tx.get(paths.order(bookId, stopId), orderDoc);
  const instrument = instrumentOf(market);
  const isTrailing = position.protection.trailingStopPct !== null;
  const atr =
    wish.atr ??
    (isTrailing ? await readAtr(tx, position.marketKey, ports.clock.marketNow()) : null);
  const decide = (resting: RestingStop | null): StopAction =>
    decideStop({ position: seen(position, wish), instrument, resting, atr });

  if (order === undefined || isTerminal(order.status)) {
    const action = decide(null);
    if (action.kind === 'close') return { kind: 'close', position };
    return action.kind === 'place'
      ? writeStop(ports, tx, { position, stop: action.stop, instrument })
      : { kind: 'nothing' };
  }
  const { stopPrice } = order;
  if (stopPrice === null) throw new Error(`Invariant: stop ${order.orderId} has a price`);
  const action = decide({ stopPrice, quantity: order.quantity, filled: order.filledQuantity });
  // Beside an exit that is under way it would sell the position once more, or what another one holds.
  const wanted = action.kind === 'nothing' && position.closeIntentId === null;
  if (order.status === 'SUBMITTED' || order.status === 'UNKNOWN')
    return takeOver(ports, tx, { order, wanted });
  if (action.kind === 'nothing' && order.status !== 'CANCELLING') return { kind: 'nothing' };
  if (canMoveOrder(order.status, 'CANCELLING')) {
    const marked = advanceOrder(order, 'CANCELLING', { now: ports.clock.wallNow() });
    tx.set(paths.order(bookId, order.orderId), orderDoc, marked);
  }
  return { kind: 'cancel', order };
}

/** The position with the best price that anybody has seen. */
const seen = (position: PositionDoc, { highest }: StopWish): PositionDoc =>
  highest === undefined
    ? position
    : { ...position, protection: onPrice(position.protection, position.side, highest).protection };

function writeStop(
  ports: ExecutionPorts,
  tx: StoreTx,
  {
    position,
    stop,
    instrument,
  }: {
    readonly position: PositionDoc;
    readonly stop: VenueStop;
    readonly instrument: Parameters<typeof approveStop>[0]['instrument'];
  },
): StopStep {
  const { bookId, positionId } = position;
  const generation = position.stop.generation + 1;
  const marketNow = ports.clock.marketNow();
  const verdict = approveStop({ position, instrument, stop, generation, now: marketNow });
  if (!verdict.approved)
    throw new Error(`Invariant: a stop that is needed is approved: ${verdict.reasons[0].detail}`);
  const now = ports.clock.wallNow();
  const holder = `${ports.actor}/${randomUUID()}`;
  const approved = approvedIntent(verdict.item, {
    checks: verdict.checks,
    createdBy: ports.actor,
    now,
  });
  const intent = advanceIntent(approved, ['CLAIMED'], {
    now,
    claimedBy: holder,
    claimedUntil: claimEnd(ports),
  });
  const order = submittedOrder(intent, { signalAt: null, wallNow: now, marketNow });
  tx.set(paths.intent(bookId, intent.intentId), intentDoc, intent);
  tx.set(paths.order(bookId, order.orderId), orderDoc, order);
  tx.set(paths.position(bookId, positionId), positionDoc, {
    ...position,
    stop: {
      venueStopOrderId: order.orderId,
      stopPrice: stop.stopPrice,
      quantity: stop.quantity,
      generation,
    },
    updatedAt: now,
    version: position.version + 1,
  });
  return { kind: 'send', claim: { holder, intent, order } };
}

/**
 * Takes over a stop whose sender has not said what became of it, without waiting for its claim to end: a position
 * is unprotected meanwhile, and a stop under its old id can be sent twice without harm. The venue knows the id, and
 * it can only sell what is held.
 */
async function takeOver(
  ports: ExecutionPorts,
  tx: StoreTx,
  { order, wanted }: { readonly order: OrderDoc; readonly wanted: boolean },
): Promise<StopStep> {
  const now = ports.clock.wallNow();
  const { bookId } = order;
  const intent = await tx.get(paths.intent(bookId, order.intentId), intentDoc);
  if (intent === undefined) throw new Error(`Invariant: order ${order.orderId} has an intent`);
  const isYoung = now - order.updatedAt < GRACE_MS;
  // One that is not wanted is in no hurry: who is finding out about it would be interrupted again and again.
  const isHeld = intent.claimedUntil !== null && intent.claimedUntil > now;
  if (intent.claimedBy !== null && (isYoung || (isHeld && !wanted))) return { kind: 'busy' };
  // An intent that has ended although its order has not is looked after by order sync.
  if (intent.status !== 'CLAIMED' && intent.status !== 'UNKNOWN') return { kind: 'busy' };
  const holder = `${ports.actor}/${randomUUID()}`;
  return { kind: 'settle', claim: takeUnclear(ports, tx, { intent, order, holder }), wanted };
}
