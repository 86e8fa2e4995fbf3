import { defineCallable } from '../callables/define-callable.ts';
import { handleAcknowledgeAlert } from './handle-acknowledge-alert.ts';

/** Marks an alert as seen. */
export const acknowledgeAlert = defineCallable(
  'acknowledgeAlert',
  ({ alertId }, { ports, actor }) => handleAcknowledgeAlert(ports, { alertId, by: actor.name }),
);
