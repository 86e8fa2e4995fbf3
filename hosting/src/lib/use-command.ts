import type { CallableName, CallableRequest, CommandReply } from '@tradewind/contracts/callables';
import { useCallback, useRef, useState } from 'react';
import { useDesk } from './desk-context.tsx';

/** Progress of one command, as the server tells it (UI-70). */
export type CommandState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running' }
  | { readonly kind: 'replied'; readonly reply: CommandReply }
  | { readonly kind: 'failed'; readonly message: string };

export type Command<N extends CallableName> = {
  readonly state: CommandState;
  readonly run: (request: (commandId: string) => CallableRequest<N>) => Promise<CommandState>;
  readonly reset: () => void;
};

/**
 * Sends a command, one at a time.
 *
 * The commandId is kept while it is unknown whether the server got it, so that trying again cannot
 * act twice; an answer ends it. Nothing is queued: a command that cannot go now fails now (UI-16).
 */
export function useCommand<N extends CallableName>(name: N): Command<N> {
  const { ports } = useDesk();
  const [state, setState] = useState<CommandState>({ kind: 'idle' });
  const commandId = useRef<string | null>(null);
  const running = useRef(false);

  const run = useCallback(
    async (request: (commandId: string) => CallableRequest<N>): Promise<CommandState> => {
      if (running.current) return { kind: 'running' };
      running.current = true;
      setState({ kind: 'running' });
      commandId.current ??= ports.newCommandId();
      const answer = await ports.call(name, request(commandId.current));
      running.current = false;
      if (answer.ok || !answer.error.retryable) commandId.current = null;
      const next: CommandState = answer.ok
        ? { kind: 'replied', reply: answer.value }
        : { kind: 'failed', message: answer.error.message };
      setState(next);
      return next;
    },
    [name, ports],
  );
  const reset = useCallback(() => {
    commandId.current = null;
    setState({ kind: 'idle' });
  }, []);
  return { state, run, reset };
}
