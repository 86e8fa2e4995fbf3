import { defineCallable } from '../callables/define-callable.ts';
import { handleStrategyCommand } from './handle-strategy-command.ts';

/** Lets a paused strategy enter again. */
export const resumeStrategy = defineCallable(
  'resumeStrategy',
  ({ strategyId }, { ports }) => handleStrategyCommand(ports, strategyId, 'resume'),
  { trades: true },
);
