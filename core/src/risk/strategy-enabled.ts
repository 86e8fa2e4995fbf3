import type { EntryCandidate } from '../order/gate-context.ts';
import { blocked, passed, type RiskCheck } from './check.ts';

/** Gate 3: the strategy runs. One that is not known counts as disabled (RSK-02). */
export const checkStrategyEnabled: RiskCheck<EntryCandidate> = ({ signal, context }) => {
  const settings = context.strategy;
  const isOn = settings?.strategyId === signal.strategyId && settings.enabled;
  const measured = { check: 'strategyEnabled', value: String(isOn), limit: 'true' };
  return isOn
    ? passed(measured)
    : blocked(measured, 'disabled', `Strategy ${signal.strategyId} is not running.`);
};
