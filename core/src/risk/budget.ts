import {
  addMoney,
  formatDecimal,
  notional,
  subMoney,
  ZERO_MONEY,
  type Money,
} from '../lib/units.ts';
import type { EntryCandidate, GateContext } from '../order/gate-context.ts';
import { requiredMargin, usedBy } from '../portfolio/margin.ts';
import { blocked, idle, passed, type RiskCheck } from './check.ts';
import { boundBy } from './margin.ts';

type Uses = Pick<GateContext, 'positions' | 'workingIntents'>;

/**
 * What a strategy uses of its budget: what its open positions have bound and its working entries will (RSK-55).
 *
 * It is reckoned from them each time, so that reserving, confirming and releasing are the same as approving, filling
 * and closing, by one measure (RSK-56): what was paid on spot, margin on futures.
 */
export function budgetUse({ positions, workingIntents }: Uses, strategyId: string): Money {
  let used = ZERO_MONEY;
  for (const position of positions)
    if (position.strategyId === strategyId) used = addMoney(used, usedBy(position));
  for (const intent of workingIntents)
    if (intent.strategyId === strategyId && (intent.action === 'ENTER' || intent.action === 'ADD'))
      used = addMoney(
        used,
        requiredMargin(
          notional(intent.expectedPrice, intent.quantity, 'ceil'),
          intent.leverage ?? 1,
        ),
      );
  return used;
}

const NO_BUDGET = idle('budget');

/**
 * Gate 13: the strategy's budget covers the entry (RSK-55). Without one a paper book trades on; a live one does not
 * (RSK-57).
 */
export const checkBudget: RiskCheck<EntryCandidate> = ({ signal, wanted, context }) => {
  const { allocated, book } = context;
  if (allocated === null) {
    if (book.mode === 'paper') return NO_BUDGET;
    return blocked(
      { check: 'budget', value: wanted, limit: null },
      'budget_exhausted',
      `${signal.strategyId} has no budget: an admin allocates one before it may trade live.`,
    );
  }
  const needed = addMoney(budgetUse(context, signal.strategyId), boundBy(wanted, signal, context));
  const measured = { check: 'budget', value: needed, limit: allocated };
  return needed <= allocated
    ? passed(measured)
    : blocked(
        measured,
        'budget_exhausted',
        `${signal.strategyId} would use ${formatDecimal(needed)} of its budget of ${formatDecimal(allocated)}.`,
      );
};

/** Drift below this is rounding (RSK-57). */
const DRIFT_TOLERANCE = 10_000_000_000_000_000n;

/** What a budget's stored use is off by; `null` when it is within 0.01 (RSK-57). */
export function budgetDrift(stored: Money, actual: Money): Money | null {
  const drift = subMoney(stored, actual);
  return drift > DRIFT_TOLERANCE || drift < -DRIFT_TOLERANCE ? drift : null;
}

/** Whether allocations fit into what there is (RSK-55). */
export const fitsEquity = (allocations: readonly Money[], equity: Money): boolean =>
  allocations.reduce((sum, amount) => addMoney(sum, amount), ZERO_MONEY) <= equity;
