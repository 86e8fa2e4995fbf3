import { randomUUID } from 'node:crypto';
import { leaseDoc, type LeaseDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { durationMs, epochMs, later, type EpochMs } from '@tradewind/core/lib/time';
import type { Store } from './store.ts';

/** The right to act alone; every method's truth is the document, not this object. */
export type HeldLease = {
  /** Grows with each new holder: a fencing token. */
  readonly token: number;
  /** Holds it for another term. False when it was lost: stop acting. */
  readonly renew: () => Promise<boolean>;
};

type LeaseRequest = {
  readonly name: string;
  /** Who asks, for people; each call of {@link withLease} is a holder of its own. */
  readonly owner: string;
  /** Wall milliseconds until it ends by itself, should its holder vanish. */
  readonly ms: number;
  readonly clock: { readonly wallNow: () => EpochMs };
};

/** What `body` returned, or that someone else holds the lease. */
export type LeaseResult<T> =
  { readonly held: true; readonly value: T } | { readonly held: false; readonly until: EpochMs };

/**
 * Runs `body` as the only holder of the lease `name`, and releases it afterwards, also when `body`
 * throws. Where another holds it, nothing runs.
 *
 * A holder that was paused beyond its term is not stopped: `body` renews before what must not be
 * done twice, or makes its writes depend on what it read.
 */
export async function withLease<T>(
  store: Store,
  request: LeaseRequest,
  body: (lease: HeldLease) => Promise<T>,
): Promise<LeaseResult<T>> {
  const holder = { ...request, owner: `${request.owner}/${randomUUID()}` };
  const lease = await acquire(store, holder);
  if (typeof lease !== 'number') return { held: false, until: lease.expiresAt };
  try {
    const value = await body({
      token: lease,
      renew: () => extend(store, holder, termEnd(holder)),
    });
    return { held: true, value };
  } finally {
    await extend(store, holder, epochMs(0));
  }
}

const termEnd = ({ clock, ms }: LeaseRequest): EpochMs => later(clock.wallNow(), durationMs(ms));

/** The new fencing token, or the lease as another holds it. */
function acquire(store: Store, request: LeaseRequest): Promise<number | LeaseDoc> {
  const path = paths.lease(request.name);
  return store.transact(async (tx) => {
    const current = await tx.get(path, leaseDoc);
    if (current !== undefined && current.expiresAt > request.clock.wallNow()) return current;
    const token = (current?.token ?? 0) + 1;
    tx.set(path, leaseDoc, { owner: request.owner, token, expiresAt: termEnd(request) });
    return token;
  });
}

/** Moves the end of a lease that is still ours. */
function extend(store: Store, request: LeaseRequest, expiresAt: EpochMs): Promise<boolean> {
  const path = paths.lease(request.name);
  return store.transact(async (tx) => {
    const current = await tx.get(path, leaseDoc);
    if (current?.owner !== request.owner) return false;
    tx.set(path, leaseDoc, { ...current, expiresAt });
    return true;
  });
}
