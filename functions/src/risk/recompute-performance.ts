import { recomputePerformance as recompute } from '@tradewind/adapters/execution/performance-ledger';
import { bookDoc } from '@tradewind/contracts/documents/book';
import { paths } from '@tradewind/contracts/paths';
import { onSchedule } from 'firebase-functions/v2/scheduler';
import { ports } from '../composition.ts';
import { base } from '../options.ts';
import { metered } from '../usage.ts';

/** Every night: counts all trades of every book anew, and tells where that makes another result (PF-90). */
export const recomputePerformance = onSchedule(
  {
    ...base,
    schedule: '40 2 * * *',
    timeZone: 'Etc/UTC',
    maxInstances: 1,
    retryCount: 1,
    timeoutSeconds: 300,
  },
  () =>
    metered(async () => {
      const context = await ports();
      const { store } = context;
      const books = await store.query(store.firestore.collection(paths.books), bookDoc);
      for (const book of books) await recompute(context, book);
    }),
);
