import type { EntryCandidate } from '../order/gate-context.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Breaker } from './breaker.ts';
import { blocked, passed, type RiskCheck } from './check.ts';

/**
 * Whether a venue takes orders in a symbol. `RECOVERING`: it can be reached again, and orders are not yet
 * compared with it; `HALTED`: it does not trade the symbol.
 */
export type VenueCondition = Breaker['status'] | 'RECOVERING' | 'HALTED';

type Stored = Breaker & { readonly recoveringSince: EpochMs | null };

/** The condition that the breakers of a venue and of one symbol add up to; a missing one is CLOSED. */
export function venueCondition(
  {
    groups,
    symbol,
  }: { readonly groups: readonly (Stored | undefined)[]; readonly symbol: Breaker | undefined },
  now: EpochMs,
): VenueCondition {
  const known = groups.filter((breaker) => breaker !== undefined);
  if (known.some(({ status }) => status === 'OPEN')) return 'OPEN';
  if (known.some(({ status }) => status === 'HALF_OPEN')) return 'HALF_OPEN';
  if (known.some(({ recoveringSince }) => recoveringSince !== null)) return 'RECOVERING';
  const isHalted = symbol?.status === 'OPEN' && (symbol.probeAt === null || symbol.probeAt > now);
  return isHalted ? 'HALTED' : 'CLOSED';
}

const WORDS: Readonly<Record<Exclude<VenueCondition, 'CLOSED'>, string>> = {
  OPEN: 'The venue cannot be reached; it is tried again by itself.',
  HALF_OPEN: 'The venue is being tried after an outage.',
  RECOVERING: 'The venue is back, and orders are being compared with it.',
  HALTED: 'The venue does not take orders in this market now.',
};

/** Gate 2: the venue's breakers are closed (RSK-85, RSK-89). */
export const checkBreaker: RiskCheck<EntryCandidate> = ({ context }) => {
  const { breaker } = context;
  const measured = { check: 'breaker', value: breaker, limit: 'CLOSED' };
  return breaker === 'CLOSED'
    ? passed(measured)
    : blocked(measured, breaker === 'HALTED' ? 'halted' : 'breaker_open', WORDS[breaker]);
};
