import { defineCallable } from '../callables/define-callable.ts';
import { handleStrategyCommand } from './handle-strategy-command.ts';

/** Starts a strategy with fresh states: the next cycle evaluates it. */
export const startStrategy = defineCallable(
  'startStrategy',
  ({ strategyId }, { ports }) => handleStrategyCommand(ports, strategyId, 'start'),
  { trades: true },
);
