import { stopSession } from '@tradewind/adapters/archive/start-session';
import { defineCallable } from '../callables/define-callable.ts';

/** Ends a recording: the worker closes its files and writes its report (MD-91). */
export const stopRecording = defineCallable('stopRecording', ({ sessionId }, { ports }) =>
  stopSession(ports, sessionId),
);
