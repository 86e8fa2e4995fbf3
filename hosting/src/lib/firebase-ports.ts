import { commandReply, type CallableName } from '@tradewind/contracts/callables';
import { presenceDoc, role as roleSchema } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { err, ok } from '@tradewind/core/lib/result';
import { epochMs } from '@tradewind/core/lib/time';
import { FirebaseError, initializeApp } from 'firebase/app';
import {
  connectAuthEmulator,
  browserLocalPersistence,
  indexedDBLocalPersistence,
  initializeAuth,
  onIdTokenChanged,
  signInWithEmailAndPassword,
  signOut,
  type User,
} from 'firebase/auth';
import {
  connectFirestoreEmulator,
  deleteDoc,
  doc,
  initializeFirestore,
  setDoc,
} from 'firebase/firestore';
import { connectFunctionsEmulator, getFunctions, httpsCallable } from 'firebase/functions';
import { encode } from 'zod';
import { watchFirestore } from './firestore-watch.ts';
import type { CallFailure, DeskPorts, Session } from './ports.ts';
import type { RuntimeConfig } from './runtime-config.ts';

/** Answers after which the command may still have run, or may run. */
const UNCLEAR = ['functions/unavailable', 'functions/deadline-exceeded', 'functions/internal'];
const CALL_TIMEOUT_MS = 30_000;
const TOKEN_CHECK_MS = 60_000;

const signInErrors: Readonly<Record<string, string>> = {
  'auth/invalid-credential': 'This e-mail and password do not belong together.',
  'auth/user-not-found': 'This e-mail and password do not belong together.',
  'auth/wrong-password': 'This e-mail and password do not belong together.',
  'auth/invalid-email': 'This is not an e-mail address.',
  'auth/user-disabled': 'This account is disabled. Ask an administrator.',
  'auth/too-many-requests': 'Too many attempts. Wait a few minutes.',
  'auth/network-request-failed': 'The sign-in service cannot be reached. Check your connection.',
};

async function sessionOf(user: User | null): Promise<Session> {
  if (user === null) return { kind: 'signedOut' };
  const { claims } = await user.getIdTokenResult();
  const role = roleSchema.safeParse(claims['role']);
  return {
    kind: 'signedIn',
    uid: user.uid,
    email: user.email ?? user.uid,
    role: role.success ? role.data : null,
  };
}

function callFailure(error: unknown): CallFailure {
  if (!(error instanceof FirebaseError)) throw error;
  const retryable = UNCLEAR.includes(error.code);
  const message = retryable
    ? `No clear answer from the server (${error.message}). Try again: it will not act twice.`
    : error.message;
  return { message, retryable };
}

function connect(config: RuntimeConfig) {
  const app = initializeApp(
    config.kind === 'desk'
      ? { projectId: config.projectId, apiKey: config.apiKey }
      : {
          projectId: config.projectId,
          apiKey: config.apiKey,
          ...(config.authDomain === undefined ? {} : { authDomain: config.authDomain }),
          ...(config.appId === undefined ? {} : { appId: config.appId }),
        },
  );
  // Without the pop-up and redirect parts of getAuth, which no page here uses.
  const auth = initializeAuth(app, {
    persistence: [indexedDBLocalPersistence, browserLocalPersistence],
  });
  const db = initializeFirestore(app, { experimentalAutoDetectLongPolling: true });
  const functions = getFunctions(app, 'us-central1');
  if (config.kind === 'desk') {
    const host = location.hostname;
    connectAuthEmulator(auth, `http://${host}:${config.authPort}`, { disableWarnings: true });
    connectFirestoreEmulator(db, host, config.firestorePort);
    connectFunctionsEmulator(functions, host, config.functionsPort);
  }
  return { auth, db, functions };
}

/** The real world: Firebase as `config` tells, the browser's clock and randomness. */
export function firebasePorts(config: RuntimeConfig): DeskPorts {
  const { auth, db, functions } = connect(config);
  return {
    wallNow: () => epochMs(Date.now()),
    newCommandId: () => crypto.randomUUID(),
    watch: (target, listener) => watchFirestore(db, target, listener),
    call: async (name: CallableName, request) => {
      const callable = httpsCallable(functions, name, { timeout: CALL_TIMEOUT_MS });
      try {
        const reply = commandReply.safeParse((await callable(request)).data);
        return reply.success
          ? ok(reply.data)
          : err({
              message: 'The server answered in a form that this page does not know. Reload it.',
              retryable: true,
            });
      } catch (error) {
        return err(callFailure(error));
      }
    },
    watchSession: (listener) => {
      const stop = onIdTokenChanged(auth, (user) => {
        void sessionOf(user).then(listener);
      });
      // An expired sign-in shows itself only when the token is asked for; the SDK then signs out.
      const timer = setInterval(() => {
        auth.currentUser?.getIdToken().catch(() => undefined);
      }, TOKEN_CHECK_MS);
      return () => {
        stop();
        clearInterval(timer);
      };
    },
    signIn: async (email, password) => {
      try {
        await signInWithEmailAndPassword(auth, email, password);
        return ok(null);
      } catch (error) {
        if (!(error instanceof FirebaseError)) throw error;
        return err(signInErrors[error.code] ?? `Sign-in failed: ${error.message}`);
      }
    },
    signOut: () => signOut(auth),
    refreshSession: async () => {
      await auth.currentUser?.getIdToken(true);
    },
    presence: {
      show: (uid, tab, presence) => {
        const stored = encode(presenceDoc, presence);
        setDoc(doc(db, paths.presence(uid, tab)), stored).catch(() => undefined);
      },
      clear: (uid, tab) => {
        deleteDoc(doc(db, paths.presence(uid, tab))).catch(() => undefined);
      },
    },
    mailboxUrl: config.kind === 'desk' ? (config.mailboxUrl ?? null) : null,
  };
}
