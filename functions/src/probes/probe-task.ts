import { id } from '@tradewind/contracts/wire';
import { onTaskDispatched } from 'firebase-functions/v2/tasks';
import * as z from 'zod';
import { environment, store } from '../composition.ts';
import { base } from '../options.ts';

const payload = z.object({ probeId: id });

/** Second half of the bare path: one HTTP call to the sandbox, then a document; emulator only. */
export const probeTask = onTaskDispatched(
  { ...base, rateLimits: { maxConcurrentDispatches: 10, maxDispatchesPerSecond: 100 } },
  async ({ data }) => {
    const { probeId } = payload.parse(data);
    const { sandboxPort } = environment();
    if (sandboxPort === undefined)
      throw new Error('The probe calls the sandbox: TRADEWIND_SANDBOX_PORT is not set.');
    const answer = await fetch(`http://127.0.0.1:${sandboxPort}/api/v3/ping`, {
      signal: AbortSignal.timeout(5_000),
    });
    await answer.arrayBuffer();
    await store()
      .firestore.doc(`probes/${probeId}/steps/done`)
      .set({ at: Date.now(), status: answer.status });
  },
);
