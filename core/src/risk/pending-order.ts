import type { EntryCandidate, WorkingIntent } from '../order/gate-context.ts';
import type { Signal } from '../strategy/decision.ts';
import { blocked, passed, type Finding, type RiskCheck } from './check.ts';

/** The intent of the same strategy and symbol that has not ended, if there is one. */
export const findPending = (
  signal: Signal,
  workingIntents: readonly WorkingIntent[],
): WorkingIntent | undefined =>
  workingIntents.find(
    ({ strategyId, symbol }) => strategyId === signal.strategyId && symbol === signal.symbol,
  );

/**
 * Gate 7: one order at a time per strategy and symbol (RSK-27, RSK-61).
 *
 * An order whose fate is unknown counts: it may exist (EXE-22).
 */
export const checkPendingOrder: RiskCheck<EntryCandidate> = ({ signal, context }): Finding => {
  const pending = findPending(signal, context.workingIntents);
  const measured = { check: 'pendingOrder', value: pending?.intentId ?? null, limit: null };
  return pending === undefined
    ? passed(measured)
    : blocked(
        measured,
        'pending_order',
        `${signal.strategyId} already has an order in ${signal.symbol} that has not ended.`,
      );
};
