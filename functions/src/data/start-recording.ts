import { startSession } from '@tradewind/adapters/archive/start-session';
import { hashId } from '@tradewind/core/lib/ids';
import { defineCallable } from '../callables/define-callable.ts';

/** Starts a recording: the worker follows its markets and closes it when its time is over (MD-91). */
export const startRecording = defineCallable(
  'startRecording',
  ({ commandId, ...request }, { ports, actor }) =>
    startSession(ports, {
      ...request,
      sessionId: hashId('session', commandId),
      startedBy: actor.name,
    }),
);
