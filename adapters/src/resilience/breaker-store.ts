import { breakerDoc, breakerName, type BreakerDoc } from '@tradewind/contracts/documents/breaker';
import { paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';
import { closedBreaker } from '@tradewind/core/risk/breaker';
import type { Store } from '../ledger/store.ts';

/** One breaker of a venue: a function group, or a symbol's. */
export type BreakerId = { readonly venue: string; readonly group: string };

/** A breaker before and after a change of its document. */
export type BreakerChange = { readonly before: BreakerDoc; readonly after: BreakerDoc };

/** A state that was read is good for so long (RSK-86). */
const CACHE_MS = 1_000;
/** An urgent call takes one as old as this and has a new one fetched meanwhile. */
const URGENT_CACHE_MS = 60_000;

/** `at`: when it was asked for. What an answer that came late says was true then. */
type Cached = { readonly doc: BreakerDoc | undefined; readonly at: EpochMs };

/** A breaker that nobody has written yet. */
const freshBreaker = ({ venue, group }: BreakerId, now: EpochMs): BreakerDoc => ({
  ...closedBreaker(now),
  name: breakerName(venue, group),
  venue,
  group,
  recoveringSince: null,
  alertedAt: null,
});

/** The documents of breakers, as this process knows them. @throws Error of the ledger. */
export function openBreakerStore({
  store,
  clock,
}: {
  readonly store: Pick<Store, 'get' | 'transact'>;
  readonly clock: { readonly wallNow: () => EpochMs };
}) {
  const cache = new Map<string, Cached>();
  const keep = (name: string, seen: Cached): void => {
    const known = cache.get(name);
    if (known === undefined || known.at <= seen.at) cache.set(name, seen);
  };
  const read = async (name: string): Promise<BreakerDoc | undefined> => {
    const at = clock.wallNow();
    const doc = await store.get(paths.breaker(name), breakerDoc);
    keep(name, { doc, at });
    return doc;
  };
  return {
    /** As it was seen last; `undefined` where it was not, or does not exist. */
    last: ({ venue, group }: BreakerId): BreakerDoc | undefined =>
      cache.get(breakerName(venue, group))?.doc,
    /** As it is, at most a second old; what is urgent takes an older one rather than wait. */
    known: async ({ venue, group }: BreakerId, urgent: boolean) => {
      const name = breakerName(venue, group);
      const cached = cache.get(name);
      const age = cached === undefined ? Infinity : clock.wallNow() - cached.at;
      if (cached !== undefined && age < CACHE_MS) return cached.doc;
      const reading = read(name);
      if (cached === undefined || !urgent || age >= URGENT_CACHE_MS) return reading;
      reading.catch(() => undefined);
      return cached.doc;
    },
    /** Changes it by `next`, which answers `undefined` to leave it; then so does this. */
    change: async (
      id: BreakerId,
      next: (stored: BreakerDoc) => BreakerDoc | undefined,
    ): Promise<BreakerChange | undefined> => {
      const path = paths.breaker(breakerName(id.venue, id.group));
      let at = clock.wallNow();
      const { before, after } = await store.transact(async (tx) => {
        at = clock.wallNow();
        const stored = (await tx.get(path, breakerDoc)) ?? freshBreaker(id, clock.wallNow());
        const changed = next(stored);
        if (changed !== undefined) tx.set(path, breakerDoc, changed);
        return { before: stored, after: changed };
      });
      keep(before.name, { doc: after ?? before, at });
      return after === undefined ? undefined : { before, after };
    },
  };
}
