import { durationMs } from '@tradewind/core/lib/time';
import { BREAKER } from '@tradewind/core/risk/breaker';
import { BUDGET } from '@tradewind/core/order/rate-budget';
import { createBreakers } from '../resilience/breakers.ts';
import { guardVenue, type Lane } from '../resilience/guard-venue.ts';
import { createLimiter } from '../resilience/limiter.ts';
import { nameOrders } from '../venue/name-orders.ts';
import type { Venue } from '../venue/venue.ts';
import { onBreakerChange } from './breaker-duties.ts';
import { orderRecords } from './order-records.ts';
import { sleep, type ExecutionPorts } from './ports.ts';

/**
 * Tokens a second of one instance of the functions (EXE-90): how many of them call the venue at once is
 * bounded elsewhere (docs/adr/0044).
 */
const FUNCTIONS_PER_SECOND = 3;
/** What exits and emergencies of one instance may take in advance (docs/adr/0061). */
const FUNCTIONS_OVERDRAFT = 10;

/**
 * Breakers, rate budget and bulkheads between this process and the account of `name`, for every client that
 * it opens. Where the venue takes no ids of ours, orders are found by what the ledger has of them (EXE-17).
 *
 * @param process - the worker has the whole budget, an instance of the functions a share of it.
 */
export function createAccountGuard(
  parts: Pick<ExecutionPorts, 'store' | 'queue' | 'log' | 'sleep'> & {
    readonly clock: Pick<ExecutionPorts['clock'], 'wallNow'>;
    readonly breakerOpenMs: number;
    /** Left out, the process's share. */
    readonly callsPerSecond?: number | undefined;
  },
  { name, process }: { readonly name: string; readonly process: 'worker' | 'functions' },
): (venue: Venue, lane: Lane) => Venue {
  const { clock, store } = parts;
  // The worker's pace is fast enough without.
  const overdraft = process === 'worker' ? 0 : FUNCTIONS_OVERDRAFT;
  const share = process === 'worker' ? BUDGET.perSecond : FUNCTIONS_PER_SECOND;
  const perSecond = parts.callsPerSecond ?? share;
  const guard = {
    venue: name,
    clock,
    breakers: createBreakers({
      ...parts,
      settings: { ...BREAKER, openMs: parts.breakerOpenMs },
      onChange: (change) => onBreakerChange(parts, change),
    }),
    limiter: createLimiter({
      clock,
      settings: { ...BUDGET, perSecond, overdraft },
      sleep: (ms) => sleep(parts, durationMs(ms)),
    }),
  };
  return (venue, lane) => {
    const guarded = guardVenue(venue, { ...guard, lane });
    return venue.capabilities.clientOrderId
      ? guarded
      : nameOrders(guarded, orderRecords(store, name), clock);
  };
}
