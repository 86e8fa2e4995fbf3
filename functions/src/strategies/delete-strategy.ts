import { defineCallable } from '../callables/define-callable.ts';
import { handleDeleteStrategy } from './handle-delete-strategy.ts';

/** Takes away a strategy that is stopped and holds nothing. */
export const deleteStrategy = defineCallable('deleteStrategy', ({ strategyId }, { ports }) =>
  handleDeleteStrategy(ports, strategyId),
);
