import { defineCallable } from '../callables/define-callable.ts';
import { handleCreateBot } from './handle-create-bot.ts';

/** Makes a bot from a preset; it is stopped until somebody starts it. */
export const createBot = defineCallable('createBot', (request, { ports, actor }) =>
  handleCreateBot(ports, request, actor),
);
