import { cancelOrder as cancel } from '@tradewind/adapters/execution/cancel-order';
import { defineCallable } from '../callables/define-callable.ts';

/** Cancels one order at a person's wish (EXE-72). */
export const cancelOrder = defineCallable(
  'cancelOrder',
  ({ bookId, orderId }, { ports }) => cancel(ports, { bookId, orderId }),
  { trades: true },
);
