import { defineCallable } from '../callables/define-callable.ts';
import { handleDiscardDeadLetter } from './handle-discard-dead-letter.ts';

/** Gives up a task that had exhausted its retries (ARC-55). */
export const discardDeadLetter = defineCallable('discardDeadLetter', (request, { ports }) =>
  handleDiscardDeadLetter(ports, request),
);
