import { defineCallable } from '../callables/define-callable.ts';
import { handleSetRiskLimits } from './handle-set-risk-limits.ts';

/** Changes limits of a book (RSK-01, RSK-120). */
export const setRiskLimits = defineCallable('setRiskLimits', (request, { ports, actor }) =>
  handleSetRiskLimits(ports, request, actor.name),
);
