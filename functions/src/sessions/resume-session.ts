import { defineCallable } from '../callables/define-callable.ts';
import { handleResumeSession } from './handle-pause-session.ts';

/** Lets a paused session enter again. */
export const resumeSession = defineCallable('resumeSession', ({ sessionId }, { ports }) =>
  handleResumeSession(ports, sessionId),
);
