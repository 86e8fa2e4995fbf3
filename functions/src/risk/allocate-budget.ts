import { defineCallable } from '../callables/define-callable.ts';
import { handleAllocateBudget } from './handle-allocate-budget.ts';

/** Allots an amount to a strategy (RSK-55). */
export const allocateBudget = defineCallable('allocateBudget', (request, { ports, actor }) =>
  handleAllocateBudget(ports, request, actor.name),
);
