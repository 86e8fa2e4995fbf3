import { defineCallable } from '../callables/define-callable.ts';
import { handleSimulateBotTrade } from './handle-simulate-bot-trade.ts';

/** A forced trade through the whole pipeline; paper books only (ARC-63). */
export const simulateBotTrade = defineCallable('simulateBotTrade', (request, { ports, actor }) =>
  handleSimulateBotTrade(ports, { ...request, by: actor.name }),
);
