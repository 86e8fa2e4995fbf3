import { defineCallable } from '../callables/define-callable.ts';
import { handleSaveTradingConfig } from './handle-save-trading-config.ts';

/** Saves a trading configuration of one's own (STR-72); sessions that run keep the one that they began with. */
export const saveTradingConfig = defineCallable('saveTradingConfig', (request, { ports, actor }) =>
  handleSaveTradingConfig(ports, request, actor),
);
