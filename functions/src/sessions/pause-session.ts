import { defineCallable } from '../callables/define-callable.ts';
import { handlePauseSession } from './handle-pause-session.ts';

/** Stops a session's entries; exits go on (STR-91). */
export const pauseSession = defineCallable(
  'pauseSession',
  ({ sessionId }, { ports }) => handlePauseSession(ports, sessionId),
  { trades: true },
);
