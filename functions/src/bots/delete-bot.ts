import { defineCallable } from '../callables/define-callable.ts';
import { handleDeleteBot } from './handle-delete-bot.ts';

/** Takes away a bot that is stopped and holds nothing. */
export const deleteBot = defineCallable('deleteBot', ({ botId }, { ports }) =>
  handleDeleteBot(ports, botId),
);
