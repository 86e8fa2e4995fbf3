import { positionDoc, type PositionDoc } from '@tradewind/contracts/documents/book';
import type { OrderDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import { durationMs, later, seconds, type EpochMs } from '@tradewind/core/lib/time';
import { isWorking } from '@tradewind/core/order/transitions';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { Venue } from '../venue/venue.ts';
import { cancelAtVenue, type Cancelled } from './cancel-at-venue.ts';
import type { Claim } from './claim-intent.ts';
import { lastPrice } from './last-price.ts';
import { planStop, type StopStep, type StopWish } from './plan-stop.ts';
import { sleep, urgentVenue, type ExecutionPorts } from './ports.ts';
import { recordReport } from './record-report.ts';
import { requireBook } from './records.ts';
import { hasEnded, requestExit } from './request-exit.ts';
import { sendOrder } from './send-order.ts';
import { leaveUnclear, resubmit } from './settle-claim.ts';

/** What a look after a position's stop at its venue came to. */
export type Protected =
  /** Its venue holds no stops. */
  | 'unsupported'
  /** It rests as it should, or none is due. */
  | 'nothing'
  | 'placed'
  /** It rested, and is gone as it should be. */
  | 'removed'
  /** Somebody else is at it; look again. */
  | 'busy'
  /** It could not be taken away; look again. */
  | 'stuck'
  /** The venue would not hold one in time: the position is being closed. */
  | 'closing';

/** No position is without a stop for longer (PF-49, EXE-T18). */
const WITHIN = seconds(5);
/** Look-ups of a stop whose fate is unclear, wall milliseconds after it was sent, or its cancellation was. */
const LOOKUPS_MS = [300, 700, 1_500, 3_000] as const;
/** Take away, find out, place, and once more in case the position changed meanwhile. */
const MAX_STEPS = 6;

type Scene = {
  readonly ports: ExecutionPorts;
  readonly venue: Venue;
  readonly wish: StopWish;
  /** Wall time from which on a stop comes too late. */
  readonly deadline: EpochMs;
};

/** What a step led to: an end, or that another step has to be decided. `sold`: an exit ended; it may have left a rest. */
type Outcome = Protected | 'again' | 'sold';

/**
 * Sees to it that the venue protects a position as it should (PF-46, D12, D13): places its stop, moves it, re-sizes
 * it, or takes it away, and closes the position at the market when the venue would not hold one within five seconds
 * (EXE-T18). Called as often as anybody likes, by as many as like: a need is met once.
 *
 * @throws Error when the ledger cannot be reached or the book has no venue; call it again then.
 */
export async function protectPosition(ports: ExecutionPorts, wish: StopWish): Promise<Protected> {
  const venue = await urgentVenue(ports, await requireBook(ports.store, wish.bookId));
  if (!venue.capabilities.stopOrders) return 'unsupported';
  const scene = { ports, venue, wish, deadline: later(ports.clock.wallNow(), WITHIN) };
  let done: Protected = 'nothing';
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    const step = await ports.store.transact((tx) => planStop(ports, tx, wish));
    if (step.kind === 'nothing') return done;
    const outcome = await take(scene, step);
    if (outcome === 'sold') done = 'closing';
    else if (outcome !== 'again') return outcome;
    else if (step.kind === 'cancel') done = 'removed';
  }
  return 'busy';
}

/**
 * Sees to the stop of a position after news of one of its orders: it was filled further, or it ended. An exit that
 * ended without having sold everything leaves a position whose stop it had taken away (EXE-71).
 */
export async function protectAfter(
  ports: ExecutionPorts,
  { before, after }: { readonly before: OrderDoc; readonly after: OrderDoc },
): Promise<void> {
  if (after.filledQuantity === before.filledQuantity && isWorking(after.status)) return;
  await protectPosition(ports, { bookId: after.bookId, positionId: after.positionId });
}

async function take(
  scene: Scene,
  step: Exclude<StopStep, { readonly kind: 'nothing' }>,
): Promise<Outcome> {
  switch (step.kind) {
    case 'busy':
      return 'busy';
    case 'cancel': {
      const cancelled = await cancelStop(scene, step.order);
      if (cancelled.kind === 'recorded') await protectOther(scene, cancelled.order);
      return cancelled.kind === 'recorded' && !isWorking(cancelled.order.status)
        ? 'again'
        : 'stuck';
    }
    case 'send':
      return send(scene, step.claim);
    case 'settle':
      return settle(scene, step);
    case 'close':
      return close(scene, step.position, 'it is too small for the venue to hold a stop for it');
  }
}

/** Cancels a stop. One that was placed a moment ago is not known to all of a venue yet: it is asked for again while there is time. */
async function cancelStop(scene: Scene, stop: OrderDoc): Promise<Cancelled> {
  const { ports, venue, deadline } = scene;
  const askedAt = ports.clock.wallNow();
  for (const after of LOOKUPS_MS) {
    const cancelled = await cancelAtVenue(ports, venue, stop);
    if (cancelled.kind !== 'absent' || ports.clock.wallNow() >= deadline) return cancelled;
    await pauseUntil(scene, askedAt + after);
  }
  return cancelAtVenue(ports, venue, stop);
}

