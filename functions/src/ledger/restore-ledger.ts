import { defineCallable } from '../callables/define-callable.ts';
import { handleRestoreLedger } from './handle-restore-ledger.ts';

/** Puts a book back as it was before it was rebuilt (EXE-63). */
export const restoreLedger = defineCallable('restoreLedger', (request, { ports }) =>
  handleRestoreLedger(ports, request),
);
