import {
  addMoney,
  formatDecimal,
  moneyOf,
  percentOf,
  percentRatio,
  price,
  qtyFor,
  ZERO_MONEY,
  type Money,
} from '../lib/units.ts';
import type { EntryCandidate } from '../order/gate-context.ts';
import { boundMargin } from '../portfolio/valuation.ts';
import { isMargined } from './budget.ts';
import { blocked, idle, passed, type RiskCheck } from './check.ts';
import { judged } from './market-checks.ts';

const NO_MARGIN = idle('margin');
const MOST_LEVERAGE = 200;

/** An integer of 1 to 200 (RSK-102). */
export const isLeverage = (leverage: number): boolean =>
  Number.isInteger(leverage) && leverage >= 1 && leverage <= MOST_LEVERAGE;

/** Margin that `notional` needs: by the actual leverage, not by the largest that is possible (RSK-50). @throws RangeError unless leverage is one. */
export function requiredMargin(notional: Money, leverage: number): Money {
  if (!isLeverage(leverage))
    throw new RangeError(`Invariant: ${leverage} is an integer of 1 to 200`);
  return moneyOf(qtyFor(notional, price(String(leverage)), 'ceil'));
}

/** Check 8: used and new margin, of equity (RSK-18, RSK-47). Spot binds none. */
export const checkMargin: RiskCheck<EntryCandidate> = ({ signal, wanted, context }) => {
  const { limits, positions, risk, strategy } = context;
  const pct = limits.maxMarginPct;
  if (pct === null) return NO_MARGIN;
  const bindsMore = isMargined(signal.marketKey);
  if (!bindsMore && !positions.some(({ marketKey }) => isMargined(marketKey))) return NO_MARGIN;
  const leverage = strategy?.leverage ?? 1;
  const added = bindsMore && isLeverage(leverage) ? requiredMargin(wanted, leverage) : ZERO_MONEY;
  const total = addMoney(boundMargin(positions), added);
  const limit = percentOf(risk.equity, pct, 'floor');
  const measured = { check: 'margin', value: total, limit };
  return total <= limit
    ? passed(measured)
    : judged(limits, measured, {
        reason: 'margin',
        detail: `Margin of ${formatDecimal(total)} is more than ${pct} % of equity (${formatDecimal(limit)}).`,
      });
};

/** Margin in use, as a share of equity, 0 to 1; `null` when equity says nothing. */
export function marginUtilisation(used: Money, equity: Money): number | null {
  const pct = percentRatio(used, equity);
  return pct === undefined ? null : pct / 100;
}

const NO_LEVERAGE = idle('leverage');

/**
 * Gate 12: an integer of 1 to 200 within the ceiling: the least of what mode, venue and the number's own range allow
 * (RSK-19, RSK-102). A spot market knows none.
 */
export const checkLeverage: RiskCheck<EntryCandidate> = ({ signal, context }) => {
  const leverage = context.strategy?.leverage ?? 1;
  if (leverage === 1) return NO_LEVERAGE;
  const ceiling = isMargined(signal.marketKey)
    ? Math.min(context.limits.maxLeverage, context.maxVenueLeverage ?? 1, MOST_LEVERAGE)
    : 1;
  const measured = { check: 'leverage', value: leverage, limit: ceiling };
  return isLeverage(leverage) && leverage <= ceiling
    ? passed(measured)
    : blocked(
        measured,
        'leverage',
        `A leverage of ${leverage} is not a whole number of 1 to ${ceiling}, the most that mode and venue allow.`,
      );
};
