import { defineCallable } from '../callables/define-callable.ts';
import { handleSaveStrategy } from './handle-save-strategy.ts';

/** Saves a strategy, new or as its next version, when all of it is good (STR-07). */
export const saveStrategy = defineCallable('saveStrategy', (request, { ports, actor }) =>
  handleSaveStrategy(ports, request, actor),
);
