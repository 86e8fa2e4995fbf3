import type { CommandReply } from '@tradewind/contracts/callables';
import { ok, type Result } from '@tradewind/core/lib/result';
import type { EpochMs } from '@tradewind/core/lib/time';
import type {
  CallFailure,
  DeskPorts,
  RawSnapshot,
  Session,
  WatchListener,
  WatchTarget,
} from '../lib/ports.ts';
import { T0 } from './documents.ts';

export type Sent = { readonly name: string; readonly request: unknown };

/** A world in memory: tests put documents into it and read what was sent. */
export type FakeWorld = {
  readonly ports: DeskPorts;
  readonly sent: readonly Sent[];
  readonly listening: () => readonly string[];
  /** Documents of a path, by path of document, in their stored form. */
  readonly put: (path: string, documents: Readonly<Record<string, unknown>>) => void;
  readonly fromCache: (path: string) => void;
  readonly fail: (path: string, message: string) => void;
  readonly reply: (next: Result<CommandReply, CallFailure>) => void;
  readonly setSession: (session: Session) => void;
  readonly setNow: (now: EpochMs) => void;
};

const REPLY: CommandReply = { ok: true, code: 'done', message: 'Done.' };

export function fakeWorld(session: Session = { kind: 'signedOut' }): FakeWorld {
  const stored = new Map<string, RawSnapshot>();
  const listeners = new Map<WatchListener, WatchTarget>();
  const sent: Sent[] = [];
  let sessionListener: ((session: Session) => void) | null = null;
  let current = session;
  let next: Result<CommandReply, CallFailure> = ok(REPLY);
  let now: EpochMs = T0;
  let commands = 0;
  const tell = (path: string, act: (listener: WatchListener) => void): void => {
    for (const [listener, target] of listeners) if (target.path === path) act(listener);
  };
  const store = (path: string, snapshot: RawSnapshot): void => {
    stored.set(path, snapshot);
    tell(path, (listener) => {
      listener.next(snapshot);
    });
  };
  return {
    sent,
    listening: () => [...listeners.values()].map(({ path }) => path),
    put: (path, documents) => {
      store(path, {
        documents: Object.entries(documents).map(([id, data]) => ({ path: `${path}/${id}`, data })),
        fromCache: false,
      });
    },
    fromCache: (path) => {
      store(path, { documents: stored.get(path)?.documents ?? [], fromCache: true });
    },
    fail: (path, message) => {
      tell(path, (listener) => {
        listener.failed(message);
      });
    },
    reply: (answer) => {
      next = answer;
    },
    setSession: (changed) => {
      current = changed;
      sessionListener?.(changed);
    },
    setNow: (at) => {
      now = at;
    },
    ports: {
      wallNow: () => now,
      newCommandId: () => `00000000-0000-4000-8000-${String((commands += 1)).padStart(12, '0')}`,
      watch: (target, listener) => {
        listeners.set(listener, target);
        listener.next(stored.get(target.path) ?? { documents: [], fromCache: false });
        return () => {
          listeners.delete(listener);
        };
      },
      call: async (name, request) => {
        sent.push({ name, request });
        return next;
      },
      watchSession: (listener) => {
        sessionListener = listener;
        listener(current);
        return () => {
          sessionListener = null;
        };
      },
      signIn: async () => ok(null),
      signOut: async () => undefined,
      refreshSession: async () => undefined,
      mailboxUrl: null,
    },
  };
}
