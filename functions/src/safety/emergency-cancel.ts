import { emergencyCancel as stop } from '@tradewind/adapters/execution/emergency-cancel';
import { defineCallable } from '../callables/define-callable.ts';

/** Stops everything at a person's wish (RSK-90). */
export const emergencyCancel = defineCallable(
  'emergencyCancel',
  ({ bookId, flatten }, { ports, actor }) => stop(ports, { bookId, flatten, by: actor.name }),
  { trades: true },
);
