import { tradableQty, type RuleViolation } from '../instrument/instrument.ts';
import { err, type Result } from '../lib/result.ts';
import { formatDecimal, qtyFor, type Qty } from '../lib/units.ts';
import type { EntryCandidate } from '../order/gate-context.ts';
import type { Block } from '../strategy/blocking.ts';
import { blocked, passed, type RiskCheck } from './check.ts';
import { livePriceOf } from './freshness.ts';

/** A venue's rule in words. */
export function describeViolation(violation: RuleViolation): Block {
  switch (violation.code) {
    case 'min_quantity':
      return {
        reason: 'min_notional',
        detail: `A quantity of ${formatDecimal(violation.quantity)} is below the venue's minimum of ${formatDecimal(violation.minimum)}.`,
      };
    case 'min_notional':
      return {
        reason: 'min_notional',
        detail: `A value of ${formatDecimal(violation.notional)} is below the venue's minimum of ${formatDecimal(violation.minimum)}.`,
      };
  }
}

/** Quantity of an entry: what `wanted` buys at the live price, cut down to the venue's grid. */
export function entryQuantity(candidate: Omit<EntryCandidate, 'quantity'>): Result<Qty, Block> {
  const px = livePriceOf(candidate);
  if (px === undefined)
    return err({ reason: 'stale_data', detail: 'A quantity cannot be found without a price.' });
  const { instrument, wanted } = candidate;
  const quantity = tradableQty(instrument, qtyFor(wanted, px, 'floor'), px);
  return quantity.ok ? quantity : err(describeViolation(quantity.error));
}

/** Gate 14: the venue takes the quantity that is left after rounding down. */
export const checkTradableSize: RiskCheck<EntryCandidate> = (candidate) => {
  const { quantity } = candidate;
  const limit = candidate.instrument.minNotional;
  if (quantity.ok) return passed({ check: 'tradableSize', value: quantity.value, limit });
  const { reason, detail } = quantity.error;
  return blocked({ check: 'tradableSize', value: null, limit }, reason, detail);
};
