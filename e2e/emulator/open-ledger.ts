import { createStore, type Store } from '@tradewind/adapters/ledger/store';
import type { Clock } from '@tradewind/adapters/clock/clock';
import { epochMs } from '@tradewind/core/lib/time';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';

/** An empty ledger on the Firestore emulator, and a clock that stands until it is moved. */
export type Ledger = {
  readonly store: Store;
  readonly clock: Clock;
  /** Moves both clocks on. */
  readonly pass: (ms: number) => void;
  /** Deletes every document. */
  readonly clear: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * Opens a ledger in a project of its own, which no function listens to.
 *
 * @throws Error when no Firestore emulator is running.
 */
export function openLedger(name: string, now: number): Ledger {
  const host = process.env['FIRESTORE_EMULATOR_HOST'];
  if (host === undefined)
    throw new Error(
      'FIRESTORE_EMULATOR_HOST is not set: these tests run on the Firestore emulator.',
    );
  const projectId = `demo-${name}`;
  const app = initializeApp({ projectId }, name);
  let at = now;
  const read = () => epochMs(at);
  return {
    store: createStore(getFirestore(app)),
    clock: { wallNow: read, marketNow: read },
    pass: (ms) => {
      at += ms;
    },
    clear: async () => {
      const documents = `/emulator/v1/projects/${projectId}/databases/(default)/documents`;
      const answer = await fetch(`http://${host}${documents}`, { method: 'DELETE' });
      if (!answer.ok) throw new Error(`The emulator did not clear ${projectId}: ${answer.status}`);
    },
    close: () => deleteApp(app),
  };
}
