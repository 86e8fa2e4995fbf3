import {
  addMoney,
  formatDecimal,
  notional,
  percentOf,
  qtyFor,
  subMoney,
  ZERO_MONEY,
  type Money,
} from '../lib/units.ts';
import type { EntryCandidate, GateContext, WorkingIntent } from '../order/gate-context.ts';
import type { Position } from '../portfolio/position.ts';
import { effectiveStop } from '../portfolio/protection.ts';
import { blocked, idle, passed, type RiskCheck } from './check.ts';

/** What a position loses when its stop is filled at its price, entry fees left out; never below zero. */
export function lossToStop({ side, quantity, cost, protection }: Position): Money {
  const { price } = effectiveStop(protection, side);
  const value = notional(price, quantity, side === 'LONG' ? 'floor' : 'ceil');
  const loss = side === 'LONG' ? subMoney(cost, value) : subMoney(value, cost);
  return loss > 0n ? loss : ZERO_MONEY;
}

/** Percent of an entry that its stop may lose; all of it where no stop is known. */
const stopPct = (context: GateContext, strategyId: string): number =>
  Math.min(100, context.stopLossPctOf(strategyId) ?? 100);

const pendingRisk = (context: GateContext, intent: WorkingIntent): Money =>
  percentOf(
    notional(intent.expectedPrice, intent.quantity, 'ceil'),
    stopPct(context, intent.strategyId),
    'ceil',
  );

/** Loss of an entry at its stop: the tighter of what its strategy named and its document's percentage. */
function newRisk({ signal, wanted, context }: EntryCandidate): Money {
  const byPct = percentOf(wanted, stopPct(context, signal.strategyId), 'ceil');
  const { suggestedStop, expectedPrice, direction } = signal;
  if (suggestedStop === null || expectedPrice <= 0n) return byPct;
  const quantity = qtyFor(wanted, expectedPrice, 'ceil');
  const isLong = direction === 'LONG';
  const value = notional(suggestedStop, quantity, isLong ? 'floor' : 'ceil');
  const named = isLong ? subMoney(wanted, value) : subMoney(value, wanted);
  if (named <= 0n) return byPct;
  return named < byPct ? named : byPct;
}

const OFF = idle('portfolioRisk');

/** Check 9: what all stops together may lose, the new one included (RSK-15, RSK-48); reaching it is allowed. */
export const checkPortfolioRisk: RiskCheck<EntryCandidate> = (candidate) => {
  const { context } = candidate;
  const { limits, positions, workingIntents, risk } = context;
  if (limits.maxRiskPct === null) return OFF;
  let total = newRisk(candidate);
  for (const position of positions) total = addMoney(total, lossToStop(position));
  for (const intent of workingIntents)
    if (intent.action === 'ENTER' || intent.action === 'ADD')
      total = addMoney(total, pendingRisk(context, intent));
  const limit = percentOf(risk.equity, limits.maxRiskPct, 'floor');
  const measured = { check: 'portfolioRisk', value: total, limit };
  return total <= limit
    ? passed(measured)
    : blocked(
        measured,
        'drawdown',
        `All stops together would lose ${formatDecimal(total)}, more than ${limits.maxRiskPct} % of equity (${formatDecimal(limit)}).`,
      );
};
