import type { EntryCandidate } from '../order/gate-context.ts';
import { formatDecimal } from '../lib/units.ts';
import { blocked, passed, type RiskCheck } from './check.ts';

/** Check 1: RSK-40. Reaching the limit is allowed (RSK-34). */
export const checkPositionSize: RiskCheck<EntryCandidate> = ({ wanted, context }) => {
  const limit = context.limits.maxPositionQuote;
  const measured = {
    check: 'positionSize',
    value: wanted,
    limit,
  };
  return wanted <= limit
    ? passed(measured)
    : blocked(
        measured,
        'allocation',
        `A position of ${formatDecimal(wanted)} is larger than the limit of ${formatDecimal(limit)}.`,
      );
};
