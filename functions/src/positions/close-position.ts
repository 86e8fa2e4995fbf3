import { closePosition as close } from '@tradewind/adapters/execution/close-position';
import { defineCallable } from '../callables/define-callable.ts';

/** Closes a position at a person's wish (EXE-70). */
export const closePosition = defineCallable(
  'closePosition',
  ({ bookId, positionId }, { ports }) => close(ports, { bookId, positionId }),
  { trades: true },
);
