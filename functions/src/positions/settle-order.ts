import { settleOrder as settle } from '@tradewind/adapters/execution/settle-order';
import { defineCallable } from '../callables/define-callable.ts';

/** Ends an order that stays unclear as an admin decides (EXE-23). */
export const settleOrder = defineCallable(
  'settleOrder',
  ({ bookId, orderId, decision, evidence }, { ports }) =>
    settle(ports, { bookId, orderId, decision, evidence }),
  { trades: true },
);
