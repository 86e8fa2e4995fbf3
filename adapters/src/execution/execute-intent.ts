import { claimIntent, type Claim } from './claim-intent.ts';
import type { ExecutionPorts } from './ports.ts';
import { protectPosition } from './protect-position.ts';
import { positionIdOf, requireBook } from './records.ts';
import { resolveUnknown } from './resolve-unknown.ts';
import { sendOrder, type Sent } from './send-order.ts';

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
  const venue = await ports.venueOf(await requireBook(ports.store, target.bookId));
  const claimed = await claimIntent(ports, target);
  switch (claimed.kind) {
    case 'nothing': {
      const positionId = claimed.intent === undefined ? null : positionIdOf(claimed.intent);
      return { executed: { kind: 'nothing' }, positionId };
    }
    case 'waiting':
    case 'ended':
      return untouched(claimed);
    case 'held':
      await ports.queue.enqueue('executeIntent', target, {
        id: `${target.intentId}-h${claimed.until}`,
        delayMs: Math.max(0, claimed.until - ports.clock.wallNow()) + 1_000,
      });
      return untouched({ kind: 'handedOver' });
    case 'resolve':
      return touched(claimed.claim, await resolveUnknown(ports, venue, claimed.claim));
    case 'send': {
      const sent = await sendOrder(ports, venue, claimed.claim);
      return touched(
        claimed.claim,
        sent.kind === 'unclear' ? await resolveUnknown(ports, venue, sent.claim) : sent,
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
