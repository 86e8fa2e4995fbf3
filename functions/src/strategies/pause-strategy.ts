import { defineCallable } from '../callables/define-callable.ts';
import { handleStrategyCommand } from './handle-strategy-command.ts';

/** Pauses a strategy: no entries; exits go on being decided (STR-91). */
export const pauseStrategy = defineCallable(
  'pauseStrategy',
  ({ strategyId }, { ports }) => handleStrategyCommand(ports, strategyId, 'pause'),
  { trades: true },
);
