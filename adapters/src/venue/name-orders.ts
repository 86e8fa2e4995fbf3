import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import { err, ok, type Result } from '@tradewind/core/lib/result';
import type { Qty } from '@tradewind/core/lib/units';
import type { Side } from '@tradewind/core/order/intent';
import type { OrderReport } from '@tradewind/core/order/order';
import type { AccountOrder, Lookup, SubmitOutcome, Venue, VenueError } from './venue.ts';

/** What was written of an order before it was sent. */
export type SentOrder = {
  readonly side: Side;
  readonly quantity: Qty;
  /** Wall time from which on it may have been sent. */
  readonly sentAt: EpochMs;
  /** The venue's id of it, once it is known. */
  readonly venueOrderId: string | null;
};

/** Our orders of an account, as the ledger has them. */
export type OrderRecords = {
  /** `undefined` for an id that is none of ours. */
  readonly sent: (orderId: string) => Promise<SentOrder | undefined>;
  /** Our ids by the venue's; orders that are not known to be ours are left out. */
  readonly names: (venueOrderIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;
};

type Named = {
  readonly venue: Venue;
  readonly records: OrderRecords;
  readonly clock: { readonly wallNow: () => EpochMs };
};

/** Clocks may differ by as much, and requests be as long on their way (EXE-17). */
const WINDOW_MS = 10_000;
/** All attempts of one sending lie within this (EXE-19). */
const SENDING_MS = 10_000;

/** Where an order of ours is at the venue. */
type Place =
  /** `listed`: what the venue told of it while it was searched. */
  | { readonly kind: 'found'; readonly venueOrderId: string; readonly listed: OrderReport | null }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly error: VenueError };

const ambiguous = (orderId: string, alike: readonly AccountOrder[]): VenueError => ({
  code: 'AmbiguousOrder',
  severity: 'HIGH',
  retryable: false,
  message: `any of ${alike.map(({ venueOrderId }) => venueOrderId).join(', ')} may be ${orderId}: a person has to say which`,
  retryAfterMs: null,
});

const named = <R extends OrderReport>(report: R, clientOrderId: string): R => ({
  ...report,
  clientOrderId,
});

/**
 * Orders of a market that may be the one that was sent: same side and quantity, placed while it may have been, and
 * none that is known to be another one of ours.
 */
async function search(
  { venue, records, clock }: Named,
  symbol: string,
  { side, quantity, sentAt }: SentOrder,
): Promise<Result<readonly AccountOrder[], VenueError>> {
  const until = epochMs(sentAt + SENDING_MS + WINDOW_MS);
  const placed = await venue.ordersSince(symbol, epochMs(sentAt - WINDOW_MS));
  if (!placed.ok) return placed;
  const later = clock.wallNow() < until ? ok([]) : await venue.ordersSince(symbol, until);
  if (!later.ok) return later;
  const tooLate = new Set(later.value.map(({ venueOrderId }) => venueOrderId));
  const alike = placed.value.filter(
    (one) => one.side === side && one.quantity === quantity && !tooLate.has(one.venueOrderId),
  );
  const known = await records.names(alike.map(({ venueOrderId }) => venueOrderId));
  return ok(alike.filter(({ venueOrderId }) => !known.has(venueOrderId)));
}

async function locate(scene: Named, symbol: string, orderId: string): Promise<Place> {
  const sent = await scene.records.sent(orderId);
  // None of ours: it is called by the venue's own name.
  const venueOrderId = sent === undefined ? orderId : sent.venueOrderId;
  if (sent === undefined || venueOrderId !== null)
    return { kind: 'found', venueOrderId: venueOrderId ?? orderId, listed: null };
  const alike = await search(scene, symbol, sent);
  if (!alike.ok) return { kind: 'failed', error: alike.error };
  const [first, ...others] = alike.value;
  if (first === undefined) return { kind: 'absent' };
  return others.length === 0
    ? { kind: 'found', venueOrderId: first.venueOrderId, listed: first }
    : { kind: 'failed', error: ambiguous(orderId, alike.value) };
}

/** Does something with an order at its place, and tells of it by our id. */
async function at(
  scene: Named,
  { symbol, orderId }: { readonly symbol: string; readonly orderId: string },
  body: (place: Place & { readonly kind: 'found' }) => Promise<Lookup>,
): Promise<Lookup> {
  const place = await locate(scene, symbol, orderId);
  if (place.kind !== 'found') return place;
  const answer = await body(place);
  return answer.kind === 'found'
    ? { kind: 'found', report: named(answer.report, orderId) }
    : answer;
}

/** Orders of a listing by our ids, where they are known to be ours. */
async function nameAll<R extends OrderReport>(
  { records }: Named,
  listing: Result<R[], VenueError>,
): Promise<Result<R[], VenueError>> {
  if (!listing.ok) return err(listing.error);
  const names = await records.names(listing.value.map(({ venueOrderId }) => venueOrderId));
  return ok(
    listing.value.map((report) =>
      named(report, names.get(report.venueOrderId) ?? report.clientOrderId),
    ),
  );
}

const nameSubmission = (outcome: SubmitOutcome, orderId: string): SubmitOutcome =>
  outcome.kind === 'accepted'
    ? {
        ...outcome,
        report: named(outcome.report, orderId),
        fills: outcome.fills.map((fill) => ({ ...fill, orderId })),
      }
    : outcome;

/**
 * An account of a venue that takes no ids of ours, under the ids of ours (EXE-17).
 *
 * What an order has become is asked by the venue's id, once that is known. Until then the venue's recent orders are
 * searched for its side and quantity, in the time when it may have been placed: one that fits is it, none means that it
 * is absent, and of several nobody but a person can say which. So it is never sent again for want of a name.
 */
export function nameOrders(venue: Venue, records: OrderRecords, clock: Named['clock']): Venue {
  const scene = { venue, records, clock };
  return {
    ...venue,
    submit: async (order, withinMs) =>
      nameSubmission(await venue.submit(order, withinMs), order.clientOrderId),
    lookup: (symbol, orderId) =>
      at(scene, { symbol, orderId }, async ({ venueOrderId, listed }) =>
        listed === null ? venue.lookup(symbol, venueOrderId) : { kind: 'found', report: listed },
      ),
    cancel: (symbol, orderId) =>
      at(scene, { symbol, orderId }, ({ venueOrderId }) => venue.cancel(symbol, venueOrderId)),
    fills: async ({ symbol, clientOrderId, venueOrderId }) => {
      const read = await venue.fills({ symbol, clientOrderId: venueOrderId, venueOrderId });
      return read.ok ? ok(read.value.map((fill) => ({ ...fill, orderId: clientOrderId }))) : read;
    },
    openOrders: async () => nameAll(scene, await venue.openOrders()),
    ordersSince: async (symbol, since) => nameAll(scene, await venue.ordersSince(symbol, since)),
    cancelAll: async (symbol) => nameAll(scene, await venue.cancelAll(symbol)),
  };
}
