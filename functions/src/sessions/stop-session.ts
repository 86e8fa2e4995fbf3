import { defineCallable } from '../callables/define-callable.ts';
import { handleStopSession } from './handle-stop-session.ts';

/** Stops a session, and sells what it holds when `closePositions` says so (STR-91). */
export const stopSession = defineCallable(
  'stopSession',
  (request, { ports }) => handleStopSession(ports, request),
  { trades: true },
);
