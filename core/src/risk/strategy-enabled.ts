import type { EntryCandidate } from '../order/gate-context.ts';
import { blocked, passed, type RiskCheck } from './check.ts';

/** Gate 3: the strategy runs and was not disabled for what it did. One that is not known counts as disabled (RSK-02). */
export const checkStrategyEnabled: RiskCheck<EntryCandidate> = ({ signal, context }) => {
  const settings = context.strategy;
  const isOn = settings?.strategyId === signal.strategyId && settings.enabled;
  const measured = { check: 'strategyEnabled', value: String(isOn), limit: 'true' };
  const disabled = context.risk.traders[signal.strategyId]?.disabled ?? null;
  if (disabled !== null)
    return blocked(
      { check: 'strategyEnabled', value: disabled.reason, limit: 'true' },
      'disabled',
      `${signal.strategyId} was disabled: ${disabled.detail}. An admin enables it again.`,
    );
  return isOn
    ? passed(measured)
    : blocked(measured, 'disabled', `Strategy ${signal.strategyId} is not running.`);
};
