import { defineCallable } from '../callables/define-callable.ts';
import { handleStartBot } from './handle-set-bot-status.ts';

/** Starts a bot: the next cycle evaluates it. */
export const startBot = defineCallable(
  'startBot',
  ({ botId }, { ports }) => handleStartBot(ports, botId),
  { trades: true },
);
