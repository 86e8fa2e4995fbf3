import { defineCallable } from '../callables/define-callable.ts';
import { handleEnableStrategy } from './handle-enable-strategy.ts';

/** Lets a disabled strategy trade again (RSK-66). */
export const enableStrategy = defineCallable('enableStrategy', (request, { ports }) =>
  handleEnableStrategy(ports, request),
);