/** Waits until `at`, wall clock, or for as long as there is time. */
const pauseUntil = ({ ports, deadline }: Scene, at: number): Promise<void> =>
  sleep(ports, durationMs(Math.max(0, Math.min(at, deadline) - ports.clock.wallNow())));

/** A stop that sold after its position was closed took from another one, whose own stop is too large now. */
async function protectOther(
  { ports, wish }: Scene,
  { bookId, positionId }: OrderDoc,
): Promise<void> {
  if (positionId !== wish.positionId) await protectPosition(ports, { bookId, positionId });
}

async function send(scene: Scene, claim: Claim): Promise<Outcome> {
  const sent = await sendOrder(scene.ports, scene.venue, claim);
  switch (sent.kind) {
    case 'recorded':
      if (isWorking(sent.order.status)) return 'placed';
      // It was reached at once and sold, or it came to nothing.
      return sent.order.filledQuantity > 0n
        ? 'again'
        : giveUp(scene, `the venue says ${sent.order.status.toLowerCase()}`);
    case 'failed':
      return giveUp(scene, sent.error.message);
    case 'unclear':
      return lookUp(scene, sent.claim);
    case 'queued':
    case 'alreadyClosed':
    case 'handedOver':
      return 'busy';
  }
}

/** Asks for a stop that may have arrived, for as long as there is time. */
async function lookUp(scene: Scene, claim: Claim): Promise<Outcome> {
  const { ports, venue } = scene;
  const { symbol, orderId } = claim.order;
  const sentAt = ports.clock.wallNow();
  for (const after of LOOKUPS_MS) {
    await pauseUntil(scene, sentAt + after);
    const lookup = await venue.lookup(symbol, orderId);
    if (lookup.kind === 'found') return adopt(scene, claim, lookup.report);
  }
  await leaveUnclear(ports, claim);
  return giveUp(scene, 'the venue does not say whether it has the stop');
}

type Report = Parameters<typeof recordReport>[1]['report'];

async function adopt(scene: Scene, claim: Claim, report: Report): Promise<Outcome> {
  const { ports, venue } = scene;
  const { bookId, orderId } = claim.order;
  const at = ports.clock.wallNow();
  const recorded = await recordReport(ports, { bookId, orderId, report, fills: [], venue, at });
  if (!recorded.ok) return 'stuck';
  await protectOther(scene, recorded.value.order);
  return isWorking(recorded.value.order.status) ? 'placed' : 'again';
}

/** Finds out about a stop that somebody else may have sent. */
async function settle(
  scene: Scene,
  { claim, wanted }: StopStep & { readonly kind: 'settle' },
): Promise<Outcome> {
  const { ports, venue } = scene;
  const lookup = await venue.lookup(claim.order.symbol, claim.order.orderId);
  switch (lookup.kind) {
    case 'found':
      return (await adopt(scene, claim, lookup.report)) === 'stuck' ? 'stuck' : 'again';
    case 'failed':
      await leaveUnclear(ports, claim);
      return giveUp(scene, lookup.error.message);
    case 'absent': {
      // It may still be on its way, and nobody would look for it again: its absence has to be proven (EXE-21).
      if (!wanted) {
        await leaveUnclear(ports, claim);
        return 'busy';
      }
      // Sent twice it would rest twice: only where the venue knows our id is the second one refused (EXE-17).
      if (!venue.capabilities.clientOrderId) {
        await leaveUnclear(ports, claim);
        return giveUp(scene, 'it is not known whether the venue has its stop');
      }
      const again = await resubmit(ports, claim);
      return again === undefined ? 'busy' : send(scene, { ...again, mayBeUnderWay: true });
    }
  }
}

/** Closes the position, as it is now. */
async function giveUp(scene: Scene, cause: string): Promise<Outcome> {
  const { bookId, positionId } = scene.wish;
  const path = paths.position(bookId, positionId);
  const position = await scene.ports.store.get(path, positionDoc);
  return position === undefined ? 'nothing' : close(scene, position, cause);
}

async function close({ ports }: Scene, position: PositionDoc, cause: string): Promise<Outcome> {
  const { bookId, positionId, marketKey, symbol } = position;
  if (position.status === 'CLOSED' || position.closeIntentId !== null) return 'closing';
  await raiseAlert(ports.store, {
    rule: 'position_unprotected',
    severity: 'CRITICAL',
    message: `${symbol} could not be protected at the venue: ${cause}. It is being closed at the market.`,
    details: { positionId, cause },
    bookId,
    symbol,
    label: positionId,
    now: ports.clock.wallNow(),
  });
  const price = await lastPrice(ports, position);
  const exit = await requestExit(ports, {
    ...{ bookId, positionId, marketKey, price },
    reason: 'emergency',
    fast: true,
  });
  return hasEnded(exit) ? 'sold' : 'closing';
}
