import { countTrade as count } from '@tradewind/adapters/execution/performance-ledger';
import { tradeDoc } from '@tradewind/contracts/documents/book';
import { onDocumentCreated } from 'firebase-functions/v2/firestore';
import { ports } from '../composition.ts';
import { base } from '../options.ts';
import { delivered } from '../delivery/delivered.ts';

/** Adds each closed trade to the figures of all its scopes (PF-90). */
export const countTrade = onDocumentCreated(
  { ...base, document: 'books/{bookId}/trades/{tradeId}', retry: true },
  ({ data, time }) =>
    delivered('trades', time, async () => {
      const trade = tradeDoc.safeParse(data?.data());
      const context = await ports();
      if (trade.success) await count(context, trade.data);
      else context.log.error('trade is malformed', { error: String(trade.error) });
    }),
);
