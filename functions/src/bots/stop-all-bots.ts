import { defineCallable } from '../callables/define-callable.ts';
import { handleStopAllBots } from './handle-stop-all-bots.ts';

/** Stops every bot of a book, or of all books; positions keep their protection. */
export const stopAllBots = defineCallable('stopAllBots', ({ bookId }, { ports }) =>
  handleStopAllBots(ports, bookId),
);
