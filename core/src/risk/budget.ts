import { marketKindOf } from '../instrument/instrument.ts';
import {
  addMoney,
  formatDecimal,
  notional,
  subMoney,
  ZERO_MONEY,
  type Money,
} from '../lib/units.ts';
import type { EntryCandidate, GateContext } from '../order/gate-context.ts';
import { blocked, idle, passed, type RiskCheck } from './check.ts';

type Uses = Pick<GateContext, 'positions' | 'workingIntents'>;

/**
 * What a strategy uses of its budget: what its open positions cost and its working entries will (RSK-55).
 *
 * It is reckoned from them each time, so that reserving, confirming and releasing are the same as approving, filling
 * and closing, by one measure (RSK-56): positions cost what was paid, without leverage the margin of futures too.
 */
export function budgetUse({ positions, workingIntents }: Uses, strategyId: string): Money {
  let used = ZERO_MONEY;
  for (const position of positions)
    if (position.strategyId === strategyId) used = addMoney(used, position.cost);
  for (const intent of workingIntents)
    if (intent.strategyId === strategyId && (intent.action === 'ENTER' || intent.action === 'ADD'))
      used = addMoney(used, notional(intent.expectedPrice, intent.quantity, 'ceil'));
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
  const needed = addMoney(budgetUse(context, signal.strategyId), wanted);
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

/** Whether a market binds margin instead of costing its whole value. */
export const isMargined = (marketKey: string): boolean => marketKindOf(marketKey) === 'futures';
