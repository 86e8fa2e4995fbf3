import { defineCallable } from '../callables/define-callable.ts';
import { handleStrategyCommand } from './handle-strategy-command.ts';

/** Stops a strategy: it decides nothing more; its positions keep their protection. */
export const stopStrategy = defineCallable(
  'stopStrategy',
  ({ strategyId }, { ports }) => handleStrategyCommand(ports, strategyId, 'stop'),
  { trades: true },
);
