import type { EntryCandidate } from '../order/gate-context.ts';
import type { Price } from '../lib/units.ts';
import { judgeAge, TOLERANCES } from '../market/freshness.ts';
import { blocked, passed, warned, type RiskCheck } from './check.ts';

/** The live price of the candidate's market, if there is one that can be computed with. */
export function livePriceOf({
  signal,
  context,
}: Pick<EntryCandidate, 'signal' | 'context'>): Price | undefined {
  const live = context.price;
  return live !== undefined && live.marketKey === signal.marketKey && live.price > 0n
    ? live.price
    : undefined;
}

/** Gate 4: the price is known, of this market, and neither old nor from the future (MD-64). */
export const checkPriceFresh: RiskCheck<EntryCandidate> = (candidate) => {
  const { now, price, priceMaxAgeMs } = candidate.context;
  const limit = priceMaxAgeMs;
  const { marketKey } = candidate.signal;
  if (price === undefined || livePriceOf(candidate) === undefined)
    return blocked(
      { check: 'priceAgeMs', value: null, limit },
      'stale_data',
      `There is no live price of ${marketKey}.`,
    );
  const age = now - price.at;
  const measured = { check: 'priceAgeMs', value: age, limit };
  const verdict = judgeAge('entryDecision', age, priceMaxAgeMs);
  if (verdict === 'refuse')
    return blocked(
      measured,
      'stale_data',
      `The price of ${marketKey} is ${age} ms old; entries want one of at most ${limit} ms.`,
    );
  return verdict === 'fresh' ? passed(measured) : warned(measured);
};

/** Gate 4: a book with something to value was valued within the last minute (RSK-35). */
export const checkValuationFresh: RiskCheck<EntryCandidate> = ({ context }) => {
  const age = context.now - context.risk.equityAt;
  const measured = {
    check: 'valuationAgeMs',
    value: age,
    limit: TOLERANCES.valuation.maxMs,
  };
  return context.positions.length === 0 || judgeAge('valuation', age) !== 'refuse'
    ? passed(measured)
    : blocked(
        measured,
        'stale_data',
        `The book was valued ${age} ms ago; with a position open that is too old to judge its loss.`,
      );
};
