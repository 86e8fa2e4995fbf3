import { createStore, type Store } from '@tradewind/adapters/ledger/store';
import { initializeApp } from 'firebase-admin/app';
import { getAuth, type Auth } from 'firebase-admin/auth';
import { getFirestore } from 'firebase-admin/firestore';
import { PROJECT } from '../desk/emulators.ts';
import { Fault } from '../lib/fault.ts';
import { isBusy, portsAt } from '../lib/ports.ts';

/** Which desk a command is for: a project in the cloud, or the one that runs on this machine. */
export type Target = { readonly project?: string; readonly portOffset: number };

/** The desk's ledger and its users. @throws Fault when no desk runs here. */
export async function connect(target: Target): Promise<{ store: Store; auth: Auth }> {
  if (target.project === undefined) {
    const ports = portsAt(target.portOffset);
    if (!(await isBusy(ports.firestore)))
      throw new Fault(
        `No desk runs here (nothing listens on port ${ports.firestore}).\n` +
          'Start one with npm start, or name a project in the cloud: --project my-desk',
      );
    process.env['FIRESTORE_EMULATOR_HOST'] = `127.0.0.1:${ports.firestore}`;
    process.env['METADATA_SERVER_DETECTION'] = 'none';
    process.env['FIREBASE_AUTH_EMULATOR_HOST'] = `127.0.0.1:${ports.auth}`;
  }
  const app = initializeApp({ projectId: target.project ?? PROJECT });
  return { auth: getAuth(app), store: createStore(getFirestore(app)) };
}
