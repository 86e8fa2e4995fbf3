import type { CallableName, CallableRequest, CommandReply } from '@tradewind/contracts/callables';
import type { PresenceDoc, Role } from '@tradewind/contracts/documents/system';
import type { Result } from '@tradewind/core/lib/result';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { WatchTarget } from '@tradewind/contracts/watch-targets';
import type { RawDocument } from './loaded.ts';

export type { WatchTarget } from '@tradewind/contracts/watch-targets';

export type RawSnapshot = {
  readonly documents: readonly RawDocument[];
  readonly fromCache: boolean;
  /** Documents that the server sent for it, each a billed read; left out = not known. */
  readonly reads?: number;
};

export type WatchListener = {
  readonly next: (snapshot: RawSnapshot) => void;
  readonly failed: (message: string) => void;
};

/** Who looks: `role` is null for a user whom no admin has given one. */
export type Session =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'signedOut' }
  | {
      readonly kind: 'signedIn';
      readonly uid: string;
      readonly email: string;
      readonly role: Role | null;
    };

/** Why a command has no reply. `retryable`: it may have run, so the same commandId must be kept. */
export type CallFailure = { readonly message: string; readonly retryable: boolean };

/** Everything of the world that the dashboard touches. */
export type DeskPorts = {
  readonly wallNow: () => EpochMs;
  readonly newCommandId: () => string;
  readonly watch: (target: WatchTarget, listener: WatchListener) => () => void;
  readonly call: <N extends CallableName>(
    name: N,
    request: CallableRequest<N>,
  ) => Promise<Result<CommandReply, CallFailure>>;
  readonly watchSession: (listener: (session: Session) => void) => () => void;
  /** The error is text for the person at the form. */
  readonly signIn: (email: string, password: string) => Promise<Result<null, string>>;
  readonly signOut: () => Promise<void>;
  /** Fetches the token anew, so that a role given just now counts. */
  readonly refreshSession: () => Promise<void>;
  /** Says that a tab is watched, or no longer; failures are no news: presence fades by itself. */
  readonly presence: {
    readonly show: (uid: string, tab: string, presence: PresenceDoc) => void;
    readonly clear: (uid: string, tab: string) => void;
  };
  /** Page of captured mails, on a local desk. */
  readonly mailboxUrl: string | null;
};
