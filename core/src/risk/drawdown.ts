import type { EntryCandidate } from '../order/gate-context.ts';
import { formatDecimal, percentOf, subMoney } from '../lib/units.ts';
import { blocked, passed, type RiskCheck } from './check.ts';

/** Check 5: fall from peak equity (RSK-14, RSK-44). Reaching the limit blocks (RSK-34). */
export const checkDrawdown: RiskCheck<EntryCandidate> = ({ context }) => {
  const { peakEquity, equity } = context.risk;
  const pct = context.limits.maxDrawdownPct;
  const limit = percentOf(peakEquity, pct, 'floor');
  const fall = subMoney(peakEquity, equity);
  const measured = {
    check: 'drawdown',
    value: fall,
    limit,
  };
  return peakEquity > 0n && fall < limit
    ? passed(measured)
    : blocked(
        measured,
        'drawdown',
        `Equity has fallen ${formatDecimal(fall)} from its peak of ${formatDecimal(peakEquity)}; the limit is ${pct} %.`,
      );
};
