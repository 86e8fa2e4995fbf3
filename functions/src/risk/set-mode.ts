import { defineCallable } from '../callables/define-callable.ts';
import { handleSetMode } from './handle-set-mode.ts';

/** Changes the limit profile of a live book (RSK-06). */
export const setMode = defineCallable('setMode', (request, { ports }) =>
  handleSetMode(ports, request),
);
