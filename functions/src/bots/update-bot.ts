import { defineCallable } from '../callables/define-callable.ts';
import { handleUpdateBot } from './handle-update-bot.ts';

/** Changes a bot's settings: its next version (STR-07). */
export const updateBot = defineCallable('updateBot', (request, { ports, actor }) =>
  handleUpdateBot(ports, request, actor),
);
