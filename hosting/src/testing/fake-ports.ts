import type { PresenceDoc } from '@tradewind/contracts/documents/system';
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

type Sent = { readonly name: string; readonly request: unknown };

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
  /** Tabs that say they are there, and how often one said so. */
  readonly present: () => readonly PresenceDoc[];
  readonly shown: () => number;
  readonly setSession: (session: Session) => void;
  readonly setNow: (now: EpochMs) => void;
};

const REPLY: CommandReply = { ok: true, code: 'done', message: 'Done.' };

/** Documents and who listens to them. */
function fakeStore() {
  const stored = new Map<string, RawSnapshot>();
  const listeners = new Map<WatchListener, WatchTarget>();
  const tell = (path: string, act: (listener: WatchListener) => void): void => {
    for (const [listener, target] of listeners) if (target.path === path) act(listener);
  };
  return {
    listeners,
    tell,
    get: (path: string): RawSnapshot => stored.get(path) ?? { documents: [], fromCache: false },
    set: (path: string, snapshot: RawSnapshot): void => {
      stored.set(path, snapshot);
      tell(path, (listener) => {
        listener.next(snapshot);
      });
    },
  };
}
type Store = ReturnType<typeof fakeStore>;

const watchOf =
  ({ listeners, get }: Store): DeskPorts['watch'] =>
  (target, listener) => {
    listeners.set(listener, target);
    listener.next(get(target.path));
    return () => {
      listeners.delete(listener);
    };
  };

const quiet = {
  signIn: () => Promise.resolve(ok(null)),
  signOut: () => Promise.resolve(),
  refreshSession: () => Promise.resolve(),
  mailboxUrl: null,
} as const;

/** Tabs that say they are there. */
function fakePresence() {
  const tabs = new Map<string, PresenceDoc>();
  let shown = 0;
  const presence: DeskPorts['presence'] = {
    show: (uid, tab, stamp) => {
      shown += 1;
      tabs.set(`${uid}/${tab}`, stamp);
    },
    clear: (uid, tab) => {
      tabs.delete(`${uid}/${tab}`);
    },
  };
  return { presence, present: () => [...tabs.values()], shown: () => shown };
}

export function fakeWorld(session: Session = { kind: 'signedOut' }): FakeWorld {
  const store = fakeStore();
  const sent: Sent[] = [];
  let sessionListener: ((session: Session) => void) | null = null;
  let next: Result<CommandReply, CallFailure> = ok(REPLY);
  let now: EpochMs = T0;
  let commands = 0;
  const tabs = fakePresence();
  return {
    sent,
    listening: () => [...store.listeners.values()].map(({ path }) => path),
    put: (path, all) => {
      const documents = Object.entries(all).map(([id, data]) => ({ path: `${path}/${id}`, data }));
      store.set(path, { documents, fromCache: false });
    },
    fromCache: (path) => {
      store.set(path, { ...store.get(path), fromCache: true });
    },
    fail: (path, message) => {
      store.tell(path, (listener) => {
        listener.failed(message);
      });
    },
    reply: (answer) => {
      next = answer;
    },
    present: tabs.present,
    shown: tabs.shown,
    setSession: (changed) => sessionListener?.(changed),
    setNow: (at) => {
      now = at;
    },
    ports: {
      ...quiet,
      wallNow: () => now,
      newCommandId: () => `00000000-0000-4000-8000-${String((commands += 1)).padStart(12, '0')}`,
      watch: watchOf(store),
      presence: tabs.presence,
      call: (name, request) => {
        sent.push({ name, request });
        return Promise.resolve(next);
      },
      watchSession: (listener) => {
        sessionListener = listener;
        listener(session);
        return () => {
          sessionListener = null;
        };
      },
    },
  };
}
