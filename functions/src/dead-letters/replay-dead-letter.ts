import { defineCallable } from '../callables/define-callable.ts';
import { handleReplayDeadLetter } from './handle-replay-dead-letter.ts';

/** Has a task run again that had exhausted its retries (ARC-55). */
export const replayDeadLetter = defineCallable('replayDeadLetter', (request, { ports }) =>
  handleReplayDeadLetter(ports, request),
);
