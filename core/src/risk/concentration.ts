import type { EntryCandidate } from '../order/gate-context.ts';
import { addMoney, formatDecimal, notional, percentOf } from '../lib/units.ts';
import { blocked, passed, type RiskCheck } from './check.ts';
import { livePriceOf } from './freshness.ts';

/**
 * Check 3: what the book would hold of one symbol, as a share of equity (RSK-12, RSK-42).
 *
 * Counts positions of all strategies at the live price and entries under way at theirs. Values are
 * rounded up and the limit down. Reaching it is allowed (RSK-34).
 */
export const checkConcentration: RiskCheck<EntryCandidate> = (candidate) => {
  const { signal, wanted, context } = candidate;
  const limit = percentOf(context.risk.equity, context.limits.maxConcentrationPct, 'floor');
  const px = livePriceOf(candidate);
  if (px === undefined)
    return blocked(
      { check: 'concentration', value: null, limit },
      'stale_data',
      `What is held of ${signal.symbol} cannot be valued without its price.`,
    );
  let total = wanted;
  for (const { marketKey, quantity } of context.positions)
    if (marketKey === signal.marketKey) total = addMoney(total, notional(px, quantity, 'ceil'));
  for (const { action, marketKey, expectedPrice, quantity } of context.workingIntents)
    if (action === 'ENTER' && marketKey === signal.marketKey)
      total = addMoney(total, notional(expectedPrice, quantity, 'ceil'));
  const measured = {
    check: 'concentration',
    value: total,
    limit,
  };
  return total <= limit
    ? passed(measured)
    : blocked(
        measured,
        'concentration',
        `${formatDecimal(total)} in ${signal.symbol} is more than ${context.limits.maxConcentrationPct} % of equity (${formatDecimal(limit)}).`,
      );
};
