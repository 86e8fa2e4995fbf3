import { isFuturesKey } from '@tradewind/core/instrument/instrument';
import type { IntentDoc } from '@tradewind/contracts/documents/execution';
import type { Venue, VenueError } from '../venue/venue.ts';
import type { ExecutionPorts } from './ports.ts';
import { isEntry } from './records.ts';
import { resultFailure, withRetries } from './venue-calls.ts';

const refuse = (code: string, message: string): VenueError => ({
  code,
  severity: 'HIGH',
  retryable: false,
  message,
  retryAfterMs: null,
});

/**
 * Makes an account ready for an order, before it is sent; what stands in its way, or `null`.
 *
 * Every order goes to an account of its own market's kind. A futures entry is sent only where the account is known to
 * be in one-way mode (EXE-41), to hold nothing on the other side, which the order would reduce instead of opening, and
 * to have the market at isolated margin and the very leverage that the margin of the entry was reckoned with (EXE-40).
 */
export async function prepareEntry(
  ports: ExecutionPorts,
  venue: Venue,
  intent: IntentDoc,
): Promise<VenueError | null> {
  const { symbol, direction, leverage = 1, marketKey } = intent;
  const isFuture = isFuturesKey(marketKey);
  if (isFuture !== (venue.capabilities.market === 'futures'))
    return refuse(
      'InvalidOrder',
      `${marketKey} is not traded on a ${venue.capabilities.market} account: it belongs into a book of its own kind`,
    );
  if (!isFuture || !isEntry(intent)) return null;
  const mode = await withRetries(ports, () => venue.positionMode(), resultFailure);
  if (!mode.ok) return mode.error;
  if (mode.value !== 'oneWay')
    return refuse(
      'WrongPositionMode',
      'the account is in hedge mode, and books trade one-way: switch it in the settings of the venue, with nothing open',
    );
  const held = await withRetries(ports, () => venue.positions(), resultFailure);
  if (!held.ok) return held.error;
  if (held.value.some((position) => position.symbol === symbol && position.side !== direction))
    return refuse(
      'OppositePosition',
      `the account holds ${symbol} on the other side: a ${direction} entry would only make that smaller`,
    );
  const wanted = { leverage, marginMode: 'isolated' } as const;
  const setup = await withRetries(ports, () => venue.setLeverage(symbol, wanted), resultFailure);
  return setup.ok ? null : setup.error;
}
