import { healthOf } from '../portfolio/health.ts';
import { dailyPnlPct } from './day.ts';
import type { EntryCandidate, GateContext } from '../order/gate-context.ts';
import { notional, percentRatio, subMoney, ZERO_MONEY, addMoney } from '../lib/units.ts';
import { boundMargin } from '../portfolio/margin.ts';
import type { HealthInputs } from '../portfolio/health.ts';
import { blocked, idle, passed, type RiskCheck } from './check.ts';
import { marginUtilisation } from './margin.ts';

/** What health is made of, by the gate's own figures; what has no price is not known, and counts as worst (PF-63). */
export function healthInputs(
  context: Pick<GateContext, 'risk' | 'positions' | 'priceOf' | 'limits' | 'correlatedShare'>,
): HealthInputs {
  const { risk, positions, limits } = context;
  let open = ZERO_MONEY;
  let losing = 0;
  let isPriced = true;
  for (const { marketKey, quantity, cost, side } of positions) {
    const price = context.priceOf(marketKey);
    if (price === undefined) isPriced = false;
    else {
      const value = notional(price, quantity, side === 'LONG' ? 'floor' : 'ceil');
      const gain = side === 'LONG' ? subMoney(value, cost) : subMoney(cost, value);
      open = addMoney(open, gain);
      if (gain < 0n) losing += 1;
    }
  }
  return {
    dailyPct: dailyPnlPct(risk) ?? null,
    dailyLimitPct: limits.dailyLossPct,
    openPct: isPriced ? (percentRatio(open, risk.equity) ?? null) : null,
    marginShare: marginUtilisation(boundMargin(positions), risk.equity),
    correlatedShare: context.correlatedShare,
    losingShare: isPriced && positions.length > 0 ? losing / positions.length : null,
  };
}

const OFF = idle('portfolioHealth');

/** Gate 16: the health of what is held (PF-60, PF-61). Nothing held is healthy. */
export const checkPortfolioHealth: RiskCheck<EntryCandidate> = ({ context }) => {
  const limit = context.limits.minHealth;
  if (limit === null || context.positions.length === 0) return OFF;
  const { score } = healthOf(healthInputs(context));
  const measured = { check: 'portfolioHealth', value: score, limit };
  if (score >= limit && !context.risk.healthStop) return passed(measured);
  return blocked(
    measured,
    'portfolio_health',
    score < limit
      ? `Portfolio health is ${score.toFixed(1)}; entries want ${limit}.`
      : `Portfolio health is ${score.toFixed(1)} again; entries wait until it was good for a minute.`,
  );
};
