import { defineCallable } from '../callables/define-callable.ts';
import { handleStartSession } from './handle-start-session.ts';

/** Starts strategies together, all or none (STR-90). */
export const startSession = defineCallable(
  'startSession',
  (request, { ports, actor }) => handleStartSession(ports, request, actor),
  { trades: true },
);
