import { breakerName, type BreakerDoc } from '@tradewind/contracts/documents/breaker';
import type { EpochMs } from '@tradewind/core/lib/time';
import {
  admit,
  stepBreaker,
  type BreakerEvent,
  type BreakerSettings,
} from '@tradewind/core/risk/breaker';
import type { Store } from '../ledger/store.ts';
import type { Log } from '../telemetry/log.ts';
import { openBreakerStore, type BreakerChange, type BreakerId } from './breaker-store.ts';

export type BreakerParts = {
  readonly store: Pick<Store, 'get' | 'transact'>;
  readonly clock: { readonly wallNow: () => EpochMs };
  readonly log: Log;
  readonly settings: BreakerSettings;
  /** Hears of every change of state that this process made; its failure is logged. */
  readonly onChange: (change: BreakerChange) => Promise<void>;
};

/** Whether a call may go; `refused` says until when, `null` where that is not known. */
export type BreakerAnswer =
  | { readonly kind: 'pass' }
  | { readonly kind: 'refused'; readonly code: string; readonly retryAt: EpochMs | null };

/** Service breakers whose state all processes share (RSK-86). No method throws for the ledger's sake. */
export type Breakers = {
  /**
   * Asks before a call. What is `urgent` does not wait for a fresh state, and goes when none can be
   * read; everything else is refused then (RSK-02).
   */
  readonly admit: (id: BreakerId, urgent: boolean) => Promise<BreakerAnswer>;
  /** Tells what became of the call. */
  readonly record: (id: BreakerId, event: BreakerEvent) => Promise<void>;
};

/** A breaker's document after `event`; `undefined` when that changes nothing. */
function stepped(
  stored: BreakerDoc,
  event: BreakerEvent,
  at: { readonly now: EpochMs; readonly settings: BreakerSettings },
): BreakerDoc | undefined {
  const next = stepBreaker(stored, event, at);
  if (next === stored) return undefined;
  const isBack = next.status === 'CLOSED' && stored.status !== 'CLOSED';
  return {
    ...stored,
    ...next,
    recoveringSince: isBack ? at.now : stored.recoveringSince,
    alertedAt: isBack ? null : stored.alertedAt,
  };
}

/** Opens the breakers of this process. */
export function createBreakers(parts: BreakerParts): Breakers {
  const { clock, log, settings, onChange } = parts;
  const documents = openBreakerStore(parts);
  const refused = (code: string, retryAt: EpochMs | null = null): BreakerAnswer => ({
    kind: 'refused',
    code,
    retryAt,
  });
  const tell = async (change: BreakerChange | undefined): Promise<void> => {
    if (change === undefined || change.before.status === change.after.status) return;
    const { name, status, lastError } = change.after;
    log.warn('a breaker changed', { breaker: name, from: change.before.status, status, lastError });
    await onChange(change);
  };
  const probe = async (id: BreakerId): Promise<BreakerAnswer> => {
    const taken = await documents.change(id, (doc) => {
      const admission = admit(doc, clock.wallNow(), settings);
      return admission.kind === 'probe' ? { ...doc, ...admission.breaker } : undefined;
    });
    await tell(taken);
    // Another process may have the probe, or the breaker has closed meanwhile.
    const isClosed = documents.last(id)?.status === 'CLOSED';
    return taken !== undefined || isClosed ? { kind: 'pass' } : refused('CircuitOpen');
  };
  return {
    admit: async (id, urgent) => {
      try {
        const doc = await documents.known(id, urgent);
        if (doc === undefined) return { kind: 'pass' };
        const admission = admit(doc, clock.wallNow(), settings);
        if (admission.kind === 'pass') return admission;
        return await (admission.kind === 'probe'
          ? probe(id)
          : refused('CircuitOpen', admission.retryAt));
      } catch (error) {
        log.warn('a breaker could not be read', {
          breaker: breakerName(id.venue, id.group),
          error,
        });
        return urgent ? { kind: 'pass' } : refused('DatabaseError');
      }
    },
    record: async (id, event) => {
      const doc = documents.last(id);
      const isQuiet = doc === undefined || (doc.status === 'CLOSED' && doc.failures === 0);
      if (event.kind === 'success' && isQuiet) return;
      try {
        const at = { now: clock.wallNow(), settings };
        await tell(await documents.change(id, (stored) => stepped(stored, event, at)));
      } catch (error) {
        const breaker = breakerName(id.venue, id.group);
        log.error('what became of a venue call could not be told to its breaker', {
          breaker,
          error,
        });
      }
    },
  };
}
