import { defineCallable } from '../callables/define-callable.ts';
import { handleSetTargetRange } from './handle-set-target-range.ts';

/** Sets what reports compare a book's month with (PF-93). */
export const setTargetRange = defineCallable('setTargetRange', (request, { ports }) =>
  handleSetTargetRange(ports, request),
);
