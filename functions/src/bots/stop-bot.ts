import { defineCallable } from '../callables/define-callable.ts';
import { handleStopBot } from './handle-set-bot-status.ts';

/** Stops a bot: it decides nothing more; its open position keeps its protection. */
export const stopBot = defineCallable('stopBot', ({ botId }, { ports }) =>
  handleStopBot(ports, botId),
);
