import { breakerDoc, breakerName, type BreakerDoc } from '@tradewind/contracts/documents/breaker';
import { paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';
import { venueCondition, type VenueCondition } from '@tradewind/core/risk/venue-breaker';
import type { StoreTx } from '../ledger/store.ts';
import { symbolGroup } from '../resilience/symbol-group.ts';

/** Groups that an order needs: it is sent by one and looked up by the other. */
const ORDER_GROUPS = ['trading', 'account'] as const;

/**
 * Reads whether a venue takes orders, for each of `symbols`.
 *
 * @param wallNow - breakers live in wall time.
 */
export async function readVenueStates(
  reader: Pick<StoreTx, 'getMany'>,
  { venue, symbols }: { readonly venue: string; readonly symbols: readonly string[] },
  wallNow: EpochMs,
): Promise<(symbol: string) => VenueCondition> {
  const wanted = [...ORDER_GROUPS, ...symbols.map(symbolGroup)];
  const found = await reader.getMany(
    wanted.map((group) => paths.breaker(breakerName(venue, group))),
    breakerDoc,
  );
  const groups = found.slice(0, ORDER_GROUPS.length);
  const bySymbol = new Map<string, BreakerDoc | undefined>(
    symbols.map((symbol, index) => [symbol, found[ORDER_GROUPS.length + index]]),
  );
  return (symbol) => venueCondition({ groups, symbol: bySymbol.get(symbol) }, wallNow);
}
