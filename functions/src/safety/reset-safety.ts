import { resetSafety as reset } from '@tradewind/adapters/execution/reset-safety';
import { defineCallable } from '../callables/define-callable.ts';
import { environment } from '../composition.ts';

/** The way back from an emergency stop (RSK-94). */
export const resetSafety = defineCallable(
  'resetSafety',
  ({ bookId }, { ports }) => reset(ports, { bookId, minMs: environment().resetMinMs }),
  { trades: true },
);
