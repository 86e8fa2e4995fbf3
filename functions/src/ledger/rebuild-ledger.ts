import { defineCallable } from '../callables/define-callable.ts';
import { handleRebuildLedger } from './handle-rebuild-ledger.ts';

/** Builds a book anew from the venue's fills at an admin's wish (EXE-63). */
export const rebuildLedger = defineCallable(
  'rebuildLedger',
  (request, { ports }) => handleRebuildLedger(ports, request),
  { trades: true },
);
