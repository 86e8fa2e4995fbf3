import { onDocumentWritten } from 'firebase-functions/v2/firestore';
import { environment, ports } from '../composition.ts';
import { base } from '../options.ts';
import { delivered } from '../delivery/delivered.ts';
import { handleApplyOrder } from './handle-apply-order.ts';

/** What people learn from an order's change: mails and alerts (NTF-11 to NTF-16). */
export const applyOrder = onDocumentWritten(
  { ...base, document: 'books/{bookId}/orders/{orderId}', retry: true },
  ({ data, time }) =>
    delivered('orders', time, async () => {
      const after = data?.after.data();
      if (after === undefined) return;
      const change = { before: data?.before.data(), after };
      await handleApplyOrder(await ports(), change, environment().mail.to);
    }),
);
