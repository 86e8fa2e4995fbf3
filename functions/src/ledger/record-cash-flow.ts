import { defineCallable } from '../callables/define-callable.ts';
import { handleRecordCashFlow } from './handle-record-cash-flow.ts';

/** Cash that came or left without a trade, entered by a person (PF-38). */
export const recordCashFlow = defineCallable('recordCashFlow', (request, { ports, actor }) =>
  handleRecordCashFlow(ports, { ...request, by: actor.name }),
);
