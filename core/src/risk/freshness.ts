import type { EntryCandidate } from '../order/gate-context.ts';
import type { Price } from '../lib/units.ts';
import { blocked, passed, warned, type RiskCheck } from './check.ts';

/** Clocks of venue and desk differ a little; up to this a price is not called "from the future" (MD-25). */
export const CLOCK_TOLERANCE_MS = 1_000;

/** MD-64: an older price still counts, with a warning on the record. */
export const PRICE_WARN_AGE_MS = 60_000;

/** RSK-35: a valuation older than this says nothing about today's loss. */
export const VALUATION_MAX_AGE_MS = 60_000;

/** "Known good", not "not bad": false for NaN, the future and anything too old. */
const isFresh = (age: number, maxAge: number): boolean =>
  age >= -CLOCK_TOLERANCE_MS && age <= maxAge;

/** The live price of the candidate's market, if there is one that can be computed with. */
export function livePriceOf({ signal, context }: EntryCandidate): Price | undefined {
  const live = context.price;
  return live !== undefined && live.marketKey === signal.marketKey && live.price > 0n
    ? live.price
    : undefined;
}

/** Gate 4: the price is known, of this market, and neither old nor from the future (MD-64). */
export const checkPriceFresh: RiskCheck<EntryCandidate> = (candidate) => {
  const { now, price, priceMaxAgeMs } = candidate.context;
  const limit = `${priceMaxAgeMs} ms`;
  const { marketKey } = candidate.signal;
  if (price === undefined || livePriceOf(candidate) === undefined)
    return blocked(
      { check: 'priceFresh', value: null, limit },
      'stale_data',
      `There is no live price of ${marketKey}.`,
    );
  const age = now - price.at;
  const measured = { check: 'priceFresh', value: `${age} ms`, limit };
  if (!isFresh(age, priceMaxAgeMs))
    return blocked(
      measured,
      'stale_data',
      `The price of ${marketKey} is ${age} ms old; entries want one of at most ${limit}.`,
    );
  return age <= PRICE_WARN_AGE_MS ? passed(measured) : warned(measured);
};

/** Gate 4: a book with something to value was valued within the last minute (RSK-35). */
export const checkValuationFresh: RiskCheck<EntryCandidate> = ({ context }) => {
  const age = context.now - context.risk.equityAt;
  const measured = {
    check: 'valuationFresh',
    value: `${age} ms`,
    limit: `${VALUATION_MAX_AGE_MS} ms`,
  };
  return context.positions.length === 0 || isFresh(age, VALUATION_MAX_AGE_MS)
    ? passed(measured)
    : blocked(
        measured,
        'stale_data',
        `The book was valued ${age} ms ago; with a position open that is too old to judge its loss.`,
      );
};
