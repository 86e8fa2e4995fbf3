import { getFunctions } from 'firebase-admin/functions';
import { onDocumentCreated } from 'firebase-functions/v2/firestore';
import { store } from '../composition.ts';
import { base } from '../options.ts';

/**
 * First half of the bare path (document → trigger → task → one HTTP call → document) that the
 * latency figures are compared with. It does nothing that trading does; emulator only.
 */
export const probeDocument = onDocumentCreated(
  { ...base, document: 'probes/{probeId}' },
  async ({ params, data }) => {
    const at = Date.now();
    const { firestore } = store();
    await Promise.all([
      getFunctions().taskQueue('probeTask').enqueue({ probeId: params['probeId'] }),
      firestore.doc(`${data?.ref.path ?? ''}/steps/triggered`).set({ at }),
    ]);
  },
);
