import { accountName, type BookDoc } from '@tradewind/contracts/documents/book';
import { intentDoc, type IntentDoc } from '@tradewind/contracts/documents/execution';
import { paths } from '@tradewind/contracts/paths';
import type { Qty } from '@tradewind/core/lib/units';
import { isIntentWorking } from '@tradewind/core/order/transitions';
import { withLease } from '../ledger/lease.ts';
import type { Venue } from '../venue/venue.ts';
import { claimIntent, type Claim } from './claim-intent.ts';
import { queueSize } from './order-queue.ts';
import type { ExecutionPorts } from './ports.ts';
import { protectPosition } from './protect-position.ts';
import { isEntry, positionIdOf, requireBook } from './records.ts';
import { resolveUnknown } from './resolve-unknown.ts';
import { revalidate, type Revalidated } from './revalidate.ts';
import { sendOrder, type Sent } from './send-order.ts';
import { readVenueStates } from './venue-state.ts';

/** Passes that a success brings forward lie at least so far apart. */
const DRAIN_EVERY_MS = 2_000;
/** An entry that finds another one of its market under way looks again after this. */
const TURN_MS = 1_000;

/** What one delivery of an intent's task led to. */
export type Executed =
  | Sent
  | { readonly kind: 'nothing' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'ended'; readonly reason: string };

/**
 * Sends one approved intent, or finds out what became of it if somebody began to. Deliver it as
 * often as you like: one order comes of it.
 *
 * @throws Error when the ledger cannot be reached or the book has no venue; deliver it again then.
 */
export async function executeIntent(ports: ExecutionPorts, target: Target): Promise<Executed> {
  const { executed, positionId } = await execute(ports, target);
  // Also when there was nothing to do: the delivery before may have died between a fill and its stop.
  if (positionId !== null) await protectPosition(ports, { bookId: target.bookId, positionId });
  return executed;
}

type Target = { readonly bookId: string; readonly intentId: string };
/** `positionId`: what may need another stop at its venue now. */
type Outcome = { readonly executed: Executed; readonly positionId: string | null };

const untouched = (executed: Executed): Outcome => ({ executed, positionId: null });

async function execute(ports: ExecutionPorts, target: Target): Promise<Outcome> {
  // Before the claim: what cannot be sent from here should not be claimed here.
  const [book, intent] = await Promise.all([
    requireBook(ports.store, target.bookId),
    ports.store.get(paths.intent(target.bookId, target.intentId), intentDoc),
  ]);
  if (intent === undefined) return untouched({ kind: 'nothing' });
  const venue = await ports.venueOf(book);
  const ready =
    intent.status === 'QUEUED'
      ? await leaveQueue(ports, venue, { book, intent })
      : ({ kind: 'good' } as const);
  if (ready.kind !== 'good') return untouched(ready);
  const sending = { intent, quantity: ready.quantity };
  const outcome =
    isEntry(intent) && isIntentWorking(intent.status)
      ? await sendInTurn(ports, venue, { ...sending, key: keyOf(book, intent) })
      : await claimAndSend(ports, venue, sending);
  if (intent.status === 'QUEUED') await drainOn(ports, intent, outcome.executed);
  return outcome;
}

/** Whether a queued order may be tried now: not while its venue cannot be reached (EXE-28). */
async function leaveQueue(
  ports: ExecutionPorts,
  venue: Venue,
  { book, intent }: { readonly book: BookDoc; readonly intent: IntentDoc },
): Promise<Revalidated> {
  const { symbol } = intent;
  const asked = { venue: accountName(book), symbols: [symbol] };
  const stateOf = await ports.store.transact((tx) =>
    readVenueStates(tx, asked, ports.clock.wallNow()),
  );
  const isAway = stateOf(symbol) === 'OPEN' || stateOf(symbol) === 'HALF_OPEN';
  return isAway ? { kind: 'waiting' } : revalidate(ports, venue, intent);
}

/** A queued order that got through: the next ones need not wait for half a minute. */
async function drainOn(ports: ExecutionPorts, intent: IntentDoc, sent: Executed): Promise<void> {
  const { bookId, intentId } = intent;
  ports.log.info('queued order', { bookId, intentId, result: sent.kind });
  if (sent.kind !== 'recorded' || (await queueSize(ports, bookId)) === 0) return;
  const now = ports.clock.wallNow();
  await ports.queue.enqueue(
    'syncOrdersAgain',
    { scheduledAt: now },
    { id: `drain-${bookId}-${Math.floor(now / DRAIN_EVERY_MS)}` },
  );
}

type Sending = {
  readonly intent: IntentDoc;
  readonly quantity: Qty | undefined;
  /** Asked before an order that never arrived is sent again; left out, it may be. */
  readonly mayResend?: () => Promise<boolean>;
};

/** What is serial: a market of an account, whichever books trade there. */
const keyOf = (book: BookDoc, { symbol }: IntentDoc): string =>
  `send-${accountName(book)}-${symbol}`;

/**
 * Sends an entry when no other entry of its market and account is on its way (EXE-07): what is set up for one, its
 * leverage above all, must hold until it has left, and an order of unclear fate is not to be taken for another one.
 * Exits never wait here.
 */
async function sendInTurn(
  ports: ExecutionPorts,
  venue: Venue,
  { key, ...sending }: Sending & { readonly key: string },
): Promise<Outcome> {
  const { store, clock, actor, settings, queue } = ports;
  const turn = await withLease(
    store,
    { name: key, owner: actor, ms: settings.claimLeaseMs, clock },
    ({ renew }) => claimAndSend(ports, venue, { ...sending, mayResend: renew }),
  );
  if (turn.held) return turn.value;
  const { bookId, intentId } = sending.intent;
  await queue.enqueue(
    'executeIntent',
    { bookId, intentId },
    {
      id: `${intentId}-t${Math.floor(clock.wallNow() / TURN_MS)}`,
      delayMs: TURN_MS,
    },
  );
  return untouched({ kind: 'handedOver' });
}

async function claimAndSend(
  ports: ExecutionPorts,
  venue: Venue,
  { intent, quantity, mayResend }: Sending,
): Promise<Outcome> {
  const { bookId, intentId } = intent;
  const claimed = await claimIntent(ports, intent, quantity);
  switch (claimed.kind) {
    case 'nothing': {
      const positionId = claimed.intent === undefined ? null : positionIdOf(claimed.intent);
      return { executed: { kind: 'nothing' }, positionId };
    }
    case 'waiting':
    case 'ended':
      return untouched(claimed);
    case 'held':
      await ports.queue.enqueue(
        'executeIntent',
        { bookId, intentId },
        {
          id: `${intentId}-h${claimed.until}`,
          delayMs: Math.max(0, claimed.until - ports.clock.wallNow()) + 1_000,
        },
      );
      return untouched({ kind: 'handedOver' });
    case 'resolve':
      return touched(
        claimed.claim,
        await resolveUnknown(ports, venue, { claim: claimed.claim, mayResend }),
      );
    case 'send': {
      const sent = await sendOrder(ports, venue, claimed.claim);
      return touched(
        claimed.claim,
        sent.kind === 'unclear'
          ? await resolveUnknown(ports, venue, { claim: sent.claim, mayResend })
          : sent,
      );
    }
  }
}

/** An order that filled something leaves a position to look after, and so does an exit or a stop that came to nothing. */
function touched({ intent }: Claim, sent: Sent): Outcome {
  const { positionId } =
    sent.kind === 'recorded' && sent.order.filledQuantity > 0n ? sent.order : intent;
  return { executed: sent, positionId };
}
