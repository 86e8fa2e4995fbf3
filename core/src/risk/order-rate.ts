import type { EntryCandidate } from '../order/gate-context.ts';
import type { EpochMs } from '../lib/time.ts';
import { blocked, passed, type RiskCheck } from './check.ts';
import type { RecentOrder } from './risk-state.ts';

const WINDOW_MS = 60_000;
/** What the stored list holds at most; more than any limit needs. */
const KEPT = 200;

/** Orders within any 60 s that end at `now`; one from the future counts too. */
const withinWindow = (recent: readonly RecentOrder[], now: EpochMs): readonly RecentOrder[] =>
  recent.filter(({ at }) => !(now - at >= WINDOW_MS));

/** The list after one more order, without those that no longer count. */
export const recordOrder = (
  recent: readonly RecentOrder[],
  order: RecentOrder,
): readonly RecentOrder[] => [...withinWindow(recent, order.at), order].slice(-KEPT);

/** Gate 9: orders of one strategy per minute (RSK-26); excess is refused, not delayed (RSK-64). */
export const checkStrategyOrderRate: RiskCheck<EntryCandidate> = ({ signal, context }) => {
  const recent = withinWindow(context.risk.recentOrders, context.now);
  const count = recent.filter(({ strategyId }) => strategyId === signal.strategyId).length;
  const limit = context.limits.strategyOrdersPerMinute;
  const measured = { check: 'strategyOrderRate', value: count, limit };
  return count < limit
    ? passed(measured)
    : blocked(
        measured,
        'order_rate',
        `${signal.strategyId} has sent ${count} orders within a minute; ${limit} are allowed.`,
      );
};

/** Gate 9: orders of the whole book per minute (RSK-25). */
export const checkOrderRate: RiskCheck<EntryCandidate> = ({ context }) => {
  const count = withinWindow(context.risk.recentOrders, context.now).length;
  const limit = context.limits.ordersPerMinute;
  const measured = { check: 'orderRate', value: count, limit };
  return count < limit
    ? passed(measured)
    : blocked(
        measured,
        'order_rate',
        `The book has sent ${count} orders within a minute; ${limit} are allowed.`,
      );
};
