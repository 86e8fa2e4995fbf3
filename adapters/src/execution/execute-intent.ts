import { claimIntent } from './claim-intent.ts';
import type { ExecutionPorts } from './ports.ts';
import { requireBook } from './records.ts';
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
export async function executeIntent(
  ports: ExecutionPorts,
  target: { readonly bookId: string; readonly intentId: string },
): Promise<Executed> {
  // Before the claim: what cannot be sent from here should not be claimed here.
  const venue = await ports.venueOf(await requireBook(ports.store, target.bookId));
  const claimed = await claimIntent(ports, target);
  switch (claimed.kind) {
    case 'nothing':
    case 'waiting':
    case 'ended':
      return claimed;
    case 'held':
      await ports.queue.enqueue('executeIntent', target, {
        id: `${target.intentId}-h${claimed.until}`,
        delayMs: Math.max(0, claimed.until - ports.clock.wallNow()) + 1_000,
      });
      return { kind: 'handedOver' };
    case 'resolve':
      return resolveUnknown(ports, venue, claimed.claim);
    case 'send': {
      const sent = await sendOrder(ports, venue, claimed.claim);
      return sent.kind === 'unclear' ? resolveUnknown(ports, venue, sent.claim) : sent;
    }
  }
}
