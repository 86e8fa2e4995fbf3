import type { Store } from '@tradewind/adapters/ledger/store';
import { paths } from '@tradewind/contracts/paths';
import * as z from 'zod';

const breaker = z.object({ status: z.string() });

/** Names of breakers that are not closed; one that cannot be read counts as open (RSK-01). */
export async function breakersOpen(store: Store): Promise<readonly string[]> {
  const breakers = await store.queryEach(store.firestore.collection(paths.breakers), breaker);
  return breakers.flatMap((one) => (one.ok && one.value.status === 'CLOSED' ? [] : [one.id]));
}
