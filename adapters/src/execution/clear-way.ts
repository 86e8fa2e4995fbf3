import { positionDoc, type PositionDoc } from '@tradewind/contracts/documents/book';
import { intentDoc, orderDoc, type OrderDoc } from '@tradewind/contracts/documents/execution';
import { marketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { reducibleQty } from '@tradewind/core/instrument/instrument';
import { durationMs } from '@tradewind/core/lib/time';
import { ZERO_QTY } from '@tradewind/core/lib/units';
import { isTerminal } from '@tradewind/core/order/transitions';
import type { Lookup, Venue } from '../venue/venue.ts';
import { cancelAtVenue, recordCancel, requestCancel } from './cancel-at-venue.ts';
import { takeUnclear, type Claim } from './claim-intent.ts';
import { sleep, type ExecutionPorts } from './ports.ts';
import { instrumentOf, isStop } from './records.ts';
import { leaveUnclear, resizeClaim, type Failure } from './settle-claim.ts';

/** Whether an order may leave, with regard to the protective stop of the position that it reduces. */
export type Way =
  /** `settle` is called once the order has left: books what became of the stop. */
  | { readonly kind: 'clear'; readonly claim: Claim; readonly settle: () => Promise<void> }
  /** The stop was faster: nothing is left to sell. */
  | { readonly kind: 'closed' }
  /** The stop could not be taken away, and with it in the way the venue would refuse the exit. */
  | { readonly kind: 'blocked'; readonly error: Failure }
  /** The claim passed to somebody else. */
  | { readonly kind: 'lost' };

const nothingToSettle = async (): Promise<void> => {
  await Promise.resolve();
};

type Scene = {
  readonly ports: ExecutionPorts;
  readonly venue: Venue;
  readonly claim: Claim;
  readonly positionId: string;
};

/**
 * Makes way for an exit (EXE-71). On spot a stop at the venue binds what it would sell, so that it goes first;
 * where the venue itself keeps orders from doing more than reduce, the exit goes first, because it is in more of a
 * hurry, and the stop after it.
 */
export async function clearWay(ports: ExecutionPorts, venue: Venue, claim: Claim): Promise<Way> {
  const { reduceOnly, positionId } = claim.intent;
  if (!reduceOnly || isStop(claim.intent) || positionId === null)
    return { kind: 'clear', claim, settle: nothingToSettle };
  const scene = { ports, venue, claim, positionId };
  if (venue.capabilities.reduceOnly)
    return { kind: 'clear', claim, settle: () => dropAfterClose(scene) };
  const position = justLocked(ports, claim) ?? (await readPosition(scene));
  // Sent late, it would sell what other positions hold: on spot nothing else keeps it from that.
  if (position?.status === 'CLOSED') return { kind: 'closed' };
  const stopId = position?.stop.venueStopOrderId ?? null;
  if (stopId !== null) return takeAway(scene, stopId);
  return position !== undefined && position.quantity < claim.intent.quantity
    ? afterFill(scene)
    : { kind: 'clear', claim, settle: nothingToSettle };
}

/** A position that was locked no longer ago is still as it was, but for what its stop sells; and of that the venue tells. */
const LOCKED_WITHIN_MS = 1_000;

/** The position as it was locked with the claim, if that was right now: a stop waits for what is read. */
const justLocked = ({ clock }: ExecutionPorts, { position }: Claim): PositionDoc | undefined =>
  position !== undefined && clock.wallNow() - position.updatedAt < LOCKED_WITHIN_MS
    ? position
    : undefined;

const readPosition = ({ ports, claim, positionId }: Scene): Promise<PositionDoc | undefined> =>
  ports.store.get(paths.position(claim.intent.bookId, positionId), positionDoc);

const readStop = ({ ports, claim }: Scene, stopId: string): Promise<OrderDoc | undefined> =>
  ports.store.get(paths.order(claim.intent.bookId, stopId), orderDoc);

const FILLS_UNREAD: Failure = {
  code: 'StopUnclear',
  message: 'what its stop at the venue has sold cannot be read yet',
};

/** A venue may not show for a moment what it has taken, filled or not: an absence that is younger proves nothing. */
const SHOWN_WITHIN_MS = 2_000;
const ASK_AGAIN = durationMs(250);

/**
 * When the stop may have left last, wall time. It is taken from whoever is sending it right now, or stood still before
 * that: beside the exit it must not leave, since on spot it would sell what other positions hold.
 */
async function lastSent({ ports, claim }: Scene, orderId: string): Promise<number> {
  const { bookId } = claim.intent;
  const { sentAt, taken } = await ports.store.transact(async (tx) => {
    const order = await tx.get(paths.order(bookId, orderId), orderDoc);
    const sent = { sentAt: order?.marks.sentAt ?? 0, taken: null };
    if (order?.status !== 'SUBMITTED') return sent;
    const intent = await tx.get(paths.intent(bookId, order.intentId), intentDoc);
    if (intent?.status !== 'CLAIMED' && intent?.status !== 'UNKNOWN') return sent;
    const stop = { holder: claim.holder, intent, order };
    return { sentAt: ports.clock.wallNow(), taken: takeUnclear(ports, tx, stop) };
  });
  if (taken !== null) await leaveUnclear(ports, taken);
  return sentAt;
}

/** Has the venue cancel the stop, until it says what became of it or that it is not there. */
async function askForIt(scene: Scene, orderId: string): Promise<Lookup> {
  const { ports, venue, claim } = scene;
  const { symbol } = claim.intent;
  const first = await requestCancel(ports, venue, { symbol, orderId });
  if (first.kind !== 'absent') return first;
  const sentAt = await lastSent(scene, orderId);
  for (;;) {
    if (ports.clock.wallNow() >= sentAt + SHOWN_WITHIN_MS) return first;
    await sleep(ports, ASK_AGAIN);
    const answer = await requestCancel(ports, venue, { symbol, orderId });
    if (answer.kind !== 'absent') return answer;
  }
}

async function takeAway(scene: Scene, stopId: string): Promise<Way> {
  const { ports, venue, claim } = scene;
  const answer = await askForIt(scene, stopId);
  switch (answer.kind) {
    case 'failed':
      return { kind: 'blocked', error: answer.error };
    case 'absent':
      // Nobody sends it any more. A request that still arrives is refused, or sells what else the market holds and is booked there.
      return { kind: 'clear', claim, settle: nothingToSettle };
    case 'found': {
      const { report } = answer;
      const order = { bookId: claim.intent.bookId, orderId: stopId, symbol: claim.intent.symbol };
      const record = () => recordCancel(ports, venue, { order, report });
      if (report.filledQuantity > ZERO_QTY) {
        const booked = await record();
        const isComplete =
          booked.kind === 'recorded' && booked.order.filledQuantity >= report.filledQuantity;
        // What it sold is not known to the books yet: the exit would sell it a second time.
        return isComplete ? afterFill(scene) : { kind: 'blocked', error: FILLS_UNREAD };
      }
      if (!isTerminal(report.status))
        return {
          kind: 'blocked',
          error: { code: 'StopNotCancelled', message: 'its stop at the venue is still there' },
        };
      // The exit does not wait for the books: should this process die, order sync finds the stop cancelled.
      const settle = async (): Promise<void> => {
        await record();
      };
      return { kind: 'clear', claim, settle };
    }
  }
}

/** The stop has sold all of the position, or a part of it: the exit sells what is left (EXE-27). */
async function afterFill(scene: Scene): Promise<Way> {
  const { ports, claim } = scene;
  const position = await readPosition(scene);
  if (position === undefined || position.status === 'CLOSED') return { kind: 'closed' };
  const market = await ports.store.get(paths.market(position.marketKey), marketDoc);
  if (market === undefined) throw new Error(`Market "${position.marketKey}" does not exist.`);
  const left = reducibleQty(instrumentOf(market), position.quantity, claim.intent.expectedPrice);
  if (!left.ok)
    return {
      kind: 'blocked',
      error: { code: left.error.code, message: 'its stop left too little to sell' },
    };
  const resized = await resizeClaim(ports, claim, left.value);
  return resized === undefined
    ? { kind: 'lost' }
    : { kind: 'clear', claim: resized, settle: nothingToSettle };
}

/** Cancels the stop of a position that is closed now; of one that is not, it stays. */
async function dropAfterClose(scene: Scene): Promise<void> {
  const position = await readPosition(scene);
  const stopId = position?.stop.venueStopOrderId ?? null;
  if (position?.status !== 'CLOSED' || stopId === null) return;
  const stop = await readStop(scene, stopId);
  if (stop === undefined) return;
  await cancelAtVenue(scene.ports, scene.venue, stop);
}
