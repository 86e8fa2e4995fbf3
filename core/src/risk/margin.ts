import { isFuturesKey } from '../instrument/instrument.ts';
import {
  addMoney,
  formatDecimal,
  percentOf,
  percentRatio,
  ZERO_MONEY,
  type Money,
} from '../lib/units.ts';
import type { EntryCandidate, GateContext } from '../order/gate-context.ts';
import { boundMargin, isLeverage, requiredMargin } from '../portfolio/margin.ts';
import type { Signal } from '../strategy/decision.ts';
import { blocked, idle, passed, type RiskCheck } from './check.ts';
import { judged } from './market-checks.ts';

const NO_MARGIN = idle('margin');

/** Most leverage that a future may have here: not known at the venue = none beyond 1 (RSK-102). */
const ceilingOf = ({ limits, maxVenueLeverage }: Asked): number =>
  Math.min(limits.maxLeverage, maxVenueLeverage ?? 1);

type Asked = Pick<GateContext, 'limits' | 'strategy' | 'maxVenueLeverage'>;

/**
 * Leverage that an entry is made with (RSK-19): the strategy's own, or where it says nothing the default of the book's
 * limits, as far as the venue goes. Spot has 1.
 */
export function entryLeverage(asked: Asked, marketKey: string): number {
  const own = asked.strategy?.leverage;
  if (own !== undefined) return own;
  return isFuturesKey(marketKey) ? Math.min(asked.limits.defaultLeverage, ceilingOf(asked)) : 1;
}

/** What an entry of `wanted` binds: all of it on spot, its margin on futures. What is no leverage is refused by its own check. */
export function boundBy(
  wanted: Money,
  { marketKey }: Pick<Signal, 'marketKey'>,
  context: Asked,
): Money {
  const leverage = entryLeverage(context, marketKey);
  return isLeverage(leverage) ? requiredMargin(wanted, leverage) : wanted;
}

/** Check 8: used and new margin, of equity (RSK-18, RSK-47). Spot binds none. */
export const checkMargin: RiskCheck<EntryCandidate> = ({ signal, wanted, context }) => {
  const { limits, positions, risk } = context;
  const pct = limits.maxMarginPct;
  if (pct === null) return NO_MARGIN;
  const bindsMore = isFuturesKey(signal.marketKey);
  if (!bindsMore && !positions.some(({ marketKey }) => isFuturesKey(marketKey))) return NO_MARGIN;
  const added = bindsMore ? boundBy(wanted, signal, context) : ZERO_MONEY;
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
  const leverage = entryLeverage(context, signal.marketKey);
  if (leverage === 1) return NO_LEVERAGE;
  const ceiling = isFuturesKey(signal.marketKey) ? ceilingOf(context) : 1;
  const measured = { check: 'leverage', value: leverage, limit: ceiling };
  return isLeverage(leverage) && leverage <= ceiling
    ? passed(measured)
    : blocked(
        measured,
        'leverage',
        `A leverage of ${leverage} is not a whole number of 1 to ${ceiling}, the most that mode and venue allow.`,
      );
};
